import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment
from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.metrics.actions.localisation_map import (
    LocalisationMap,
    frame_labels,
    frame_times_s,
)

CLASSES = ("sit", "eat")
FILM = [Moment(0.0, 5.0, text="sit"), Moment(4.0, 10.0, text="eat"), Moment(8.0, 9.0, text="sit")]


def test_scoring_exactly_what_goes_on_gives_full_marks():
    right = frame_labels(FILM, 10.0, CLASSES)[None] * 1.0
    assert set(LocalisationMap()(right, [FILM], [10.0], CLASSES).values()) == {100.0}


def test_it_looks_25_times_and_never_at_the_end():
    times_s = frame_times_s(50.0)
    assert (len(times_s), times_s[0], times_s[1], times_s[-1]) == (25, 0, 2, 48)


def test_both_ends_of_an_action_belong_to_it():
    [sit, _] = frame_labels([Moment(2.0, 6.0, text="sit")], 10.0, CLASSES, frames=5).T
    assert sit.tolist() == [False, True, True, True, False]


def test_an_action_may_come_back():
    [sit, eat] = frame_labels(FILM, 10.0, CLASSES, frames=5).T
    assert sit.tolist() == [True, True, True, False, True]
    assert eat.tolist() == [False, False, True, True, True]


def test_an_action_between_two_looks_is_not_seen():
    assert not frame_labels([Moment(2.1, 3.9, text="sit")], 10.0, CLASSES, frames=5).any()


def test_frames_of_all_films_are_ranked_together():
    first, second = [Moment(0.0, 4.9, text="sit")], [Moment(5.0, 10.0, text="sit")]
    scores = np.stack([frame_labels(f, 10.0, CLASSES, 4) * 1.0 for f in (first, second)])
    scores[1, :, 0] *= 0.5  # right within its film, but below the other one
    assert LocalisationMap()(scores, [first, second], [10.0, 10.0], CLASSES)["mAP"] == 100
    scores[0, 2:, 0] = 0.7
    found = LocalisationMap()(scores, [first, second], [10.0, 10.0], CLASSES)["mAP"]
    assert found == pytest.approx(100 * (1 + 1 + 4 / 6 + 4 / 6) / 4)


@given(seed=st.integers(0, 99), scale=st.floats(0.1, 50))
def test_films_may_run_at_any_speed(seed, scale):
    scores = np.random.default_rng(seed).normal(size=(1, 25, 2))
    slow = [Moment(m.start_s * scale, m.end_s * scale, text=m.text) for m in FILM]
    off = frame_labels(slow, 10.0 * scale, CLASSES) != frame_labels(FILM, 10.0, CLASSES)
    if off.any():  # an end on a look, moved by rounding
        return
    once = LocalisationMap()(scores, [FILM], [10.0], CLASSES)
    assert LocalisationMap()(scores, [slow], [10.0 * scale], CLASSES) == once


def test_a_class_that_has_no_score_is_answered_with_the_nearest_one():
    with pytest.raises(UnknownNameError, match="Did you mean 'eat'"):
        frame_labels([Moment(0.0, 1.0, text="eats")], 10.0, CLASSES)


def test_each_film_needs_its_length():
    with pytest.raises(VtkError, match="durations of each film"):
        LocalisationMap()(np.zeros((1, 25, 2)), [FILM], [], CLASSES)
