import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.actions.multilabel_map import MultilabelMap

ACTIONS = np.array([[1, 0, 1], [1, 1, 0], [0, 1, 0], [1, 0, 0]], bool)


def test_scoring_exactly_what_is_shown_gives_full_marks():
    assert set(MultilabelMap()(ACTIONS * 1.0, ACTIONS).values()) == {100.0}


def test_weighting_favours_classes_with_many_films():
    scores = ACTIONS * 1.0
    scores[:, 2] = -scores[:, 2]  # the rarest class is ranked upside down: its AP is 1 of 4
    numbers = MultilabelMap()(scores, ACTIONS)
    assert numbers["mAP"] == pytest.approx(100 * (1 + 1 + 0.25) / 3)
    assert numbers["WAP"] == pytest.approx(100 * (3 + 2 + 0.25) / 6)


def test_a_film_without_an_answer_stands_last_and_is_not_left_out():
    scores = ACTIONS * 1.0
    scores[0] = np.nan
    numbers = MultilabelMap()(scores, ACTIONS)
    assert numbers["mAP"].n == 4
    assert numbers["mAP"] == pytest.approx(100 * ((1 + 1 + 3 / 4) / 3 + 1 + 1 / 4) / 3)


def test_the_authors_evaluator_ranks_equal_scores_by_their_place_in_the_file():
    even = np.zeros((4, 3))
    assert build("metric", "multilabel_map")(even, ACTIONS)["mAP"] == pytest.approx(50.0)
    upstream = build("metric", "multilabel_map", ties="in order")(even, ACTIONS)
    first, second = (1 + 1 + 3 / 4) / 3, (1 / 2 + 2 / 3) / 2
    assert upstream["mAP"] == pytest.approx(100 * (first + second + 1) / 3)


def test_the_challenge_scales_every_class_to_the_same_numbers_of_films():
    scores = np.array([[1.0], [2.0], [3.0]])
    actions = np.array([[True], [True], [False]])
    found = MultilabelMap(balance=(104, 1759))(scores, actions)["mAP"]
    halves = [52 / (52 + 1759), 104 / (104 + 1759)]
    assert found == pytest.approx(100 * np.mean(halves))


@given(seed=st.integers(0, 999))
def test_only_the_ranking_within_a_class_matters(seed):
    draw = np.random.default_rng(seed)
    scores = draw.normal(size=(4, 3))
    stretched = scores**3 * draw.uniform(0.1, 9, 3) + draw.normal(size=3)
    assert MultilabelMap()(scores, ACTIONS) == pytest.approx(MultilabelMap()(stretched, ACTIONS))


def test_films_that_show_nothing_at_all_cannot_be_scored():
    with pytest.raises(VtkError, match="some of them right"):
        MultilabelMap()(np.zeros((2, 3)), np.zeros((2, 3), bool))
