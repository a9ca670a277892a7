"""Groups: one mean per kind of item, and means of such means.

A micro average is the mean over all items; a macro average is the mean over groups, however many
items each has. The two can tell different stories, so every name should say which it is.
"""

from collections import Counter
from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from jaxtyping import Float

from vtk_notebooks.errors import VtkError
from vtk_notebooks.statistics.estimate import Estimate


def by_group(
    values: Sequence[Any] | np.ndarray,
    groups: Sequence[str],
    clusters: Sequence[Any] | None = None,
    *,
    scale: float | int = 1,
) -> dict[str, Estimate]:
    """The mean of each group, in alphabetical order; a group of nothing but nan has none.

    Args:
        values: one per item; nan leaves an item out.
        groups: one label per item.
        clusters: films, say, whose items stand or fall together.
        scale: 100 for percent.
    """
    x, label = np.asarray(values, dtype=float), _labels(groups, len(values))
    film = None if clusters is None else np.asarray([str(c) for c in clusters])
    found = {}
    for group in np.unique(label[~np.isnan(x)]):
        here = label == group
        found[str(group)] = Estimate.mean(
            x[here], None if film is None else film[here], scale=scale
        )
    return found


def macro(
    values: Sequence[Any] | np.ndarray,
    *groups: Sequence[str],
    clusters: Sequence[Any] | None = None,
    scale: float | int = 1,
) -> Estimate:
    """The unweighted mean of group means.

    With several labels per item, finest first, the means of groups are averaged within each
    group of groups, and so on. A resample that lacks a group is averaged over those it has.

    Args:
        values: one per item; nan leaves an item out.
        groups: one or more lists of labels, each with one per item.
        clusters: films, say, whose items stand or fall together.
        scale: 100 for percent.
    """
    x = np.asarray(values, dtype=float)
    if not groups:
        raise VtkError("macro", "one or more lists of labels", "none")
    seen = ~np.isnan(x)
    paths = list(zip(*(_labels(g, len(x))[seen].tolist() for g in groups), strict=True))
    row = {path: k for k, path in enumerate(dict.fromkeys(paths))}
    columns = np.full((len(row), len(x)), np.nan)
    columns[[row[path] for path in paths], np.flatnonzero(seen)] = x[seen]
    weight = _weights(list(row))[:, None]

    def mean_of(means: Float[np.ndarray, "k r"]) -> Float[np.ndarray, "r"]:
        there = (weight * ~np.isnan(means)).sum(0)
        return scale * np.nansum(weight * means, 0) / there

    found = Estimate.of_means(columns, mean_of, clusters) if row else Estimate(np.nan)
    return Estimate(float(found), len(paths), lambda: found.interval)


def _weights(paths: Sequence[tuple[str, ...]]) -> Float[np.ndarray, "k"]:
    """What each finest group weighs: an equal part of its parent, which is one of its own."""
    nodes = {path[level:] for path in paths for level in range(len(path))}
    siblings = Counter(node[1:] for node in nodes)
    shares = (prod(siblings[path[level:]] for level in range(1, len(path) + 1)) for path in paths)
    return np.array([1 / share for share in shares])


def _labels(groups: Sequence[str], n: int) -> np.ndarray:
    if len(groups) != n:
        raise VtkError("statistics", f"a group label for each of {n} items", len(groups))
    return np.asarray([str(g) for g in groups])
