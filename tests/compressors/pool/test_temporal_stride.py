import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import TemporalPool, TemporalStride
from vtk_notebooks.errors import VtkError


def film(t=8, h=2, w=3, d=5):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, torch.arange(t) / 2)


def frames_of(tokens):
    return tokens.kept().flatten(1).any(1).nonzero().flatten().tolist()


def test_8192_pooled_tokens_become_4096():  # the paper's count, in one line
    pooled = TemporalPool(4)(film(128, 16, 16, 1))
    assert len(pooled) == 8192
    assert len(TemporalStride(2)(pooled)) == 4096


@given(t=st.integers(1, 20), stride=st.integers(1, 8))
def test_frames_are_counted_from_the_first_one(t, stride):
    assert frames_of(TemporalStride(stride)(film(t))) == list(range(0, t, stride))


def test_pooling_and_then_skipping_is_skipping_whole_pools():
    tokens = film(12)
    out = TemporalStride(2)(TemporalPool(3)(tokens))
    assert frames_of(out) == [0, 1, 2, 6, 7, 8]
    torch.testing.assert_close(out.x, TemporalPool(3)(tokens).x.view(4, 6, 5)[::2].flatten(0, 1))


def test_frames_that_were_dropped_before_are_not_counted():
    late = film().select(torch.arange(18, 48))  # frames 3 to 7
    assert frames_of(TemporalStride(2)(late)) == [3, 5, 7]


def test_tokens_that_stand_for_no_frame_stay():
    tokens = film(4, 1, 1)
    step = torch.tensor([[0, 0], [1, 1], [3, 3]])
    newline = tokens.derive(tokens.x, step, torch.ones(3), "none")  # token 2 stands for no cell
    assert TemporalStride(2)(newline).x.tolist() == tokens.x[[0, 2, 3]].tolist()


def test_a_budget_is_the_nearest_stride():
    assert [TemporalStride().at(k).stride for k in (1.0, 0.6, 0.3, 0.04)] == [1, 2, 3, 25]


def test_standing_on_the_spot_is_refused():
    with pytest.raises(VtkError, match="1 or more"):
        TemporalStride(0)
