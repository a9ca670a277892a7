import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.captions.audio_score import AudioScore, gompertz

EAST, NORTH, WEST = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]), np.array([[-1.0, 0.0]])


def test_one_direction_scores_a_hundred_right_angles_a_half_and_opposites_nothing():
    scores = [AudioScore()(EAST, other, other)["AudioScore"] for other in (EAST, NORTH, WEST)]
    assert scores == pytest.approx([100, 49.99998, 0], abs=1e-5)


@given(cosines=st.lists(st.floats(-1, 1), min_size=2, max_size=9, unique=True))
def test_the_curve_rises_from_zero_to_one(cosines):
    values = gompertz(np.array(sorted(cosines)))
    assert (np.diff(values) >= 0).all()
    assert (values >= 0).all()
    assert (values <= 1 + 1e-12).all()


@given(scale=st.floats(0.01, 100))
def test_only_directions_count(scale):
    near = np.array([[2.0, 1.0]])
    numbers = AudioScore()(EAST, near, EAST)
    assert AudioScore()(scale * EAST, near, EAST / scale) == pytest.approx(numbers)


def test_the_paper_asks_whether_sound_fits_the_frames_and_the_release_does_not():
    unlike = EAST, EAST, WEST  # text fits the sound; the film shows something else
    assert build("metric", "audio_score")(*unlike)["cosine"] == 0
    assert AudioScore("released")(*unlike)["cosine"] == 0
    text_of_the_film = EAST, WEST, WEST
    assert AudioScore()(*text_of_the_film)["cosine"] == -1
    assert AudioScore("released")(*text_of_the_film)["cosine"] == 0


def test_films_are_averaged_after_the_curve():
    both = np.concatenate([EAST, EAST])
    numbers = AudioScore()(both, np.concatenate([EAST, WEST]), np.concatenate([EAST, WEST]))
    assert numbers["cosine"] == 0
    assert numbers["AudioScore"] == pytest.approx(50, abs=1e-6)


def test_no_films_are_refused():
    nothing = np.empty((0, 2))
    with pytest.raises(VtkError, match="one or more films"):
        AudioScore()(nothing, nothing, nothing)
