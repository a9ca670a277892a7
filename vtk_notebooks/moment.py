"""Moment: the answer to "when?"."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from vtk_notebooks.errors import VtkError


@dataclass(frozen=True)
class Moment:
    """A stretch of film in seconds, how sure the head is, and what happens there.

    Always `0 <= start_s < end_s`; whoever knows the film calls `within` for the upper end.
    """

    start_s: float
    end_s: float
    score: float = 1.0
    text: str = ""

    def __post_init__(self) -> None:
        numbers = (self.start_s, self.end_s, self.score)
        if not all(map(math.isfinite, numbers)) or not 0 <= self.start_s < self.end_s:
            got = f"start_s={self.start_s}, end_s={self.end_s}, score={self.score}"
            raise VtkError(
                "Moment", "finite numbers with 0 <= start_s < end_s", got, "Clip it first."
            )

    @property
    def duration_s(self) -> float:
        """Length in seconds, above 0."""
        return self.end_s - self.start_s

    def within(self, duration_s: float) -> "Moment":
        """The part inside a film of that length; a moment wholly outside is an error."""
        return replace(self, end_s=min(self.end_s, duration_s))


def tiou(a: Moment, b: Moment) -> float:
    """Temporal intersection over union, in [0, 1].

    Disjoint moments give 0. For moments that touch or overlap the union is the hull, and the
    hull form keeps ties at a threshold exact where `|a| + |b| - intersection` rounds them away.
    """
    inter = min(a.end_s, b.end_s) - max(a.start_s, b.start_s)
    hull = max(a.end_s, b.end_s) - min(a.start_s, b.start_s)
    return max(inter, 0.0) / hull


def without_overlaps(moments: Iterable[Moment], most: float = 0.5) -> list[Moment]:
    """Non-maximum suppression: best first, no two with an IoU above `most`."""
    kept: list[Moment] = []
    for m in sorted(moments, key=lambda m: -m.score):
        if all(tiou(m, other) <= most for other in kept):
            kept.append(m)
    return kept
