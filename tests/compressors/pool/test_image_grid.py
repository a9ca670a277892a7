import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import adaptive_avg_pool2d

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import BipartiteMerge, ImageGrid
from vtk_notebooks.errors import ShapeError, VtkError


def film(t=12, h=6, w=6, d=5):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, torch.arange(t) / 2)


def frames_of(tokens):
    return tokens.kept().flatten(1).any(1).nonzero().flatten().tolist()


def test_six_frames_cost_one_picture():  # the paper's claim, in one line
    out = ImageGrid()(film(60, 24, 24, 1))
    assert len(out) == 576
    assert frames_of(out) == [0, 10, 20, 30, 40, 50]
    per_frame = out.edges[:, 1] // 576
    assert {len(out.edges[per_frame == f, 0].unique()) for f in range(0, 60, 10)} == {96}


def test_six_frames_are_three_rows_of_two_in_reading_order():
    canvas = ImageGrid().picture((6, 24, 24))[0]
    assert canvas[::8, ::12].tolist() == [[0, 1], [2, 3], [4, 5]]
    assert canvas.shape == (24, 24)


@pytest.mark.parametrize(
    ("frames", "rows", "columns", "white"),
    [(6, 3, 2, 0), (7, 3, 3, 2), (12, 4, 3, 0), (1, 1, 1, 0), (2, 2, 1, 0)],
)
def test_columns_are_the_rounded_root_and_the_rest_is_white(frames, rows, columns, white):
    canvas = ImageGrid(frames).picture((frames, 12, 12))[0]
    tiles = canvas[:: 12 // rows, :: 12 // columns]
    assert tiles.shape == (rows, columns)
    assert int((tiles < 0).sum()) == white
    assert int((canvas >= 0).sum()) == len(ImageGrid(frames)(film(frames, 12, 12, 1)))


@given(t=st.integers(1, 9), h=st.integers(1, 7), w=st.integers(1, 7), frames=st.integers(1, 8))
def test_reading_the_tokens_is_reading_the_picture(t, h, w, frames):
    made = ImageGrid(frames)
    out, canvas = made(film(t, h, w)), made.picture((t, h, w))[0].flatten()
    shown = out.edges.new_zeros(len(out))
    shown[out.edges[:, 0]] = out.edges[:, 1] // (h * w)
    assert shown.tolist() == canvas[canvas >= 0].tolist()
    assert made.count((t, h, w)) == (len(out), len(out))


def test_a_tile_is_its_frame_made_small():
    tokens = film(6, 6, 6)
    out, canvas = ImageGrid()(tokens), ImageGrid().picture((6, 6, 6))[0].flatten()
    for frame, x in enumerate(tokens.on_grid("test")):
        small = adaptive_avg_pool2d(x.permute(2, 0, 1), (2, 3)).flatten(1).T
        torch.testing.assert_close(out.x[canvas == frame], small)


def test_columns_may_be_said():
    assert ImageGrid(columns=6).picture((6, 6, 6))[0, 0].tolist() == [0, 1, 2, 3, 4, 5]


def test_a_budget_lays_out_more_pictures_of_fewer_frames():
    made = ImageGrid().at(0.25)
    out = made(film(16, 6, 6))
    assert made.picture((16, 6, 6)).amax((1, 2)).tolist() == [3, 7, 11, 15]
    assert len(out) == 4 * 36


def test_more_tiles_than_rows_of_cells_leave_a_cell_each():
    assert len(ImageGrid()(film(6, 1, 1))) == 6


def test_tokens_without_places_are_refused():
    with pytest.raises(ShapeError, match="Put it first"):
        ImageGrid()(BipartiteMerge(0.4)(film()))


@pytest.mark.parametrize("wrong", [{"frames": 0}, {"columns": -1}, {"keep": 1.5}])
def test_impossible_parameters_are_refused(wrong):
    with pytest.raises(VtkError, match="ImageGrid expects"):
        ImageGrid(**wrong)
