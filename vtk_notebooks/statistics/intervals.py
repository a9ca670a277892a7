"""Intervals: Wilson's for shares, the percentile bootstrap for everything else.

Queries about one film are not independent, so the bootstrap draws whole clusters (films) where it
is told of them. E. B. Wilson, "Probable inference, the law of succession, and statistical
inference", JASA 1927; B. Efron, "Bootstrap methods", Annals of Statistics 1979.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from vtk_notebooks.errors import VtkError

LEVEL = 0.95
"""Of every interval, unless another is asked for."""
_MOST_WEIGHTS = 2**24
"""Resampling weights held at once; 128 MB."""


def wilson(successes: float | int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """The interval of a share, in [0, 1]; (0, 1) when nothing was seen."""
    from statistics import NormalDist

    if not 0 <= successes <= n or not 0 < level < 1:
        raise VtkError("wilson", "0 <= successes <= n and a level in (0, 1)", (successes, n, level))
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return float(max(0.0, centre - half)), float(min(1.0, centre + half))


def bootstrap(
    columns: Float[np.ndarray, "k n"],
    of_means: Callable[[Float[np.ndarray, "k r"]], Float[np.ndarray, "r"]],
    clusters: Sequence[Any] | np.ndarray | None = None,
    *,
    level: float = LEVEL,
    resamples: int = 2000,
    seed: int = 0,
) -> tuple[float, float]:
    """The percentile interval of any function of column means.

    Args:
        columns: k numbers for each of n items; nan means that an item has no such number.
        of_means: from the k means of r resamples to r values.
        clusters: whose items are drawn together, one label per item; by default each is alone.
        level: part of the resampled values inside the interval.
        resamples: how many.
        seed: the same data give the same interval.
    """
    there = ~np.isnan(columns)
    sums = _by_cluster(np.where(there, columns, 0.0), clusters)
    counts = _by_cluster(there, clusters)
    many, values = sums.shape[1], []
    if many < 2:
        return float("nan"), float("nan")
    for weights in _resamples(many, resamples, seed):
        with np.errstate(invalid="ignore", divide="ignore"):
            values.append(of_means((sums @ weights) / (counts @ weights)))
    tail = 50 * (1 - level)
    low, high = np.nanpercentile(np.concatenate(values), [tail, 100 - tail])
    return float(low), float(high)


def cluster_numbers(clusters: Sequence[Any] | np.ndarray | None, n: int) -> Int[np.ndarray, "n"]:
    """Labels as numbers from 0; each item alone where there are none."""
    if clusters is None:
        return np.arange(n)
    if len(clusters) != n:
        raise VtkError("statistics", f"a cluster label for each of {n} items", len(clusters))
    return np.unique(np.asarray([str(c) for c in clusters]), return_inverse=True)[1]


def _by_cluster(
    columns: np.ndarray, clusters: Sequence[Any] | np.ndarray | None
) -> Float[np.ndarray, "k c"]:
    number = cluster_numbers(clusters, columns.shape[1])
    many = int(number.max(initial=-1)) + 1
    return np.stack([np.bincount(number, weights=row, minlength=many) for row in columns])


def _resamples(many: int, resamples: int, seed: int) -> Iterator[Float[np.ndarray, "c r"]]:
    """How often each cluster is drawn, a column per resample; as many at once as memory allows."""
    if many * resamples <= _MOST_WEIGHTS:
        yield _drawn(many, resamples, seed)
        return
    draw, step = np.random.default_rng(seed), max(1, _MOST_WEIGHTS // many)
    for first in range(0, resamples, step):
        yield _draw(draw, many, min(step, resamples - first))


@lru_cache(maxsize=1)
def _drawn(many: int, resamples: int, seed: int) -> Float[np.ndarray, "c r"]:
    """All of them, kept for the next interval: a hundred scores of one file draw alike."""
    return _draw(np.random.default_rng(seed), many, resamples)


def _draw(draw: np.random.Generator, many: int, size: int) -> Float[np.ndarray, "c r"]:
    return draw.multinomial(many, np.full(many, 1 / many), size=size).T.astype(float)
