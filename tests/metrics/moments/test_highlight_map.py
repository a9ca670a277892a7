from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.moments.highlight_map import BLOCK, HighlightMap

SCORES = st.lists(st.integers(-2, 2).map(float), max_size=8)
RATINGS = st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=1, max_size=8).map(
    lambda rows: np.array(rows, dtype=float)
)


def rated(*clips):
    """One film, rated by three annotators of one mind, or as given."""
    return np.array([clip if isinstance(clip, tuple) else (clip,) * 3 for clip in clips], float)


def one(scores, *clips):
    return HighlightMap()([scores], [rated(*clips)])


def by_hand(scores, positive):
    """Interpolated average precision of one ranking, cut after each score."""
    scores = (list(scores) + [0.0] * len(positive))[: len(positive)]
    points = []
    for cut in sorted(set(scores)):
        taken = [p for s, p in zip(scores, positive, strict=True) if s >= cut]
        points.append((sum(taken), sum(taken) / len(taken)))
    found = sorted({n for n, _ in points} - {0})
    return np.mean([max(p for n, p in points if n >= k) for k in found]) if found else 0.0


def test_the_highest_rated_clips_scored_highest_score_full():
    assert set(HighlightMap()(*HighlightMap.example()).values()) == {100.0}


def test_each_level_has_its_own_positives():
    numbers = one([0.9, 0.5, 0.1], 2, 3, 4)
    assert [numbers[f"HL-min-{n}-mAP"] for n in ("Fair", "Good", "VeryGood")] == pytest.approx(
        [100, 100 * 2 / 3, 100 / 3]
    )
    assert [numbers[f"HL-min-{n}-Hit1"] for n in ("Fair", "Good", "VeryGood")] == [100, 0, 0]


def test_map_is_the_mean_over_annotators_and_hit1_asks_for_any():
    numbers = one([0.9, 0.1], (4, 0, 0), (0, 4, 4))
    assert numbers["HL-min-Fair-mAP"] == pytest.approx(100 * (1 + 0.5 + 0.5) / 3)
    assert numbers["HL-min-Fair-Hit1"] == 100
    assert one([0.1, 0.9], (4, 4, 4), (1, 0, 2))["HL-min-Fair-Hit1"] == 100


def test_a_question_without_a_positive_clip_scores_zero_and_is_not_left_out():
    numbers = HighlightMap()([[0.9, 0.1], [0.9, 0.1]], [rated(4, 0), rated(0, 1)])
    assert (numbers["HL-min-Fair-mAP"], numbers["HL-min-Fair-Hit1"]) == (50, 50)


def test_clips_of_one_score_share_a_rank_and_count_once():
    assert one([0.5, 0.5, 0.5, 0.5], 4, 4, 0, 0)["HL-min-Fair-mAP"] == 50
    assert one([0.5, 0.5, 0.9], 4, 0, 4)["HL-min-Fair-mAP"] == pytest.approx(100 * (1 + 2 / 3) / 2)


def test_scores_behind_the_end_of_the_film_are_cut_but_may_win_hit1():
    numbers = one([0.5, 0.1, 0.9], 4, 0)
    assert (numbers["HL-min-Fair-mAP"], numbers["HL-min-Fair-Hit1"]) == (100, 0)


def test_missing_scores_are_zero_but_never_the_highest():
    numbers = one([-0.5, -0.9], 4, 0, 0)
    assert (numbers["HL-min-Fair-mAP"], numbers["HL-min-Fair-Hit1"]) == (50, 100)


def test_a_question_without_scores_counts_as_zero_and_is_not_left_out():
    numbers = HighlightMap()([[0.9, 0.1], []], [rated(4, 0), rated(4, 4)])
    assert (numbers["HL-min-Fair-mAP"], numbers["HL-min-Fair-Hit1"]) == (50, 50)
    assert set(HighlightMap()([[]], [rated(4, 4)]).values()) == {0.0}


def test_a_shorter_film_beside_a_longer_one_scores_as_it_does_alone():
    alone = one([0.1, 0.9], 4, 0)["HL-min-Fair-mAP"]
    scores, film = [[0.1, 0.9], [0.0] * 9], [rated(4, 0), rated(*[0] * 9)]
    assert HighlightMap()(scores, film)["HL-min-Fair-mAP"] == pytest.approx(alone / 2)


def test_many_questions_score_as_few_do():
    scores, film = [[0.1, 0.9, 0.5], [0.3, 0.2]], [rated(4, 0, 2), rated(0, 3)]
    few = HighlightMap()(scores, film)
    assert HighlightMap()(scores * BLOCK, film * BLOCK) == pytest.approx(few)


@given(questions=st.lists(st.tuples(SCORES, RATINGS), min_size=1, max_size=4))
def test_it_equals_the_definition_question_by_question(questions):
    scores, ratings = zip(*questions, strict=True)
    numbers = HighlightMap()(scores, ratings)
    for name, least in (("Fair", 2), ("Good", 3), ("VeryGood", 4)):
        each: Any = [by_hand(s, r[:, a] >= least) * bool(s) for s, r in questions for a in range(3)]
        assert numbers[f"HL-min-{name}-mAP"] == pytest.approx(100 * np.mean(each))


@given(scores=SCORES, ratings=RATINGS)
def test_only_the_order_of_scores_matters(scores, ratings):
    full = (scores + [0.0] * 8)[: len(ratings)]
    assert HighlightMap()([full], [ratings]) == HighlightMap()([[s**3 for s in full]], [ratings])


@pytest.mark.parametrize(
    ("answers", "truths"), [([], []), ([[1.0]], [np.zeros((0, 3))]), ([[1.0]] * 2, [rated(1)])]
)
def test_questions_without_ratings_are_refused(answers, truths):
    with pytest.raises(VtkError, match="ratings of one or more clips"):
        HighlightMap()(answers, truths)
