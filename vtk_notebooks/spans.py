"""Spans: many stretches of time at once, as arrays of (start, end) in seconds.

`Moment` is one stretch that is known to be right; a span is whatever a file or a model says, so
these functions also take inverted and empty ones and give them an overlap of 0.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from vtk_notebooks.arrays import padded


@runtime_checkable
class Stretch(Protocol):
    """Whatever has a start and an end: a `Moment`, or a span as a file has it."""

    @property
    def start_s(self) -> float | int:
        """Where it starts."""
        ...

    @property
    def end_s(self) -> float | int:
        """Where it ends."""
        ...

    @property
    def score(self) -> float | int | None:
        """How sure its maker is; None where nobody says."""
        ...


def as_arrays(
    lists: Sequence[Sequence[Stretch]], most: int | None = None
) -> tuple[Float[np.ndarray, "q k 2"], Float[np.ndarray, "q k"]]:
    """Starts with ends, and scores, of lists of stretches; nan where a list is shorter.

    Args:
        lists: one for each question, say.
        most: of each list that are taken; by default all.
    """
    if most is not None:
        lists = [stretches[:most] for stretches in lists]
    width = max(1, max(map(len, lists), default=0))  # a first column is there even if all are empty
    lengths, flat = list(map(len, lists)), list(chain.from_iterable(lists))
    spans = np.array([(s.start_s, s.end_s) for s in flat], dtype=float).reshape(-1, 2)
    scores = np.array([s.score for s in flat], dtype=float)
    return padded(spans, lengths, width), padded(scores, lengths, width)


def hull_iou(
    a: Float[np.ndarray, "*#n 2"], b: Float[np.ndarray, "*#n 2"]
) -> Float[np.ndarray, "..."]:
    """Temporal IoU, pair by pair, with the hull as union; nan and inverted spans give 0.

    The hull is exact where `|a| + |b| - intersection` rounds a tie at a threshold away. For
    disjoint spans it is larger than the true union, which does not matter: their IoU is 0.
    """
    inter = np.minimum(a[..., 1], b[..., 1]) - np.maximum(a[..., 0], b[..., 0])
    hull = np.maximum(a[..., 1], b[..., 1]) - np.minimum(a[..., 0], b[..., 0])
    meet = inter > 0  # false for nan
    return np.divide(inter, hull, out=np.zeros(np.shape(inter)), where=meet)


def all_ious(a: Float[np.ndarray, "p 2"], b: Float[np.ndarray, "g 2"]) -> Float[np.ndarray, "p g"]:
    """Temporal IoU of every span of one list with every span of another."""
    return hull_iou(a[:, None], b[None])


def union_s(spans: Float[np.ndarray, "n 2"]) -> float:
    """Seconds in the union of spans; nan and inverted ones cover none."""
    spans = spans[spans[:, 1] > spans[:, 0]]
    spans = spans[spans[:, 0].argsort()]
    reached = np.maximum.accumulate(spans[:, 1])
    before = np.concatenate([spans[:1, 0], reached[:-1]])[: len(spans)]
    return float((reached - np.maximum(spans[:, 0], before)).sum())
