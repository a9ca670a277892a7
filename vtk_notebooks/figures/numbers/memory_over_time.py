"""Memory over time: how much a process grew while something was done.

A trace is measured: `with metered() as cost` keeps one, and any two lists will do. A run has the
peaks of its stages, which are drawn as steps, because nothing is known of the time in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vtk_notebooks.cost import Cost
from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import legend, style
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.palette import FAINT, INK, Look, look, paler
from vtk_notebooks.figures.plain import plain
from vtk_notebooks.runs import Run

EDGE_MM, LEFT_MM, RIGHT_MM, TOP_MM, AXIS_MM = 0.4, 10.5, 2.0, 2.0, 8.0
PALE = 0.12


@dataclass(frozen=True)
class Trace:
    """Memory at several times.

    Args:
        times_s: since the start, rising.
        bytes: by which the process had grown.
        steps: whether each value holds until the next time, rather than at that time alone.
    """

    times_s: tuple[float, ...]
    bytes: tuple[int | float, ...]
    steps: bool = False

    def __post_init__(self) -> None:
        count = len(self.times_s)
        if not count or len(self.bytes) != count or (np.diff(self.times_s) < 0).any():
            got = f"{count} times, {len(self.bytes)} values"
            raise VtkError("Trace", "a value for each of one or more rising times", got)

    @classmethod
    def of(cls, run: Run | Cost) -> "Trace":
        """What was metered; of a run, the peak of each stage over the seconds it took."""
        if isinstance(run, Cost):
            times_s, grown = zip(*(run.trace or [(0.0, 0)]), strict=True)
            return cls(times_s, grown)
        ends_s = np.cumsum([0.0, *(s.seconds for s in run.stages)]).tolist()
        peaks = [s.peak_bytes for s in run.stages]
        return cls(tuple(ends_s), (*peaks, peaks[-1]), steps=True)


@redrawable
def memory_over_time(
    traces: Run | Sequence[Run] | Mapping[str, Trace],
    *,
    budget_mb: float | int | None = None,
    width_mm: float = style.VENUES["cvpr"].column_mm,
    height_mm: float = 50.0,
) -> style.PaperFigure:
    """Growth of memory in MB (millions of bytes) over seconds, one line for each trace.

    Args:
        traces: by what the legend says; or runs, by their labels.
        budget_mb: what is there, as a line across.
        width_mm: of the whole figure; `VENUES` has the usual ones.
        height_mm: likewise.
    """
    if isinstance(traces, Run):
        traces = [traces]
    if not isinstance(traces, Mapping):
        traces = {f"{run.label}": Trace.of(run) for run in traces}
    if not traces:
        raise VtkError("memory_over_time", "at least one trace", "none", "Run a recipe first.")
    names = [plain(name, 60) for name in traces]
    foot_mm = legend.height_mm(names, width_mm - EDGE_MM)
    fig = style.figure(width_mm, height_mm)
    with style.paper_style():
        room_mm, tall_mm = width_mm - LEFT_MM - RIGHT_MM, height_mm - TOP_MM - AXIS_MM - foot_mm
        ax = style.panel(fig, LEFT_MM, TOP_MM, room_mm, tall_mm)
        drawn = {
            name: _line(ax, trace, look(number))
            for number, (name, trace) in enumerate(zip(names, traces.values(), strict=True))
        }
        ax.set(xlabel="Time (s)", ylabel="Memory above the start (MB)")
        ax.set_xlim(0, max(t.times_s[-1] for t in traces.values()) or 1.0)
        if budget_mb is not None:
            _budget(ax, budget_mb)
        ax.set_ylim(0, 1.08 * ax.dataLim.y1 or 1.0)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(5))
        legend.draw(fig, drawn, EDGE_MM, width_mm - EDGE_MM)
    return fig


def _line(ax: Axes, trace: Trace, one: Look) -> object:
    """The line, over its own pale area, with a mark at the peak."""
    times_s, grown_mb = np.array(trace.times_s), np.array(trace.bytes, dtype=float) / 1e6
    where = "steps-post" if trace.steps else "default"
    step = "post" if trace.steps else None
    ax.fill_between(times_s, grown_mb, step=step, color=paler(one.colour, PALE), linewidth=0)
    peak = int(grown_mb.argmax())
    (line,) = ax.plot(
        times_s,
        grown_mb,
        color=one.colour,
        linestyle=one.dashes,
        drawstyle=where,
        marker=one.marker,
        markevery=[peak],
        markeredgecolor="white",
        markeredgewidth=0.4,
        clip_on=False,
    )
    return line


def _budget(ax: Axes, budget_mb: float | int) -> None:
    ax.axhline(budget_mb, color=INK, linewidth=0.7, linestyle=(0, (3, 1.5)))
    at: Any = {"textcoords": "offset points", "ha": "right", "va": "bottom"}
    where = ax.get_yaxis_transform()
    text = f"{budget_mb:,.4g} MB"
    ax.annotate(text, (1, budget_mb), (0, 1.5), where, color=FAINT, fontsize=style.SMALL_PT, **at)
    ax.update_datalim([(0, budget_mb)], updatex=False)
