import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from vtk_notebooks.errors import UnknownNameError
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.sweep import Row, Sweep


def sweep_of(numbers, films=None, reference="a", **more):
    """A sweep of made rows: recipe -> a quality for each film (None: it failed)."""
    count = len(next(iter(numbers.values())))
    films = films or [f"film {i}" for i in range(count)]
    rows = [
        Row(name, film, f"q{i}", error="no")
        if value is None
        else Row(name, film, f"q{i}", {"iou": value, "tokens": tokens, "score": value})
        for tokens, (name, values) in enumerate(numbers.items(), 1)
        for i, (film, value) in enumerate(zip(films, values, strict=True))
    ]
    recipes = {name: Recipe(seed=k) for k, name in enumerate(numbers)}
    return Sweep(recipes, tuple(rows), reference, len(rows), **more)


A = [0.1, 0.5, 0.3, 0.8, 0.2, 0.4, 0.6, 0.35]
B = [0.3, 0.7, 0.2, 0.9, 0.5, 0.6, 0.6, 0.65]


def test_the_test_of_a_difference_agrees_with_scipy():
    [verdict] = sweep_of({"a": A, "b": B}).against()
    theirs = stats.permutation_test(
        (B, A),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=10_000,  # more than there are patterns of signs: exact
    )
    assert verdict.comparison.p == pytest.approx(theirs.pvalue)
    assert verdict.comparison.difference == pytest.approx(theirs.statistic)
    assert "exact sign-flip permutation over 8 clusters" in verdict.test
    assert "Holm" in verdict.test


def test_the_interval_of_a_difference_agrees_with_scipy():
    draw = np.random.default_rng(0)
    a = draw.normal(0.5, 0.1, 60)
    b = a + draw.normal(0.05, 0.1, 60)
    [verdict] = sweep_of({"a": a.tolist(), "b": b.tolist()}).against()
    theirs = stats.bootstrap(
        (b - a,), np.mean, method="percentile", n_resamples=20_000, rng=np.random.default_rng(1)
    ).confidence_interval
    found = verdict.comparison.difference
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=2e-3)


def test_questions_about_one_film_count_once():
    films = ["x"] * 4 + ["y"] * 4
    [verdict] = sweep_of({"a": A, "b": B}, films).against()
    assert verdict.comparison.clusters == 2
    assert verdict.comparison.p >= 0.5  # two films can hardly prove anything


def test_several_comparisons_are_corrected():
    two = sweep_of({"a": A, "b": B, "c": [x + 0.01 for x in A]}).against()
    ps = {v.recipe: (v.comparison.p, v.p_holm) for v in two}
    assert ps["c"][1] == pytest.approx(2 * ps["c"][0])
    assert ps["b"][1] == pytest.approx(ps["b"][0])


def test_pairs_are_made_of_what_both_could_answer():
    sweep = sweep_of({"a": A, "b": [None, *B[1:]], "c": [None] * 8})
    [verdict] = sweep.against()
    assert verdict.recipe == "b"
    assert verdict.comparison.difference == pytest.approx(np.mean(B[1:]) - np.mean(A[1:]))
    assert len(sweep.errors) == 9
    assert sweep.means()["b"].n == 7
    assert sweep.means()["c"].n == 0


def test_the_difference_turns_round_with_the_reference():
    sweep = sweep_of({"a": A, "b": B})
    [there], [back] = sweep.against("a"), sweep.against("b")
    assert there.comparison.difference == pytest.approx(-back.comparison.difference)
    with pytest.raises(UnknownNameError):
        sweep.against("z")
    with pytest.raises(UnknownNameError, match="Did you mean 'tokens'"):
        sweep.means("token")


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_the_front_holds_whoever_nothing_beats(qualities):
    sweep = sweep_of({str(i): [float(q)] for i, q in enumerate(qualities)}, reference="0")
    better = [i for i, q in enumerate(qualities) if q > max(qualities[:i], default=-1)]
    assert sweep.front() == [str(i) for i in better]  # made recipes cost 1, 2, 3... tokens


def test_the_front_compares_what_all_could_answer():
    sweep = sweep_of({"a": [0.5, 0.5], "b": [0.9, None], "c": [None, None]})
    assert sweep.front() == ["a", "b"]
    assert sweep.front("tokens", "score") == ["a", "b"]


def test_without_a_truth_the_score_is_the_quality():
    nan = float("nan")
    rows = (Row("a", "f", "q", {"iou": nan, "score": 0.3}),)
    assert Sweep({"a": Recipe()}, rows, "a", 1).quality == "score"
    assert sweep_of({"a": A}).quality == "iou"
