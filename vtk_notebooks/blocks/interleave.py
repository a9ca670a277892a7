"""Interleave: frames and subtitles in one order of time, as a model reads them.

After "LongVideoBench: A Benchmark for Long-context Interleaved Video-Language Understanding" (Wu et
al., 2024, arXiv:2407.15754), whose loader this follows: a subtitle stands behind the last frame
that is not later than its middle; it is read only where some frame lies inside it, the ends left
out, and one shorter than a second counts as a second around its middle. Otherwise its words are
left out, so that fewer frames also mean fewer words.

What differs: a subtitle without an end lasts to the end of the film; there, one whose end is
written as a whole number does so too, by mistake. Subtitles are put in the order of their middles,
there in the order of the file. No frame is taken twice from a film of less than a frame a second.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from vtk_notebooks.errors import VtkError

LEAST_S = 1.0
"""How long a subtitle counts at least."""


class Line(NamedTuple):
    """A subtitle; it lasts to the end of the film where it has no end."""

    start_s: float | int
    end_s: float | int | None
    text: str


def loader_frames(total: int, duration_s: float | int, most: int) -> Int[np.ndarray, "n"]:
    """Numbers of the frames that LongVideoBench's loader takes: evenly spaced, from the first.

    Args:
        total: frames in the film.
        duration_s: no more frames are taken than it has whole seconds.
        most: nor more than these.
    """
    number = min(most, int(duration_s), total)
    if number < 1:
        got = f"{total} frames, {duration_s} s, most={most}"
        raise VtkError("loader_frames", "a film of a second or more", got)
    return int(total / number) * np.arange(number)


def interleaved(
    times_s: Sequence[float | int] | Float[np.ndarray, "t"],
    lines: Sequence[Line],
    duration_s: float | int,
    *,
    offset_s: float | int = 0,
) -> list[int | str]:
    """Numbers of frames and words of subtitles, in the order in which they are read.

    Args:
        times_s: of the frames, rising.
        lines: subtitles.
        duration_s: of the film, for subtitles without an end.
        offset_s: when the film starts, on the clock of its subtitles.
    """
    times = np.asarray(times_s, dtype=float)
    order: list[int | str] = []
    shown = 0
    for middle_s, start_s, end_s, text in sorted(_placed(lines, duration_s, offset_s)):
        before = int(np.searchsorted(times, middle_s, side="right"))
        order += range(shown, max(shown, before))
        shown = max(shown, before)
        if ((start_s < times) & (times < end_s)).any():
            order.append(text)
    return [*order, *range(shown, len(times))]


def _placed(
    lines: Sequence[Line], duration_s: float | int, offset_s: float | int
) -> list[tuple[float, float, float, str]]:
    """Middle, start and end of each subtitle on the clock of the film, at least a second long."""
    found = []
    for line in lines:
        end_s = duration_s + offset_s if line.end_s is None else line.end_s
        middle_s = (line.start_s + end_s) / 2 - offset_s
        half_s = max(end_s - line.start_s, LEAST_S) / 2
        found.append((middle_s, middle_s - half_s, middle_s + half_s, line.text))
    return found
