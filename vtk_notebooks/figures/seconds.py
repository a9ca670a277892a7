"""Rows that share one axis of seconds: pictures, bars and curves, from the top of a page down."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from jaxtyping import Float, UInt8
from matplotlib.axes import Axes

from vtk_notebooks.clip import Clip
from vtk_notebooks.figures import style
from vtk_notebooks.figures.palette import FAINT, INK, PREDICTION, SALIENCY, TRUTH, paler
from vtk_notebooks.figures.strip import frame_at, show, shrunk
from vtk_notebooks.moment import Moment
from vtk_notebooks.runs import Run
from vtk_notebooks.tokens import Tokens

LEFT_MM, RIGHT_MM, EDGE_MM, GAP_MM = 13.0, 1.5, 0.2, 0.8
NAME_MM, CURVE_MM, BAR_MM, AXIS_MM = 3.0, 9.0, 2.4, 6.8

Drawn = Mapping[str, Any]
"""How a mark looks, as matplotlib's keywords."""
Picture = tuple[Axes, UInt8[np.ndarray, "y x 3"], float, float]
"""Axes, frame, its time in seconds, and its width in millimetres."""
TRUE: Drawn = MappingProxyType(
    {"facecolor": paler(TRUTH, 0.45), "edgecolor": TRUTH, "hatch": "///////"}
)
BEST: Drawn = MappingProxyType({"facecolor": PREDICTION, "edgecolor": PREDICTION})
NEXT: Drawn = MappingProxyType({"facecolor": paler(PREDICTION, 0.25), "edgecolor": PREDICTION})
CURVE: Drawn = MappingProxyType({"color": SALIENCY, "linewidth": 1.0})
CUT: Drawn = MappingProxyType({"color": INK, "linewidth": 0.5, "linestyle": (0, (1, 1.5))})


def room_mm(width_mm: float) -> float:
    """How long the axis of seconds is on a page of that width."""
    return width_mm - LEFT_MM - RIGHT_MM


def strip_mm(clip: Clip, width_mm: float, count: int) -> float:
    """Height of a row of `count` pictures."""
    _, height, width, _ = clip.frames.shape
    return room_mm(width_mm) / count * height / width


def saliency(run: Run) -> Float[np.ndarray, "t"]:
    """How well each frame answers."""
    return run.saliency.detach().cpu().double().numpy()


def edges_s(tokens: Tokens) -> Float[np.ndarray, "e"]:
    """When each frame of the tokens begins, and when the last one ends."""
    last_s = tokens.ends_s()[-1].item()
    return np.append(tokens.times_s.cpu().numpy(), last_s).astype(float)


def limits(curves: Sequence[Float[np.ndarray, "t"]]) -> tuple[float, float]:
    """From a little below the lowest value of all curves to a little above the highest."""
    values = np.concatenate(curves)
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    room = 0.1 * (high - low) or 0.5
    return low - room, high + room


def places(
    fig: style.PaperFigure, clip: Clip, count: int, place_mm: tuple[float, float, float]
) -> Iterator[Picture]:
    """Axes for pictures of equal parts of a film; left, top and whole width in millimetres."""
    left_mm, top_mm, wide_mm = place_mm
    _, height, width, _ = clip.frames.shape
    part_mm = wide_mm / max(count, 1)
    for number in range(count):
        at_mm = left_mm + number * part_mm + 0.2
        ax = style.panel(fig, at_mm, top_mm, part_mm - 0.4, part_mm * height / width)
        time_s = (number + 0.5) / count * clip.duration_s
        yield ax, frame_at(clip, time_s), time_s, part_mm


def pictures(
    fig: style.PaperFigure, clip: Clip, count: int, place_mm: tuple[float, float, float]
) -> None:
    """A row of pictures of equal parts of a film, over an axis of its seconds."""
    for ax, frame, _, part_mm in places(fig, clip, count, place_mm):
        show(ax, shrunk(frame, part_mm))


@dataclass
class Page:
    """A figure that fills up from the top.

    Args:
        cuts_s: shot cuts, drawn through every row.
        at_mm: where the next row starts.
    """

    fig: style.PaperFigure
    clip: Clip
    cuts_s: Sequence[float]
    at_mm: float = EDGE_MM

    def row(self, height_mm: float) -> Axes:
        """The next axes of seconds, with the shot cuts already in them."""
        ax = style.panel(self.fig, LEFT_MM, self.at_mm, room_mm(self.fig.width_mm), height_mm)
        self.at_mm += height_mm + GAP_MM
        ax.set_xlim(0, self.clip.duration_s)
        ax.tick_params(bottom=False, labelbottom=False)
        for cut_s in self.cuts_s:
            ax.axvline(cut_s, zorder=0, **CUT)
        return ax

    def strip(self, count: int) -> None:
        """Pictures of equal parts of the film."""
        for ax, frame, _, part_mm in self.pictures(count):
            show(ax, shrunk(frame, part_mm))

    def pictures(self, count: int) -> Iterator[Picture]:
        """A row of places for pictures of equal parts of the film, to be filled by the caller.

        For each: its axes, the frame on show in the middle of the part, when that is, and its width
        in millimetres.
        """
        place_mm = (LEFT_MM, self.at_mm, room_mm(self.fig.width_mm))
        yield from places(self.fig, self.clip, count, place_mm)
        self.at_mm += strip_mm(self.clip, self.fig.width_mm, count) + GAP_MM

    def bars(self, name: str, moments: Sequence[Moment], first: Drawn, others: Drawn) -> None:
        """Moments as bars, the first one in front."""
        ax = self.row(BAR_MM)
        for rank, moment in enumerate(moments):
            span = [(moment.start_s, moment.duration_s)]
            drawn = others if rank else first
            ax.broken_barh(span, (0.12, 0.76), linewidth=0.5, zorder=20 - rank, **drawn)
        ax.set(ylim=(0, 1), yticks=[0.5], yticklabels=[name])
        ax.tick_params(left=False)
        for spine in ax.spines.values():
            spine.set_visible(False)

    def curve(
        self,
        values: Float[np.ndarray, "t"],
        edges_s: Float[np.ndarray, "e"],
        limits: tuple[float, float],
        truth: Sequence[Moment],
    ) -> Axes:
        """Saliency in steps, with gaps where it is nan, over the true moments in pale."""
        ax = self.row(CURVE_MM)
        pale = paler(TRUTH, 0.18)
        for moment in truth:
            ax.axvspan(moment.start_s, moment.end_s, color=pale, linewidth=0, zorder=-1)
        ax.stairs(values, edges_s, baseline=None, **CURVE)
        ax.set(ylim=limits, ylabel="Saliency")
        ax.yaxis.label.set_fontsize(style.SMALL_PT)
        ax.locator_params(axis="y", nbins=3)
        ax.spines["bottom"].set_color(FAINT)
        return ax

    def axis(self) -> None:
        """The seconds, below the lowest row."""
        ax = self.fig.axes[-1]
        ax.spines["bottom"].set_visible(True)
        ax.tick_params(bottom=True, labelbottom=True)
        ax.set_xlabel("Time (s)")
