import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.statistics import bootstrap, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [  # by hand from the formula, z = 1.959964
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_wilson_on_known_cases(successes, n, low, high):
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


@given(n=st.integers(1, 300), share=st.floats(0, 1))
def test_wilson_holds_the_share_and_mirrors(n, share):
    k = round(n * share)
    low, high = wilson(k, n)
    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high <= 1
    assert wilson(n - k, n) == pytest.approx((1 - high, 1 - low))


def test_nothing_seen_says_nothing():
    assert wilson(0, 0) == (0, 1)


def test_impossible_counts_are_refused():
    with pytest.raises(VtkError):
        wilson(3, 2)


def test_the_bootstrap_of_a_mean_has_the_width_of_theory():
    x = np.random.default_rng(0).normal(size=(1, 400))
    low, high = bootstrap(x, lambda m: m[0])
    assert low < x.mean() < high
    assert high - low == pytest.approx(2 * 1.96 * x.std() / 20, rel=0.1)


def width(interval):
    return interval[1] - interval[0]


def test_copies_in_a_cluster_add_no_certainty():
    x = np.random.default_rng(1).normal(size=(1, 50))
    copies = np.repeat(x, 20, axis=1)
    alone = width(bootstrap(x, lambda m: m[0]))
    naive = width(bootstrap(copies, lambda m: m[0]))
    clustered = width(bootstrap(copies, lambda m: m[0], np.repeat(np.arange(50), 20)))
    assert clustered == pytest.approx(alone, rel=0.05)
    assert naive < 0.4 * alone


def test_a_missing_number_counts_neither_above_nor_below_the_line():
    x = np.array([[1.0, 1.0, np.nan, 1.0]])
    assert bootstrap(x, lambda m: m[0]) == (1, 1)


def test_the_same_data_give_the_same_interval_and_one_item_none():
    x = np.random.default_rng(2).normal(size=(2, 30))
    assert bootstrap(x, lambda m: m[0] * m[1]) == bootstrap(x, lambda m: m[0] * m[1])
    assert np.isnan(bootstrap(np.ones((1, 1)), lambda m: m[0])).all()


def test_drawing_in_blocks_that_fit_memory_changes_nothing(monkeypatch):
    x = np.random.default_rng(3).normal(size=(1, 30))
    whole = bootstrap(x, lambda m: m[0])
    monkeypatch.setattr("vtk_notebooks.statistics.intervals._MOST_WEIGHTS", 30 * 7)
    assert bootstrap(x, lambda m: m[0]) == pytest.approx(whole)


def test_labels_must_fit():
    with pytest.raises(VtkError, match="a cluster label for each of 3 items"):
        bootstrap(np.ones((1, 3)), lambda m: m[0], ["a"])
