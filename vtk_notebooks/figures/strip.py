"""Film strips: which frames of a clip to show, and at what size they stay sharp on paper."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int, UInt8
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from PIL import Image

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures.style import MM_PER_INCH
from vtk_notebooks.runs import Run

PRINT_PX_PER_INCH = 300
GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Strip:
    """A row of frames, bare or with what a run left of their tokens.

    Args:
        times_s: of the frames.
        picks: their numbers in the grid of the tokens.
        timed: whether the times stand below this row.
    """

    clip: Clip
    times_s: tuple[float, ...]
    picks: tuple[int, ...]
    run: Run | None = None
    timed: bool = True

    def frame(self, column: int) -> UInt8[np.ndarray, "y x 3"]:
        """The picture in that column."""
        return frame_at(self.clip, self.times_s[column])

    def height_mm(self, width_mm: float) -> float:
        """Height of a frame of that width."""
        _, height, width, _ = self.clip.frames.shape
        return width_mm * height / width

    @cached_property
    def owner(self) -> Int[np.ndarray, "t h w"]:
        """For each shown cell its token, -1 where it was dropped; nothing in a bare row."""
        if self.run is None:
            return np.zeros((0, 0, 0), dtype=int)
        return self.run.tokens.owner()[list(self.picks)].cpu().numpy()

    @cached_property
    def merged(self) -> Bool[np.ndarray, "n"]:
        """Which tokens speak for more than one cell of the film."""
        if self.run is None:
            return np.zeros(0, dtype=bool)
        return (self.run.tokens.mass() > 1).cpu().numpy()


def strips_of(runs: Sequence[Run], frames: int | Sequence[int], bare: bool) -> list[Strip]:
    """A row per run; with `bare`, a row without tokens wherever other frames begin.

    Times are asked for once, below the last of the rows that show the same frames.
    """
    out: list[Strip] = []
    for run in runs:
        picks = _picks(run.tokens.grid[0], frames)
        times_s = tuple(run.tokens.times_s[list(picks)].tolist())
        again = bool(out) and _frames_of(out[-1]) == (run.clip.address, times_s)
        if again:
            out[-1] = replace(out[-1], timed=False)
        elif bare:
            out.append(Strip(run.clip, times_s, picks, timed=False))
        out.append(Strip(run.clip, times_s, picks, run))
    return out


def evenly(total: int, count: int) -> tuple[int, ...]:
    """One of each of `count` equal parts of `total` things; all of them when there are fewer.

    Where in its part moves by the golden ratio: a fixed place could meet every frame, or none,
    that a compressor keeps at regular steps.
    """
    if count < 1:
        raise VtkError("frames", "a number above 0", count, "Leave it out for as many as fit.")
    count = min(count, total)
    edges = [number * total // count for number in range(count + 1)]
    places = [(0.5 + number * GOLDEN) % 1 for number in range(count)]
    return tuple(a + int(p * (b - a)) for a, b, p in zip(edges, edges[1:], places, strict=False))


def frame_at(clip: Clip, t_s: float) -> UInt8[np.ndarray, "y x 3"]:
    """The frame whose time is nearest."""
    return clip.frames[np.abs(clip.times_s - t_s).argmin()]


def shrunk(frame: UInt8[np.ndarray, "y x 3"], width_mm: float) -> UInt8[np.ndarray, "q p 3"]:
    """The frame, averaged down as far as print at that width allows; never enlarged."""
    factor = int(frame.shape[1] / (width_mm / MM_PER_INCH * PRINT_PX_PER_INCH))
    return np.asarray(Image.fromarray(frame).reduce(factor)) if factor > 1 else frame


def show(ax: Axes, image: UInt8[np.ndarray, "y x 3"]) -> None:
    """Fill the axes with the picture; x and y then run from 0 to 1, y downwards."""
    ax.imshow(image, extent=(0, 1, 1, 0), aspect="auto")
    ax.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(1, 0))
    for spine in ax.spines.values():
        spine.set(visible=True, linewidth=0.3)


def lines(ax: Axes, ends: Float[np.ndarray, "k 2 2"], colour: Any, width_pt: float = 0.25) -> None:
    """Borders of cells over a picture."""
    drawn = LineCollection(list(ends), colors=colour, linewidths=width_pt, capstyle="projecting")
    ax.add_collection(drawn, autolim=False)


def _picks(total: int, frames: int | Sequence[int]) -> tuple[int, ...]:
    if isinstance(frames, int):
        return evenly(total, frames)
    if not frames or not all(0 <= f < total for f in frames):
        raise VtkError("frames", f"numbers from 0 to {total - 1}", list(frames))
    return tuple(frames)


def _frames_of(strip: Strip) -> tuple[str, tuple[float, ...]]:
    return strip.clip.address, strip.times_s
