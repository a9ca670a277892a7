"""Captions: sentences with their stretches of film, and how two lists of them are compared."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool, Float

from vtk_notebooks.errors import VtkError


@runtime_checkable
class Caption(Protocol):
    """A stretch of film and what is said of it: a `Moment`, or a span as a file has it."""

    @property
    def start_s(self) -> float | int:
        """Where it starts."""
        ...

    @property
    def end_s(self) -> float | int:
        """Where it ends."""
        ...

    @property
    def text(self) -> str:
        """The sentence; may be empty."""
        ...


def paired_films(
    who: str, answers: Sequence[Sequence[Caption]], truths: Sequence[Sequence[Caption]]
) -> list[tuple[Sequence[Caption], Sequence[Caption]]]:
    """Each film's predicted and true captions; refuses films without a true one."""
    if len(answers) != len(truths) or not len(truths) or not all(map(len, truths)):
        got = f"{len(answers)} lists of answers for {len(truths)} films"
        hint = "Give an empty list where nothing was predicted."
        raise VtkError(who, "a list of answers, and one or more truths, per film", got, hint)
    return list(zip(answers, truths, strict=True))


def times_s(captions: Sequence[Caption]) -> Float[np.ndarray, "n 2"]:
    """Starts and ends."""
    return np.array([(c.start_s, c.end_s) for c in captions], dtype=float).reshape(-1, 2)


def covered(match: Bool[np.ndarray, "*t p g"]) -> Float[np.ndarray, "2 *t"]:
    """Precision and recall: the part of rows, and of columns, that match any; 0 of none."""
    rows, columns = match.any(-1), match.any(-2)
    return np.stack([rows.sum(-1) / max(1, match.shape[-2]), columns.sum(-1) / match.shape[-1]])


def f1(
    precision: Float[np.ndarray, "*n"], recall: Float[np.ndarray, "*n"]
) -> Float[np.ndarray, "*n"]:
    """Their harmonic mean; 0 where both are."""
    total = precision + recall
    out = np.where(np.isnan(total), np.nan, 0.0)
    return np.divide(2 * precision * recall, total, out=out, where=total > 0)


def best_in_order(
    scores: Float[np.ndarray, "p g"],
) -> tuple[float, list[tuple[int, int]]]:
    """The matching that adds up to most while neither list is left out of order, and its pairs.

    Dynamic programming: with D[i, j] the best of the first i rows and j columns, a row of D is the
    running maximum of what skipping or pairing that row gives.
    """
    table = np.zeros(np.add(scores.shape, 1))
    for i, row in enumerate(scores):
        paired = np.maximum(table[i, 1:], table[i, :-1] + row)
        table[i + 1, 1:] = np.maximum.accumulate(paired)
    (i, j), pairs = scores.shape, []
    while i and j:
        if table[i, j] == table[i - 1, j]:
            i -= 1
        elif table[i, j] == table[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return float(table[-1, -1]), pairs[::-1]
