import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment, build
from vtk_notebooks.data import Span
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.moments.moment_map import THRESHOLDS, MomentMap
from vtk_notebooks.moment import tiou

FIRST, SECOND, NOWHERE = Moment(0.0, 10.0), Moment(20.0, 40.0), Moment(90.0, 99.0)
STEPS = st.integers(0, 12)  # a coarse raster, so that ties and exact thresholds do happen
SPANS = st.tuples(STEPS, STEPS.map(lambda n: n + 1), st.integers(0, 3)).map(
    lambda s: Moment(2.0 * s[0], 2.0 * (s[0] + s[1]), s[2] / 4)
)
QUESTIONS = st.lists(
    st.tuples(st.lists(SPANS, max_size=12), st.lists(SPANS, min_size=1, max_size=4)),
    min_size=1,
    max_size=5,
)


def one(answers, *truths, **params):
    return build("metric", "moment_map", **params)([answers], [list(truths)])


def by_hand(answers, truths, threshold):
    """Average precision of one question, step by step as the paper's evaluator defines it."""
    free, tp, curve = list(truths), 0, []
    for rank, answer in enumerate(sorted(answers[:10], key=lambda m: -m.score), 1):
        best = max(reversed(free), key=lambda t: tiou(answer, t), default=None)
        if best is not None and tiou(answer, best) >= threshold:
            free.remove(best)
            tp += 1
        curve.append((tp, tp / rank))
    steps = [max((p for n, p in curve if n >= k), default=0) for k in range(1, len(truths) + 1)]
    return sum(steps) / len(truths)


def test_the_truth_as_answer_scores_full():
    assert set(MomentMap()(*MomentMap.example()).values()) == {100.0}


def test_a_right_answer_behind_a_wrong_one_is_worth_half():
    wrong_first = [Moment(90.0, 99.0, 0.9), Moment(0.0, 10.0, 0.8)]
    assert one(wrong_first, FIRST)["MR-full-mAP"] == 50


def test_r1_asks_the_first_listed_answer_and_map_the_best_scored_one():
    numbers = one([Moment(90.0, 99.0, 0.1), Moment(0.0, 10.0, 0.8)], FIRST)
    assert (numbers["MR-full-R1@0.5"], numbers["MR-full-mAP"]) == (0, 100)


def test_a_truth_can_be_found_only_once():
    twice = [Moment(0.0, 10.0, 0.9), Moment(0.0, 10.0, 0.8), Moment(20.0, 40.0, 0.7)]
    assert one(twice, FIRST, SECOND)["MR-full-mAP@0.5"] == pytest.approx(50 * (1 + 2 / 3))


def test_an_answer_whose_truth_is_taken_falls_back_on_the_next_best():
    near, nearer = Moment(0.0, 10.0), Moment(0.0, 8.0)
    answers = [Moment(0.0, 8.0, 0.9), Moment(0.0, 8.0, 0.8)]
    assert one(answers, nearer, near)["MR-full-mAP@0.8"] == 100
    assert one(answers, nearer, near)["MR-full-mAP@0.85"] == 50


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_reaching_a_threshold_exactly_is_enough(threshold):
    part = [Moment(0.0, float(round(20 * threshold)))]
    numbers = one(part, Moment(0.0, 20.0))
    at = [n for n in numbers if n.startswith("MR-full-R1") and numbers[n] == 100]
    assert at[-1] == f"MR-full-R1@{threshold:g}"
    assert numbers[f"MR-full-mAP@{threshold:g}"] == 100


def test_the_hull_keeps_a_tie_that_the_sum_of_lengths_loses():
    a, b, inter = Moment(0.0, 8.0), Moment(2.8, 10.4), 8.0 - 2.8
    assert inter / (a.duration_s + b.duration_s - inter) < 0.5
    assert one([a], b)["MR-full-mAP@0.5"] == 100


def test_only_the_first_ten_listed_answers_count():
    late = [NOWHERE] * 10 + [Moment(0.0, 10.0, 2.0)]
    assert one(late, FIRST)["MR-full-mAP"] == 0
    assert one(late, FIRST, most=11)["MR-full-mAP"] == 100


def test_a_split_keeps_the_truths_of_its_lengths_ends_included():
    edges = [Moment(0.0, 10.0), Moment(0.0, 30.0), Moment(0.0, 150.0)]
    numbers = MomentMap()([[m] for m in edges], [edges] * 3)
    assert [numbers[f"MR-{n}-mAP"].n for n in ("short", "middle", "long")] == [3, 3, 3]
    assert [numbers[f"MR-{n}-R1@0.95"] for n in ("short", "middle", "long")] == pytest.approx(
        [100 / 3] * 3
    )


def test_a_split_asks_only_questions_that_have_such_a_moment():
    numbers = MomentMap()([[FIRST], []], [[FIRST], [SECOND]])
    assert (numbers["MR-short-mAP"], numbers["MR-short-mAP"].n) == (100, 1)
    assert (numbers["MR-middle-R1@0.5"], numbers["MR-middle-R1@0.5"].n) == (0, 1)
    assert np.isnan(numbers["MR-long-mAP"])


def test_a_question_without_an_answer_counts_as_zero_and_is_not_left_out():
    numbers = MomentMap()([[FIRST], []], [[FIRST], [FIRST]])
    assert (numbers["MR-full-mAP"], numbers["MR-full-R1@0.5"]) == (50, 50)
    assert {v for n, v in MomentMap()([[]], [[FIRST]]).items() if "full" in n} == {0.0}


def test_a_span_that_is_none_is_a_wrong_answer_not_a_missing_one():
    inverted = Span(10, 0, 0.9)
    assert one([inverted, Span(0, 10, 0.8)], FIRST)["MR-full-mAP"] == 50


def test_answers_without_a_score_rank_as_listed_behind_those_with_one():
    assert one([Span(90, 99), Span(0, 10)], FIRST)["MR-full-mAP"] == 50
    assert one([Span(90, 99), Span(0, 10, 0.1)], FIRST)["MR-full-mAP"] == 100


@given(questions=QUESTIONS)
def test_it_equals_the_definition_question_by_question(questions):
    answers, truths = zip(*questions, strict=True)
    numbers = MomentMap()(answers, truths)
    for m in THRESHOLDS:
        expected = 100 * np.mean([by_hand(list(a), t, m) for a, t in questions])
        assert numbers[f"MR-full-mAP@{m:g}"] == pytest.approx(expected)
        first = [max((tiou(a[0], t) for t in true), default=0) if a else 0 for a, true in questions]
        assert numbers[f"MR-full-R1@{m:g}"] == pytest.approx(100 * np.mean(np.array(first) >= m))
    mean = np.mean([numbers[f"MR-full-mAP@{m:g}"] for m in THRESHOLDS])
    assert numbers["MR-full-mAP"] == pytest.approx(mean)


@given(questions=QUESTIONS)
def test_higher_thresholds_never_help(questions):
    answers, truths = zip(*questions, strict=True)
    numbers = MomentMap()(answers, truths)
    r1 = [float(numbers[f"MR-full-R1@{m:g}"]) for m in THRESHOLDS]
    assert r1 == sorted(r1, reverse=True)


@pytest.mark.parametrize(
    ("answers", "truths"), [([], []), ([[FIRST]], [[]]), ([[]], [[FIRST]] * 2)]
)
def test_questions_without_a_truth_are_refused(answers, truths):
    with pytest.raises(VtkError, match="one or more truths per question"):
        MomentMap()(answers, truths)
