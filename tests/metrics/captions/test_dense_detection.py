import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment, build
from vtk_notebooks.data import Span
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.captions.dense_detection import DenseDetection, detections

SPANS = st.tuples(st.floats(0, 50), st.floats(0.1, 50)).map(lambda s: Moment(s[0], s[0] + s[1]))
FILMS = st.lists(
    st.tuples(st.lists(SPANS, max_size=4), st.lists(SPANS, min_size=1, max_size=4)),
    min_size=1,
    max_size=5,
)
A, B, FAR = Moment(0.0, 10.0), Moment(10.0, 20.0), Moment(90.0, 99.0)


def test_precision_is_of_predictions_and_recall_is_of_events():
    numbers = build("metric", "dense_detection")([[A, FAR, FAR]], [[A, B]])
    assert numbers["Precision@0.5"] == pytest.approx(1 / 3)
    assert numbers["Recall@0.5"] == 1 / 2


def test_copies_of_a_right_prediction_are_all_right():
    numbers = DenseDetection()([[A, A, A]], [[A, B]])
    assert (numbers["Precision_Mean"], numbers["Recall_Mean"]) == (1, 0.5)


def test_the_two_orders_of_averaging_differ_and_each_has_its_name():
    numbers = DenseDetection()([[A, FAR], [A]], [[A], [A, B]])
    assert numbers["F1_Score"] == pytest.approx(2 / 3)  # both films have 2/3
    assert numbers["F1_of_means"] == pytest.approx(3 / 4)  # means are 3/4 and 3/4


def test_thresholds_are_averaged_before_a_films_f1_but_after_the_f1_of_means():
    long = Moment(0.0, 20.0)  # IoU 1/2 with A: right at .3 only
    numbers = DenseDetection((0.3, 0.9))([[A, long]], [[A]])
    assert (numbers["F1@0.3"], numbers["F1@0.9"]) == (1, pytest.approx(2 / 3))
    assert numbers["F1_of_means"] == pytest.approx(5 / 6)
    assert numbers["F1_Score"] == pytest.approx(6 / 7)  # of precision 3/4 and recall 1


def test_a_tie_at_a_threshold_counts_only_where_reaching_it_is_enough():
    tie = [[Moment(0.0, 3.0)]], [[Moment(0.0, 10.0)]]  # IoU .3, which floats miss by a little
    assert DenseDetection()(*tie)["Recall@0.3"] == 0
    assert DenseDetection(strict=False)(*tie)["Recall@0.3"] == 1


def test_a_film_without_a_prediction_counts_as_zero_and_is_not_left_out():
    numbers = DenseDetection()([[A], []], [[A], [A]])
    assert (numbers["Precision_Mean"], numbers["Recall_Mean"], numbers["F1_Score"]) == (0.5,) * 3
    assert numbers["Precision_Mean"].n == 2


def test_a_span_that_ends_before_it_starts_overlaps_nothing():
    assert DenseDetection()([[Span(10, 0)]], [[A]])["Precision@0.3"] == 0


@given(films=FILMS)
def test_swapping_answers_and_truths_swaps_precision_and_recall(films):
    said, true = zip(*[(s or t, t) for s, t in films], strict=True)
    there = detections(said, true, (0.3, 0.7))
    back = detections(true, said, (0.3, 0.7))
    assert np.array_equal(there, back[::-1])


@given(films=FILMS)
def test_a_higher_threshold_never_helps(films):
    said, true = zip(*films, strict=True)
    both = detections(said, true, (0.3, 0.5, 0.7, 0.9))
    assert (np.diff(both, axis=1) <= 0).all()


@pytest.mark.parametrize(("answers", "truths"), [([], []), ([[A]], [[]]), ([[A]], [[A], [A]])])
def test_films_without_a_true_event_are_refused(answers, truths):
    with pytest.raises(VtkError, match="one or more truths, per film"):
        DenseDetection()(answers, truths)
