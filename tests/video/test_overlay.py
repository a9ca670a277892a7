import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import ShapeError
from vtk_notebooks.video.overlay import STRIP, fitted, written

SIZES = st.tuples(st.integers(4, 60), st.integers(4, 60))


@given(size=SIZES, picture=SIZES)
def test_a_picture_fills_the_frame_in_one_direction_and_is_seen_whole(size, picture):
    white = np.full((*picture, 3), 255, np.uint8)
    seen = fitted(white, size)[..., 0] > 127
    assert seen.shape == size
    assert seen.any(0).all() or seen.any(1).all()
    assert seen.sum() == seen.any(1).sum() * seen.any(0).sum()  # one rectangle


def test_a_picture_of_the_right_size_is_left_alone():
    picture = np.random.default_rng(0).integers(0, 255, (6, 8, 3), dtype=np.uint8)
    assert fitted(picture, (6, 8)) is picture


@pytest.mark.parametrize("text", ["Alice", "The secret word is a rather long one, isn't it?"])
def test_words_stand_in_the_strip_and_nowhere_else(text):
    frames = np.full((2, 100, 160, 3), 90, np.uint8)
    out = written(frames, text)
    strip = round(STRIP * 100)
    assert (out[:, :-strip] == 90).all()
    columns = out[0, -strip:].max((0, 2))
    assert columns.max() > 127
    assert max(columns[0], columns[-1]) == 0  # it fits
    assert (frames == 90).all()


def test_other_words_look_different():
    frames = np.zeros((1, 60, 160, 3), np.uint8)
    assert (written(frames, "Alice") != written(frames, "Carol")).any()


def test_what_is_no_picture_is_refused():
    with pytest.raises(ShapeError, match="a uint8 picture"):
        fitted(np.zeros((4, 4, 3)), (4, 4))
