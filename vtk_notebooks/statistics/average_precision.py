"""Average precision: how high the right items stand in a ranking, class by class.

The mean, over the right items, of the precision at their rank, without interpolation, as the
evaluators of THUMOS and Charades compute it. They break ties by the order of the file, so that a
constant score gets whatever that order gives; here, by default, items of one score stand together,
which is independent of any order and equal to theirs where no two scores are.
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool, Float

from vtk_notebooks.errors import VtkError
from vtk_notebooks.statistics.estimate import Estimate
from vtk_notebooks.statistics.intervals import LEVEL, cluster_numbers

Ties = Literal["together", "in order"]
"""together: items of one score share the precision of the last. in order: as they are listed."""


def average_precisions(
    scores: Float[np.ndarray, "n c"],
    right: Bool[np.ndarray, "n c"],
    *,
    ties: Ties | str = "together",
    balance: tuple[int, int] | None = None,
) -> Float[np.ndarray, "c"]:
    """One number per class, in [0, 1]; nan for a class that no item has.

    Args:
        scores: of each class for each item; -inf and nan stand last.
        right: which classes an item has.
        ties: how equal scores are ranked.
        balance: right and wrong items that every class is scaled to, so that precision does not
            depend on how rare a class is (Hoiem et al., 2012).
    """
    one = np.ones((len(scores), 1))
    columns = zip(*_checked(scores, right, ties), strict=True)
    aps = [_ap(score, has, one, ties, balance)[0] for score, has in columns]
    return np.array(aps)


def mean_ap(
    scores: Float[np.ndarray, "n c"],
    right: Bool[np.ndarray, "n c"],
    clusters: Sequence[Any] | np.ndarray | None = None,
    *,
    weighted: bool = False,
    ties: Ties | str = "together",
    balance: tuple[int, int] | None = None,
    resamples: int = 200,
    seed: int = 0,
) -> Estimate:
    """The mean over classes, in percent; its interval resamples items, or whole clusters of them.

    Args:
        scores: of each class for each item.
        right: which classes an item has.
        clusters: films, say, one label per item.
        weighted: a class counts as often as it is right.
        ties: see `average_precisions`.
        balance: see `average_precisions`.
        resamples: how many, for the interval.
        seed: of the resampling.
    """
    aps = average_precisions(scores, right, ties=ties, balance=balance)
    value = _mean(aps[:, None], right.sum(0)[:, None] * 1.0, weighted)[0]

    def interval() -> tuple[float, float]:
        number, draw = cluster_numbers(clusters, len(scores)), np.random.default_rng(seed)
        many = int(number.max()) + 1
        if many < 2:
            return float("nan"), float("nan")
        drawn = draw.multinomial(many, np.full(many, 1 / many), size=resamples).T * 1.0
        columns = list(zip(*_checked(scores, right, ties), strict=True))
        again = [_ap(score, has, drawn[number], ties, balance) for score, has in columns]
        counts = np.stack([has @ drawn[number] for _, has in columns])
        tail = 50 * (1 - LEVEL)
        means = _mean(np.stack(again), counts, weighted)
        low, high = np.nanpercentile(means, [tail, 100 - tail])
        return float(low), float(high)

    return Estimate(value, len(scores), interval)


def _checked(scores: np.ndarray, right: np.ndarray, ties: str) -> tuple[np.ndarray, np.ndarray]:
    """Class by class, with nan as -inf."""
    if scores.shape != right.shape or not right.any():
        got = f"scores {scores.shape} and {int(right.sum())} right ones of {right.shape}"
        raise VtkError("average_precisions", "as many scores as labels, some of them right", got)
    if ties not in ("together", "in order"):
        raise VtkError("average_precisions", "ties 'together' or 'in order'", repr(ties))
    return np.where(np.isnan(scores), -np.inf, scores).T, right.T


def _ap(
    score: Float[np.ndarray, "n"],
    has: Bool[np.ndarray, "n"],
    weight: Float[np.ndarray, "n r"],
    ties: str,
    balance: tuple[int, int] | None,
) -> Float[np.ndarray, "r"]:
    """For each column of weights: how often each item is there."""
    order = np.argsort(-score, kind="stable")
    hit, miss = (weight[order] * mask[order, None] for mask in (has, ~has))
    found, wrong = hit.cumsum(0), miss.cumsum(0)
    total, others = found[-1], wrong[-1]
    if ties == "together":
        last = np.searchsorted(-score[order], -score[order], side="right") - 1
        found, wrong = found[last], wrong[last]
    with np.errstate(invalid="ignore", divide="ignore"):
        if balance is not None:
            found = found * (balance[0] / total)
            wrong = wrong * np.where(others > 0, balance[1] / others, 0.0)
        precision = np.where(found > 0, found / (found + wrong), 0.0)
        return (precision * hit).sum(0) / total


def _mean(
    aps: Float[np.ndarray, "c r"], counts: Float[np.ndarray, "c r"], weighted: bool
) -> Float[np.ndarray, "r"]:
    """Over the classes that are there, in percent; nan where none is."""
    weight = counts if weighted else (counts > 0) * 1.0
    with np.errstate(invalid="ignore"):
        return 100 * (np.where(counts > 0, aps, 0.0) * weight).sum(0) / weight.sum(0)
