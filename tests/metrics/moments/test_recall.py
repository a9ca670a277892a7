import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment, build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.moments.recall import (
    Recall,
    best_ious,
    mean_iou,
    recall_at,
)

SPANS = st.tuples(st.floats(0, 50), st.floats(0.1, 50)).map(lambda s: Moment(s[0], s[0] + s[1]))
RIGHT, WRONG = Moment(0.0, 10.0), Moment(20.0, 30.0)


def test_the_truth_as_answer_scores_full():
    assert set(Recall()([[RIGHT], [WRONG]], [[RIGHT], [WRONG]]).values()) == {100.0}


def test_only_the_first_k_answers_count():
    numbers = build("metric", "recall", at=(1, 2))([[WRONG, RIGHT]], [[RIGHT]])
    assert (numbers["R1@0.5"], numbers["R2@0.5"], numbers["mIoU"]) == (0, 100, 0)


def test_a_question_without_an_answer_counts_as_zero_and_is_not_left_out():
    numbers = Recall()([[RIGHT], []], [[RIGHT], [RIGHT]])
    assert (numbers["R1@0.5"], numbers["mIoU"]) == (50, 50)


def test_the_nearest_of_several_truths_counts():
    assert Recall()([[RIGHT]], [[WRONG, RIGHT]])["mIoU"] == 100


def test_reaching_the_threshold_is_enough_unless_strict():
    half = [[Moment(0.0, 5.0)]], [[Moment(0.0, 10.0)]]
    assert Recall()(*half)["R1@0.5"] == 100
    assert Recall(strict=True)(*half)["R1@0.5"] == 0


def test_the_hull_is_exact_where_the_sum_of_lengths_loses_a_tie():
    a, b, inter = Moment(0.0, 8.0), Moment(2.8, 10.4), 8.0 - 2.8
    lengths = inter / (a.duration_s + b.duration_s - inter)
    assert lengths < 0.5 == best_ious([[a]], [[b]])[0, 0]


@given(answers=st.lists(st.lists(SPANS, max_size=6), min_size=1, max_size=8), truth=SPANS)
def test_more_answers_never_hurt_and_higher_thresholds_never_help(answers, truth):
    iou = best_ious(answers, [[truth]] * len(answers), most=5)
    assert recall_at(iou, 1, 0.5) <= recall_at(iou, 5, 0.5)
    assert recall_at(iou, 5, 0.7) <= recall_at(iou, 5, 0.3)
    assert 0 <= mean_iou(iou) <= 100


@pytest.mark.parametrize(
    ("answers", "truths"), [([], []), ([[RIGHT]], []), ([[RIGHT]], [[]]), ([[]], [[RIGHT]] * 2)]
)
def test_questions_without_a_truth_are_refused(answers, truths):
    with pytest.raises(VtkError, match="one or more truths per question"):
        Recall()(answers, truths)


def test_questions_about_one_film_stand_or_fall_together():
    answers, truths = [[RIGHT]] * 5 + [[]] * 5, [[RIGHT]] * 10
    alone = Recall()(answers, truths)["R1@0.5"]
    films = Recall()(answers, truths, ["one"] * 5 + ["other"] * 5)["R1@0.5"]
    assert alone == films == 50
    assert 0 < alone.low < 50 < alone.high < 100
    assert (films.low, films.high) == (0, 100)
