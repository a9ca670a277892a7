import math

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy

from vtk_notebooks.blocks.contrast import cosines, symmetric_cross_entropy


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_equal_rows_have_cosine_one_and_length_plays_no_part():
    x = draw(3, 5)
    torch.testing.assert_close(cosines(x, 7 * x).diagonal(), torch.ones(3))


@given(b=st.integers(1, 6), seed=st.integers(0, 99))
def test_both_directions_count_alike(b, seed):
    logits = draw(b, b, seed=seed)
    both = symmetric_cross_entropy(logits)
    torch.testing.assert_close(both, symmetric_cross_entropy(logits.T))
    own = torch.arange(b)
    expected = (cross_entropy(logits, own) + cross_entropy(logits.T, own)) / 2
    torch.testing.assert_close(both, expected)


def test_alike_pairs_cost_log_b_and_sure_ones_nothing():
    assert math.isclose(
        symmetric_cross_entropy(torch.zeros(4, 4)).item(), math.log(4), rel_tol=1e-5
    )
    assert symmetric_cross_entropy(100 * torch.eye(4)).item() < 1e-6
