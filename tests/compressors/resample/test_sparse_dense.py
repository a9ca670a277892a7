import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import SparseDense
from vtk_notebooks.errors import ShapeError, VtkError


def film(t, h, w):
    x = torch.randn(t, h, w, 5, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, torch.arange(t).float(), space="made")


def test_the_papers_numbers_come_out():
    assert SparseDense().count((32, 24, 24)) == (32 + 4 * 576, 2336)


def test_first_come_the_means_of_all_frames_then_the_dense_ones_whole():
    tokens = film(8, 2, 3)
    out = SparseDense(dense=2)(tokens)
    grid = tokens.on_grid("test")
    torch.testing.assert_close(out.x[:8], grid.mean((1, 2)))
    torch.testing.assert_close(out.x[8:], grid[[2, 6]].flatten(0, 2))
    assert out.centre()[:, 0].tolist() == pytest.approx([*range(8), *[2] * 6, *[6] * 6])


@given(t=st.integers(1, 40), dense=st.integers(0, 12))
def test_dense_frames_are_spread_evenly_and_never_the_same_twice(t, dense):
    frames = SparseDense(dense=dense).frames((t, 4, 4)).tolist()
    assert frames == sorted(set(frames))
    assert [t - 1 - f for f in reversed(frames)] == pytest.approx(frames, abs=1)


def test_frames_of_one_cell_and_impossible_numbers_are_refused():
    with pytest.raises(ShapeError, match="several cells"):
        SparseDense()(film(4, 1, 1))
    with pytest.raises(VtkError, match="dense of 0"):
        SparseDense(dense=-1)
