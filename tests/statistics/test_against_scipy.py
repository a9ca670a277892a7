"""What a sweep says is what scipy says, on the same numbers."""

import numpy as np
import pytest
from scipy import stats

from vtk_notebooks.recipe import Recipe
from vtk_notebooks.statistics.intervals import bootstrap, wilson
from vtk_notebooks.sweep import Row, Sweep


@pytest.mark.parametrize(("successes", "n"), [(0, 10), (1, 7), (81, 263), (999, 1000)])
def test_an_interval_of_a_share(successes, n):
    theirs = stats.binomtest(successes, n).proportion_ci(method="wilson")
    assert wilson(successes, n) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_an_interval_of_a_mean():
    x = np.random.default_rng(3).gamma(2.0, size=120)
    theirs = stats.bootstrap(
        (x,), np.mean, n_resamples=9999, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    ours = bootstrap(x[None], lambda m: m[0])
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.1 * (theirs.high - theirs.low))


def test_the_verdict_of_a_sweep():
    """Films stand or fall together, so scipy is given the sums of each film."""
    draw = np.random.default_rng(5)
    films, asked = [f"film {k}" for k in range(7)], ["a", "b", "c"]
    one, two = (draw.uniform(0, 0.7, (7, 3)).round(3) + shift for shift in (0.0, 0.2))
    rows = tuple(
        Row(name, film, query, {"iou": float(scores[i, j]), "tokens": 1})
        for name, scores in (("one", one), ("two", two))
        for i, film in enumerate(films)
        for j, query in enumerate(asked)
    )
    recipes = {"one": Recipe(), "two": Recipe(seed=1)}
    [verdict] = Sweep(recipes, rows, "one", len(rows)).against()
    sums = (two - one).sum(axis=1)
    theirs = stats.permutation_test((sums,), np.sum, permutation_type="samples", n_resamples=9999)
    assert verdict.comparison.p == pytest.approx(theirs.pvalue, abs=1e-9)
    assert verdict.p_holm == verdict.comparison.p  # one comparison, nothing to correct
    assert float(verdict.comparison.difference) == pytest.approx((two - one).mean())
    assert "exact sign-flip permutation over 7 clusters" in verdict.test
