import pytest
import torch
from einops import rearrange, reduce
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import adaptive_avg_pool3d

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import AdaptivePool, BipartiteMerge, SpatialPool
from vtk_notebooks.errors import ShapeError, VtkError

SIZES = st.tuples(*[st.integers(1, 7)] * 3)


def film(t=4, h=6, w=6, d=5):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, torch.arange(t) / 2)


def test_32_frames_of_14_x_14_become_1024_tokens():  # MERV's common grid
    assert len(AdaptivePool((16, 8, 8))(film(32, 14, 14, 1))) == 1024


def test_24_x_24_to_12_x_12_is_the_mean_of_each_square():  # VideoGPT+'s image branch
    tokens = film(2, 24, 24)
    means = reduce(tokens.on_grid("test"), "t (h r) (w s) d -> (t h w) d", "mean", r=2, s=2)
    torch.testing.assert_close(AdaptivePool((0, 12, 12))(tokens).x, means)
    assert len(AdaptivePool((0, 12, 12))(film(16, 24, 24, 1))) == 2304
    assert len(AdaptivePool((0, 8, 8))(film(16, 16, 16, 1))) == 1024


@given(grid=SIZES, size=SIZES)
def test_it_is_adaptive_average_pooling_whatever_does_not_divide(grid, size):
    tokens = film(*grid)
    within = tuple(map(min, grid, size))
    x = rearrange(tokens.on_grid("test"), "t h w d -> d t h w")
    theirs = rearrange(adaptive_avg_pool3d(x, within), "d t h w -> (t h w) d")
    torch.testing.assert_close(AdaptivePool(size)(tokens).x, theirs)


def test_a_place_across_a_border_counts_in_both_parts():
    out = AdaptivePool((0, 0, 2))(film(1, 1, 3))
    assert out.edges.tolist() == [[0, 0], [0, 1], [1, 1], [1, 2]]
    assert out.share.tolist() == [0.5] * 4


def test_a_grid_that_is_wanted_larger_than_it_is_stays():
    tokens = film(2, 2, 2)
    out = AdaptivePool((16, 8, 8))(tokens)
    assert torch.equal(out.x, tokens.x)
    assert out.kind == "hard"


def test_behind_a_pool_larger_windows_count_more():
    tokens = film(1, 1, 3)
    out = AdaptivePool((1, 1, 1))(SpatialPool(2)(tokens))  # two cells, then one
    torch.testing.assert_close(out.x[0], tokens.x.mean(0))


def test_tokens_without_places_are_refused():
    with pytest.raises(ShapeError, match="Put it first"):
        AdaptivePool()(BipartiteMerge(0.4)(film()))


@given(keep=st.floats(0.01, 1), size=st.sampled_from([(1, 1, 1), (0, 1, 1), (1, 0, 0)]))
def test_a_budget_shrinks_the_axes_that_may_shrink(keep, size):
    t, h, w = AdaptivePool(size).at(keep).wanted((16, 12, 12))
    assert (t == 16) or size[0]
    assert ((h, w) == (12, 12)) or size[1]
    assert abs(t * h * w / 2304 - keep) < 0.1


@pytest.mark.parametrize("wrong", [{"size": (0, 0, 0)}, {"size": (1, -1, 1)}])
def test_a_size_that_is_none_is_refused(wrong):
    with pytest.raises(VtkError, match="three sizes"):
        AdaptivePool(**wrong)


def test_an_impossible_part_is_refused():
    with pytest.raises(VtkError, match=r"keep in \[0, 1\]"):
        AdaptivePool(keep=1.2)
