"""Rulers: a place between two ends as the number of a mark, and what two marks say of a moment."""

import math
from dataclasses import dataclass

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import unknown

ROUNDINGS = ("round", "floor", "cut")
_HAIR = 1e-9
"""Of a step: in floating point, a mark's own place may come out a hair below the mark."""


def whole(steps: float | int, rounding: str) -> int:
    """The number of a mark: the nearest one ("round") or the last one passed ("floor").

    "cut" is what int() leaves in floating point, as in released code: a mark's own place may come
    out as the mark before it.
    """
    if rounding == "round":
        return round(steps)
    return math.floor(steps + (_HAIR if rounding == "floor" else 0))


def known_rounding(who: str, rounding: str) -> None:
    """Refuse a rounding that nobody knows."""
    if rounding not in ROUNDINGS:
        raise unknown(who, "rounding", rounding, ROUNDINGS)


def in_film(who: str, t_s: float | int, duration_s: float | int) -> float:
    """A time moved inside its film; refused where there is no film or no time."""
    if not (math.isfinite(t_s) and math.isfinite(duration_s) and duration_s > 0):
        raise VtkError(who, "a time in a film longer than 0 s", f"{t_s} s of {duration_s} s")
    return min(max(float(t_s), 0.0), float(duration_s))


@dataclass(frozen=True)
class Ruler:
    """Marks evenly spread from 0 to 1, the first and the last one on the ends.

    Args:
        n: marks, 2 or more.
        rounding: "round", "floor" or "cut".
    """

    n: int
    rounding: str = "round"

    def mark(self, place: float | int) -> int:
        """The number of a place's mark; places outside become the ends."""
        return min(max(whole(place * (self.n - 1), self.rounding), 0), self.n - 1)

    def place(self, mark: int) -> float:
        """Where a mark is."""
        return mark / (self.n - 1)

    @property
    def error(self) -> float:
        """How far a place may move: half a step, or a step where marks are passed."""
        return (0.5 if self.rounding == "round" else 1) / (self.n - 1)


def stretch(
    a_s: float | int, b_s: float | int, step_s: float | int, duration_s: float | int
) -> Moment | None:
    """The moment that two times mean, whichever comes first; None for one behind the film's end.

    Equal times mean one step, centred on them.

    Args:
        a_s: one end.
        b_s: the other one.
        step_s: from one time that can be said to the next.
        duration_s: of the film; what reaches over its end is cut off.
    """
    start_s, end_s = sorted((max(float(a_s), 0.0), max(float(b_s), 0.0)))
    if start_s - step_s / 2 >= duration_s:  # a time may be rounded to behind the end
        return None
    start_s, end_s = min(start_s, float(duration_s)), min(end_s, float(duration_s))
    if start_s == end_s:
        start_s, end_s = max(0.0, start_s - step_s / 2), min(duration_s, end_s + step_s / 2)
    return Moment(start_s, float(end_s)) if start_s < end_s else None
