import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment, build
from vtk_notebooks.data import Span
from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.metrics import Recall
from vtk_notebooks.metrics.moments.misses import KINDS, Misses

TRUTH = Moment(20.0, 40.0)
ENDS = {
    "hit": Moment(20.0, 30.0),
    "too long": Moment(10.0, 60.0),
    "too short": Moment(30.0, 38.0),
    "wrong place": Moment(0.0, 24.0),
    "not found": None,
}
SPANS = st.tuples(st.integers(0, 30), st.integers(1, 30)).map(
    lambda s: Moment(float(s[0]), float(s[0] + s[1]))
)
QUESTIONS = st.lists(
    st.tuples(st.lists(SPANS, max_size=2), st.lists(SPANS, min_size=1, max_size=3)),
    min_size=1,
    max_size=8,
)


def kind(answer, *truths, **params):
    table = Misses(**params).table([[answer] if answer else []], [list(truths)])
    return KINDS[table.kind[0]]


@pytest.mark.parametrize(("end", "answer"), ENDS.items())
def test_each_kind_of_end(end, answer):
    assert kind(answer, TRUTH) == end


@pytest.mark.parametrize("answer", [Span(30, 30), Span(40, 20)])
def test_an_answer_that_is_no_stretch_of_film_is_not_found(answer):
    assert kind(answer, TRUTH) == "not found"


def test_an_exact_tie_at_the_threshold_is_a_hit():
    assert kind(Moment(20.0, 30.0), TRUTH) == "hit"
    assert kind(Moment(2.8, 10.4), Moment(0.0, 8.0)) == "hit"
    assert kind(Moment(20.0, 30.0), TRUTH, threshold=0.51) == "too short"


def test_sharing_exactly_half_of_the_shorter_one_is_the_right_place():
    assert kind(Moment(16.0, 24.0), TRUTH) == "too short"
    assert kind(Moment(16.0, 23.9), TRUTH) == "wrong place"
    assert kind(Moment(0.0, 30.0), TRUTH) == "too long"
    assert kind(Moment(0.0, 29.9), TRUTH) == "wrong place"


def test_as_long_as_the_truth_but_beside_it_is_the_wrong_place():
    assert kind(Moment(29.0, 49.0), TRUTH) == "wrong place"


def test_only_the_first_answer_counts():
    table = Misses().table([[ENDS["wrong place"], TRUTH]], [[TRUTH]])
    assert table.counts()["wrong place"] == 1


def test_it_is_held_against_the_truth_it_overlaps_most_or_else_the_nearest():
    near, far = Moment(50.0, 60.0), Moment(90.0, 99.0)
    table = Misses().table([[Moment(45.0, 55.0)], [Moment(62.0, 63.0)]], [[far, near, TRUTH]] * 2)
    assert table.truths_s.tolist() == [[50, 60], [50, 60]]
    assert table.iou.tolist() == pytest.approx([1 / 3, 0])


def test_lengths_fall_into_bins_their_upper_ends_included():
    truths = [[Moment(0.0, end)] for end in (10.0, 10.5, 30.0, 31.0)]
    table = Misses().table([[]] * 4, truths)
    assert [table.bins[b] for b in table.bin] == [
        "up to 10 s", "10 to 30 s", "10 to 30 s", "over 30 s",
    ]  # fmt: skip
    assert set(Misses(lengths_s=()).table([[]] * 4, truths).bin) == {0}


def test_the_table_leads_to_the_worst_questions_first():
    answers = [[Moment(30.0, 38.0)], [TRUTH], [Moment(30.0, 31.0)]]
    table = Misses().table(answers, [[TRUTH]] * 3)
    assert table.ended("too short") == [2, 0]
    assert table.rows()[2] == {
        "answer_start_s": 30, "answer_end_s": 31, "truth_start_s": 20, "truth_end_s": 40,
        "iou": 0.05, "kind": "too short", "truth_length": "10 to 30 s",
    }  # fmt: skip
    with pytest.raises(UnknownNameError, match="too short"):
        table.ended("to short")


@given(questions=QUESTIONS)
def test_every_question_ends_in_one_way_and_hits_are_those_of_recall(questions):
    answers, truths = zip(*questions, strict=True)
    metric = build("metric", "misses")
    table, shares = metric.table(answers, truths), metric(answers, truths)
    assert sum(table.counts().values()) == table.by_bin().sum() == len(table) == len(questions)
    assert sum(shares.values()) == pytest.approx(100)
    assert shares["hit"] == Recall()(answers, truths)["R1@0.5"]
    assert shares["not found"] == pytest.approx(100 * np.mean([not a for a in answers]))


@pytest.mark.parametrize(("answers", "truths"), [([], []), ([[]], [[]]), ([[]], [[TRUTH]] * 2)])
def test_questions_without_a_truth_are_refused(answers, truths):
    with pytest.raises(VtkError, match="one or more truths per question"):
        Misses().table(answers, truths)
