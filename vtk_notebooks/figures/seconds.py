"""Rows that share one axis of seconds: pictures, bars and curves, from the top of a page down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from vtk_notebooks.clip import Clip
from vtk_notebooks.figures import style
from vtk_notebooks.figures.palette import FAINT, INK, PREDICTION, SALIENCY, TRUTH, paler
from vtk_notebooks.figures.strip import frame_at, show, shrunk
from vtk_notebooks.moment import Moment

LEFT_MM, RIGHT_MM, EDGE_MM, GAP_MM = 13.0, 1.5, 0.2, 0.8
NAME_MM, CURVE_MM, BAR_MM, AXIS_MM = 3.0, 9.0, 2.4, 6.8

Drawn = Mapping[str, Any]
"""How a mark looks, as matplotlib's keywords."""
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
        """Pictures of equal parts of the film: the frame on show in the middle of each."""
        part_mm = room_mm(self.fig.width_mm) / count
        height_mm = strip_mm(self.clip, self.fig.width_mm, count)
        for number in range(count):
            left_mm = LEFT_MM + number * part_mm + 0.2
            ax = style.panel(self.fig, left_mm, self.at_mm, part_mm - 0.4, height_mm)
            time_s = (number + 0.5) / count * self.clip.duration_s
            show(ax, shrunk(frame_at(self.clip, time_s), part_mm))
        self.at_mm += height_mm + GAP_MM

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
