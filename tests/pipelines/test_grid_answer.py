import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import VtkError
from vtk_notebooks.pipelines import GridAnswer


def film(t=60, y=4, x=6, seed=0):
    frames = np.random.default_rng(seed).integers(0, 255, (t, y, x, 3), dtype=np.uint8)
    return Clip(frames, np.arange(t) * 0.5, Origin("noise", t * 0.5))


def test_a_model_of_pictures_is_asked_once_about_six_frames_of_the_film():  # the paper's claim
    asked = []

    def model(picture, text):
        asked.append((picture, text))
        return "B. a bicycle"

    assert GridAnswer()(film(), "What passes?", model) == "B. a bicycle"
    ((picture, text),) = asked
    assert picture.shape == (3 * 4, 2 * 6, 3)
    assert "6 moments" in text
    assert text.endswith("What passes?")


@given(t=st.integers(1, 40), frames=st.integers(1, 13), columns=st.integers(0, 5))
def test_cut_apart_the_picture_is_the_frames_bit_for_bit(t, frames, columns):
    clip = film(t, 2, 3)
    picture, frame = GridAnswer(frames, columns).grid(clip)
    rows, wide = frame.shape
    assert rows * wide - (frame < 0).sum() == min(t, frames)
    for i in range(rows):
        for j in range(wide):
            tile = picture[2 * i : 2 * i + 2, 3 * j : 3 * j + 3]
            if frame[i, j] < 0:
                assert (tile == 255).all()
            else:
                np.testing.assert_array_equal(tile, clip.frames[frame[i, j]])


@pytest.mark.parametrize(
    ("frames", "tiles"),
    [(6, [[0, 10], [20, 30], [40, 50]]), (7, [[0, 8, 16], [24, 32, 40], [48, -1, -1]])],
)
def test_tiles_are_laid_out_as_published(frames, tiles):
    assert GridAnswer(frames).grid(film()).frame.tolist() == tiles


def test_each_patch_of_the_picture_knows_its_frame():
    grid = GridAnswer(7).grid(film(14))
    assert grid.under(3, 3).tolist() == [[0, 2, 4], [6, 8, 10], [12, -1, -1]]
    assert grid.under(6, 3)[:2].tolist() == [[0, 2, 4]] * 2
    assert grid.under(1, 1).tolist() == [[8]]


@given(rows=st.integers(1, 30), columns=st.integers(1, 30))
def test_the_frame_of_a_patch_is_the_one_its_middle_shows(rows, columns):
    grid = GridAnswer().grid(numbered())
    under = grid.under(rows, columns)
    y, x = ((np.arange(n) + 0.5) / n * size for n, size in ((rows, 180), (columns, 120)))
    assert under.tolist() == grid.picture[y.astype(int)][:, x.astype(int), 0].tolist()


def numbered():
    """Six frames of 60 x 60 pixels, each of one grey, its own number."""
    frames = np.repeat(np.arange(6, dtype=np.uint8), 60 * 60 * 3).reshape(6, 60, 60, 3)
    return Clip(frames, np.arange(6) * 0.5, Origin("grey", 3.0))


def test_the_picture_is_a_clip_that_lasts_as_long_as_the_film():
    grid = GridAnswer().grid(film())
    still = grid.clip(film())
    assert len(still) == 1
    assert still.duration_s == 30.0
    assert still.frames.shape[1:3] == (12, 12)


def test_a_question_is_text_and_no_template():
    told = GridAnswer()(film(), "{frames} or {0}?", lambda picture, text: text)
    assert told.endswith("{frames} or {0}?")


def test_its_example_is_right():
    assert GridAnswer()(*GridAnswer.example()) == "12 x 12"


@pytest.mark.parametrize("wrong", [{"frames": 0}, {"columns": -1}, {"prompt": "no place"}])
def test_impossible_parameters_are_refused(wrong):
    with pytest.raises(VtkError, match="GridAnswer expects"):
        GridAnswer(**wrong)
