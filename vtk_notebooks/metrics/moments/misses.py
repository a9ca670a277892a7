"""Misses: what went wrong with each question, so that one can look at the film.

No paper's: a drill-down for the numbers of `recall` and `moment_map`. The answer that is listed
first is held against the truth it overlaps most (the nearest one, where it overlaps none), and what
is no hit is one of four: nothing was answered; the place is right, that is, they share half of the
shorter one, but the answer is too long, or too short; or else the place is wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register, unknown
from vtk_notebooks.spans import Stretch, as_arrays, hull_iou
from vtk_notebooks.statistics import Estimate

KINDS = ("hit", "too long", "too short", "wrong place", "not found")
"""How a question can end, from best to worst."""


@dataclass(frozen=True, eq=False)
class MissTable:
    """How each question ended, in the order in which they were asked.

    Args:
        answers_s: start and end of the first answer; nan where there is none.
        truths_s: of the true moment it was held against.
        iou: of the two.
        kind: a number into `KINDS`.
        bin: a number into `bins`.
        bins: lengths of true moments, in words.
        threshold: of IoU, from which on an answer is a hit.
    """

    answers_s: Float[np.ndarray, "q 2"]
    truths_s: Float[np.ndarray, "q 2"]
    iou: Float[np.ndarray, "q"]
    kind: Int[np.ndarray, "q"]
    bin: Int[np.ndarray, "q"]
    bins: tuple[str, ...]
    threshold: float

    def __len__(self) -> int:
        return len(self.iou)

    def counts(self) -> dict[str, int]:
        """How many questions ended how."""
        return dict(zip(KINDS, self.by_bin().sum(0).tolist(), strict=True))

    def by_bin(self) -> Int[np.ndarray, "b k"]:
        """Counts for each length of the true moment (rows) and each kind of end (columns)."""
        pair = self.bin * len(KINDS) + self.kind
        many = len(self.bins) * len(KINDS)
        return np.bincount(pair, minlength=many).reshape(len(self.bins), len(KINDS))

    def ended(self, kind: str) -> list[int]:
        """Numbers of the questions that ended so, the lowest IoU first."""
        if kind not in KINDS:
            raise unknown("MissTable.ended", "kind of miss", kind, KINDS)
        found = np.flatnonzero(self.kind == KINDS.index(kind))
        return found[self.iou[found].argsort(kind="stable")].tolist()

    def rows(self) -> list[dict[str, Any]]:
        """A dictionary per question, for a data frame."""
        columns = {
            **{"answer_start_s": self.answers_s[:, 0], "answer_end_s": self.answers_s[:, 1]},
            **{"truth_start_s": self.truths_s[:, 0], "truth_end_s": self.truths_s[:, 1]},
            "iou": self.iou,
        }
        numbers = {name: column.tolist() for name, column in columns.items()}
        words = {
            "kind": [KINDS[k] for k in self.kind],
            "truth_length": [self.bins[b] for b in self.bin],
        }
        every = {**numbers, **words}
        return [dict(zip(every, row, strict=True)) for row in zip(*every.values(), strict=True)]


@register("metric", "misses", title="Kinds of miss", paper="baseline")
@dataclass(frozen=True)
class Misses:
    """Percent of questions by how they ended.

    Args:
        threshold: of IoU, from which on an answer is a hit.
        share: part of the shorter one of answer and truth that they share where the place is right.
        lengths_s: of true moments, between the bins; rising.
    """

    threshold: float = 0.5
    share: float = 0.5
    lengths_s: tuple[float, ...] = (10.0, 30.0)

    def __call__(
        self,
        answers: Sequence[Sequence[Stretch]],
        truths: Sequence[Sequence[Stretch]],
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Percent of each kind, by name: "hit", "too long", "too short", ...

        Args:
            answers: for each question, in the order of the file; may be empty.
            truths: for each question, one or more.
            films: of each question; intervals then draw whole films.
        """
        kind = self.table(answers, truths).kind
        return {name: Estimate.mean(kind == k, films, scale=100) for k, name in enumerate(KINDS)}

    def table(
        self, answers: Sequence[Sequence[Stretch]], truths: Sequence[Sequence[Stretch]]
    ) -> MissTable:
        """What the shares are made of, question by question."""
        if len(answers) != len(truths) or not len(truths) or not all(map(len, truths)):
            got = f"{len(answers)} answers for {len(truths)} questions"
            hint = "Give an empty list where nothing was answered."
            raise VtkError("misses", "answers and one or more truths per question", got, hint)
        (said, _), (true, _) = as_arrays(answers, 1), as_arrays(truths)
        nearest = np.nanargmax(_closeness(said, true), axis=1)
        said, true = said[:, 0], true[np.arange(len(true)), nearest]
        iou = hull_iou(said, true)
        return MissTable(
            said,
            true,
            iou,
            kinds(said, true, iou, self.threshold, self.share),
            np.searchsorted(self.lengths_s, true[:, 1] - true[:, 0], side="left"),
            _in_words(self.lengths_s),
            self.threshold,
        )

    @classmethod
    def example(cls) -> tuple[list[list[Moment]], list[list[Moment]]]:
        """Two questions, both answered exactly."""
        moments = [[Moment(0.0, 10.0)], [Moment(20.0, 30.0)]]
        return moments, moments


def kinds(
    said: Float[np.ndarray, "q 2"],
    true: Float[np.ndarray, "q 2"],
    iou: Float[np.ndarray, "q"],
    threshold: float,
    share: float,
) -> Int[np.ndarray, "q"]:
    """How each question ended, as a number into `KINDS`."""
    long, true_long = said[:, 1] - said[:, 0], true[:, 1] - true[:, 0]
    shared = np.minimum(said[:, 1], true[:, 1]) - np.maximum(said[:, 0], true[:, 0])
    there = long > 0  # false for nan, and for spans that are none
    placed = there & (shared >= share * np.minimum(long, true_long))
    ends = [iou >= threshold, placed & (long > true_long), placed & (long < true_long), there]
    return np.select(ends, range(4), default=4)


def _closeness(
    said: Float[np.ndarray, "q 1 2"], true: Float[np.ndarray, "q g 2"]
) -> Float[np.ndarray, "q g"]:
    """IoU with each truth; below 0 where there is a gap, the wider the lower; nan for no truth."""
    gap = np.maximum(said[..., 0], true[..., 0]) - np.minimum(said[..., 1], true[..., 1])
    iou = hull_iou(said, true)
    close = np.where(iou > 0, iou, -np.nan_to_num(gap, nan=np.inf))
    return np.where(np.isnan(true[..., 0]), np.nan, close)


def _in_words(lengths_s: Sequence[float]) -> tuple[str, ...]:
    if not lengths_s:
        return ("any length",)
    between = (f"{low:g} to {high:g} s" for low, high in pairwise(lengths_s))
    return f"up to {lengths_s[0]:g} s", *between, f"over {lengths_s[-1]:g} s"
