import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vtk_notebooks.errors import VtkError
from vtk_notebooks.statistics import compare, permutation_p


def test_a_system_does_not_differ_from_itself():
    same = compare([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert same.difference == 0
    assert same.p == 1


def test_an_exact_p_by_hand():
    # of 8 sign patterns only +++ and --- reach a sum of 3
    assert permutation_p([1.0, 1.0, 1.0]) == 2 / 8
    assert compare([0, 0, 0], [1, 1, 1]).p == 2 / 8


@given(delta=st.lists(st.floats(-3, 3).filter(lambda x: abs(x) > 0.01), min_size=2, max_size=9))
def test_the_exact_test_is_scipy_s(delta):
    theirs = stats.permutation_test(
        (np.array(delta),), np.mean, permutation_type="samples", n_resamples=10_000
    )  # 2 ** 9 patterns at most: scipy then takes each once
    assert permutation_p(delta) == pytest.approx(theirs.pvalue, abs=1e-9)


def test_the_sampled_test_is_near_the_normal_one_and_never_zero():
    delta = np.random.default_rng(0).normal(0.2, 1, size=200)
    assert permutation_p(delta) == pytest.approx(stats.ttest_1samp(delta, 0)[1], abs=0.01)
    assert permutation_p(np.ones(100)) == 1 / 10_000


def test_swapping_the_systems_mirrors_the_difference():
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 40))
    one, other = compare(a, b), compare(b, a)
    assert one.difference == -other.difference
    assert one.p == other.p
    assert one.difference.low < one.difference < one.difference.high


def test_films_that_stand_or_fall_together_make_a_difference_less_sure():
    a, b, films = np.zeros(12), np.repeat([1.0, 1.0, 1.0], 4), np.repeat(["x", "y", "z"], 4)
    assert compare(a, b).p < 0.001
    assert compare(a, b, films).p == 2 / 8
    assert compare(a, b, films).clusters == 3
    assert "exact sign-flip permutation over 3 clusters" in compare(a, b, films).test


@pytest.mark.parametrize(("a", "b"), [([], []), ([1.0], [1.0, 2.0]), ([np.nan], [1.0])])
def test_what_cannot_be_paired_is_refused(a, b):
    with pytest.raises(VtkError, match="equally long"):
        compare(a, b)
