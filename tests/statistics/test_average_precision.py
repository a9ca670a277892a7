"""Average precision: the mean of the precision at the rank of every right item."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vtk_notebooks.errors import VtkError
from vtk_notebooks.statistics.average_precision import average_precisions, mean_ap

SCORES = arrays(float, 12, elements=st.integers(-3, 3).map(float))
LABELS = arrays(bool, 12).filter(np.any)


def ap(scores, right, **more):
    scores, right = np.array(scores, float)[:, None], np.array(right, bool)[:, None]
    return average_precisions(scores, right, **more)[0]


def test_it_is_the_mean_precision_at_the_right_ranks():
    assert ap([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0]) == pytest.approx((1 + 2 / 3) / 2)


def test_the_order_of_the_scores_counts_not_the_order_of_the_list():
    assert ap([0.6, 0.7, 0.8, 0.9], [0, 1, 0, 1]) == pytest.approx((1 + 2 / 3) / 2)


def test_a_constant_score_is_worth_the_share_of_right_items():
    assert ap([1, 1, 1, 1], [1, 0, 0, 0]) == 0.25


def test_ties_in_order_are_worth_what_the_order_gives():
    assert ap([1, 1, 1, 1], [1, 0, 0, 0], ties="in order") == 1
    assert ap([1, 1, 1, 1], [0, 0, 0, 1], ties="in order") == 0.25


def test_an_item_without_a_score_stands_last():
    assert ap([np.nan, 0.1, -5.0], [1, 0, 0]) == pytest.approx(1 / 3)
    assert ap([-np.inf, 0.1, -5.0], [1, 0, 0]) == pytest.approx(1 / 3)


def test_a_class_that_no_item_has_is_nan_and_left_out_of_the_mean():
    scores, right = np.array([[1.0, 3.0], [0.0, 4.0]]), np.array([[True, False], [False, False]])
    assert np.isnan(average_precisions(scores, right)[1])
    assert mean_ap(scores, right) == 100


def test_weights_are_how_often_a_class_is_right():
    scores = np.array([[3.0, 1.0], [2.0, 2.0], [1.0, 3.0]])
    right = np.array([[True, True], [True, False], [True, False]])
    assert mean_ap(scores, right) == pytest.approx(100 * (1 + 1 / 3) / 2)
    assert mean_ap(scores, right, weighted=True) == pytest.approx(100 * (3 + 1 / 3) / 4)


def test_balanced_precision_does_not_depend_on_how_many_wrong_items_there_are():
    few = ap([3, 2, 2, 1], [0, 1, 1, 0], balance=(10, 10))
    many = ap([3, 3, 3, 2, 2, 1, 1, 1], [0, 0, 0, 1, 1, 0, 0, 0], balance=(10, 10))
    assert few == many == pytest.approx(10 / 15)


@given(scores=SCORES, right=LABELS, seed=st.integers(0, 99))
def test_neither_the_order_of_items_nor_a_rising_function_of_scores_matters(scores, right, seed):
    order = np.random.default_rng(seed).permutation(12)
    once = ap(scores, right)
    assert ap(scores[order], right[order]) == pytest.approx(once)
    assert ap(np.exp(scores) * 2 - 7, right) == pytest.approx(once)
    assert 0 < once <= 1


@given(right=LABELS)
def test_a_perfect_ranking_is_worth_one_and_its_reverse_the_least(right):
    assert ap(right, right) == 1
    k = right.sum()
    least = np.mean([(i + 1) / (12 - k + i + 1) for i in range(k)])
    reverse = np.where(right, -np.arange(12), 12 - np.arange(12))
    assert ap(reverse, right) == pytest.approx(least)


def test_the_interval_holds_the_value_and_narrows_with_more_films():
    draw = np.random.default_rng(0)
    widths = []
    for n in (40, 640):
        right = draw.random((n, 3)) < 0.4
        found = mean_ap(right + draw.normal(size=(n, 3)), right)
        assert found.low < found < found.high
        widths.append(found.high - found.low)
    assert widths[1] < widths[0] / 2


def test_items_of_one_film_stand_or_fall_together():
    right = np.repeat([True, False, True, False], 20)[:, None]
    scores = np.repeat([4.0, 3.0, 2.0, 1.0], 20)[:, None]
    alone, films = mean_ap(scores, right), mean_ap(scores, right, np.repeat(range(4), 20))
    assert alone == films
    assert films.high - films.low > 2 * (alone.high - alone.low)


def test_one_film_has_no_interval():
    right = np.array([[True], [False]])
    assert np.isnan(mean_ap(right * 1.0, right, ["one", "one"]).low)


@pytest.mark.parametrize(
    ("scores", "right", "ties"),
    [
        (np.zeros((2, 1)), np.zeros((2, 1), bool), "together"),
        (np.zeros((2, 1)), np.ones((3, 1), bool), "together"),
        (np.zeros((2, 1)), np.ones((2, 1), bool), "anyhow"),
    ],
)
def test_labels_without_a_right_item_or_another_shape_are_refused(scores, right, ties):
    with pytest.raises((VtkError, TypeError)):
        average_precisions(scores, right, ties=ties)
