import pytest
import torch
from einops import reduce
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import SpatialPool, TemporalPool
from vtk_notebooks.errors import VtkError


def film(t=3, h=6, w=6, d=5):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, torch.arange(t) / 2)


def test_256_tokens_of_a_frame_become_64():  # the paper's count, in one line
    assert SpatialPool(2).count((1, 16, 16)) == (64, 64)
    assert len(SpatialPool(2)(film(1, 16, 16))) == 64


@given(side=st.integers(1, 4), a=st.integers(1, 4), b=st.integers(1, 4))
def test_each_token_is_the_mean_of_its_square(side, a, b):
    tokens = film(2, a * side, b * side)
    means = reduce(tokens.on_grid("test"), "t (h r) (w s) d -> (t h w) d", "mean", r=side, s=side)
    torch.testing.assert_close(SpatialPool(side)(tokens).x, means)


def test_squares_at_the_far_edges_are_what_is_left():
    assert SpatialPool(4)(film(1, 6, 5)).mass().tolist() == [16, 4, 8, 2]


def test_space_and_time_may_be_pooled_in_either_order():
    tokens = film(4)
    one = SpatialPool(3)(TemporalPool(2)(tokens))
    other = TemporalPool(2)(SpatialPool(3)(tokens))
    torch.testing.assert_close(one.x, other.x)
    assert torch.equal(one.edges, other.edges)


@pytest.mark.parametrize(("keep", "side"), [(1.0, 1), (0.25, 2), (0.2, 2), (1 / 9, 3), (0.01, 10)])
def test_a_budget_is_the_nearest_square(keep, side):
    assert SpatialPool().at(keep) == SpatialPool(side)


def test_a_square_without_cells_is_refused():
    with pytest.raises(VtkError, match="1 or more"):
        SpatialPool(0)
