"""Paired comparison: two systems on the same queries, and whether the difference is chance.

A paired bootstrap gives the interval of the difference; a sign-flip permutation test gives its p.
Both move whole clusters (films) together. The test is exact up to 2**14 sign patterns, else
sampled with the +1 correction of Phipson and Smyth (2010), so that p is never 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vtk_notebooks.errors import VtkError
from vtk_notebooks.statistics.estimate import Estimate
from vtk_notebooks.statistics.intervals import cluster_numbers

_EXACT = 14
_NEAR = 1e-9  # sums in another order differ in the last digits; a tie is a tie


@dataclass(frozen=True)
class Comparison:
    """System b minus system a.

    Args:
        difference: of the means, with its paired interval.
        p: two-sided, of the sign-flip permutation test.
        clusters: how many independent units there are.
        test: what was done, in words.
    """

    difference: Estimate
    p: float
    clusters: int
    test: str


def compare(
    a: Sequence[Any] | np.ndarray,
    b: Sequence[Any] | np.ndarray,
    clusters: Sequence[Any] | np.ndarray | None = None,
    *,
    seed: int = 0,
) -> Comparison:
    """How much better b is than a, item by item.

    Args:
        a: a score per item.
        b: another system's, for the same items in the same order.
        clusters: films, say, one label per item.
        seed: for the sampled test.
    """
    delta = _difference(a, b)
    number = cluster_numbers(clusters, len(delta))
    many = int(number.max()) + 1
    p = permutation_p(delta, clusters, seed=seed)
    how = "exact" if many <= _EXACT else "sampled"
    unit = "items" if clusters is None else "clusters"
    test = f"paired bootstrap; {how} sign-flip permutation over {many} {unit}"
    return Comparison(Estimate.mean(delta, number), p, many, test)


def permutation_p(
    delta: Sequence[Any] | np.ndarray,
    clusters: Sequence[Any] | np.ndarray | None = None,
    *,
    samples: int = 9999,
    seed: int = 0,
) -> float:
    """Two-sided p of a mean difference, when signs of whole clusters are as good as random."""
    x = np.asarray(delta, dtype=float)
    number = cluster_numbers(clusters, len(x))
    sums = np.bincount(number, weights=x)
    seen = abs(sums.sum()) - _NEAR * np.abs(sums).sum()
    if len(sums) <= _EXACT:
        bits = np.arange(2 ** len(sums))[:, None] >> np.arange(len(sums)) & 1
        return float(np.mean(np.abs((2 * bits - 1) @ sums) >= seen))
    draw = np.random.default_rng(seed)
    signs = draw.choice((-1.0, 1.0), size=(samples, len(sums)))
    return float((np.sum(np.abs(signs @ sums) >= seen) + 1) / (samples + 1))


def _difference(a: Sequence[Any] | np.ndarray, b: Sequence[Any] | np.ndarray) -> np.ndarray:
    x, y = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if x.shape != y.shape or x.ndim != 1 or not len(x) or np.isnan(x).any() or np.isnan(y).any():
        got = f"shapes {x.shape} and {y.shape}"
        raise VtkError("compare", "two equally long lists of numbers, none missing", got)
    return y - x
