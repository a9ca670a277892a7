import pytest
import torch
from einops import rearrange
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import avg_pool3d

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import Pool3d
from vtk_notebooks.errors import VtkError


def film(t=4, h=6, w=6, d=5):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, torch.arange(t) / 2)


def test_32_frames_of_24_x_24_become_1024_tokens():
    assert len(Pool3d((2, 3, 3))(film(32, 24, 24, 1))) == 1024


@given(grid=st.tuples(*[st.integers(1, 7)] * 3), kernel=st.tuples(*[st.integers(1, 4)] * 3))
def test_it_is_average_pooling_whatever_does_not_divide(grid, kernel):
    tokens = film(*grid)
    x = rearrange(tokens.on_grid("test"), "t h w d -> d t h w")
    smaller = tuple(map(min, grid, kernel))  # torch takes no window beyond the grid
    theirs = avg_pool3d(x, smaller, ceil_mode=True, count_include_pad=False)
    ours = Pool3d(kernel)(tokens)
    torch.testing.assert_close(ours.x, rearrange(theirs, "d t h w -> (t h w) d"))


def test_every_cell_counts_once():
    out = Pool3d((3, 4, 4))(film())
    assert sorted(out.edges[:, 1].tolist()) == list(range(4 * 6 * 6))


def test_a_budget_is_the_nearest_window():
    kernels = {1.0: (1, 1, 1), 0.5: (2, 1, 1), 0.25: (1, 2, 2), 0.125: (2, 2, 2), 1 / 18: (2, 3, 3)}
    assert {keep: Pool3d().at(keep).kernel for keep in kernels} == kernels


@pytest.mark.parametrize("kernel", [(0, 1, 1), (2, 3, -3)])
def test_a_window_that_is_none_is_refused(kernel):
    with pytest.raises(VtkError, match="three sizes above 0"):
        Pool3d(kernel)
