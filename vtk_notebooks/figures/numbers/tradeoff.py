"""Trade-off: quality against what it costs, with the front that nothing beats.

Points of one series are joined. The pale steps are the Pareto front: nothing is both cheaper and
better than it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import legend, style
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.palette import INK, Look, grey_look, look, paler
from vtk_notebooks.figures.plain import plain
from vtk_notebooks.figures.points import AXES, Point, points_of
from vtk_notebooks.registry import unknown
from vtk_notebooks.runs import Run
from vtk_notebooks.statistics import pareto
from vtk_notebooks.sweep import Sweep

EDGE_MM, RIGHT_MM, TOP_MM, AXIS_MM = 0.4, 0.6, 1.5, 8.0
FRONT = "Pareto front"
WIDE = 4.0  # from this ratio of largest to smallest cost on, the axis counts doublings

Spots = Float[np.ndarray, "k 2"]
"""Cost and quality of some points, or how far their intervals reach below and above."""


@redrawable
def tradeoff(
    results: Sequence[Run | Point] | Sweep,
    *,
    x: str = "tokens",
    y: str = "",
    log: bool | None = None,
    width_mm: float = style.VENUES["cvpr"].column_mm,
    height_mm: float = 60.0,
) -> style.PaperFigure:
    """Quality (more is better) against cost (less is better), one mark per result.

    Args:
        results: runs, points where quality was measured (`Point.of(run, iou=0.62)`), or a sweep,
            whose recipes are points with intervals over films.
        x: name of the cost.
        y: name of the quality; by default that of a sweep, else "score".
        log: whether equal steps of x double the cost; left out, when costs differ much.
        width_mm: of the whole figure; `VENUES` has the usual ones.
        height_mm: likewise.
    """
    if isinstance(results, Sweep):
        y = y or results.quality
        points = points_of(results, x, y)
    else:
        y = y or "score"
        points = [Point.of(r) if isinstance(r, Run) else r for r in results]
    if not points:
        raise VtkError("tradeoff", "at least one result", "none", "Run a recipe first.")
    spots = np.array([[_value(p, x), _value(p, y)] for p in points])
    series = _series(points)
    names = [*(plain(s, 60) for s in series), FRONT]
    foot_mm = legend.height_mm(names, width_mm - EDGE_MM)
    fig = style.figure(width_mm, height_mm)
    with style.paper_style():
        ax = style.panel(fig, EDGE_MM, TOP_MM, width_mm, height_mm - TOP_MM - AXIS_MM - foot_mm)
        ax.set(xlabel=AXES.get(x, plain(x)), ylabel=AXES.get(y, plain(y)))
        _scale(ax, spots[:, 0], log)
        errors = np.array([np.broadcast_to(p.error, 2) for p in points])
        drawn = [_draw(ax, spots[i], errors[i], as_drawn) for i, as_drawn in series.values()]
        front = _draw_front(ax, spots)
        _fit(fig, ax)
        legend.draw(fig, dict(zip(names, [*drawn, front], strict=True)), EDGE_MM, width_mm)
    return fig


def _value(point: Point, name: str) -> float:
    if name not in point.numbers:
        raise unknown("tradeoff", "number", name, point.numbers)
    value = float(point.numbers[name])
    if not np.isfinite(value):
        who = point.label or point.series
        raise VtkError("tradeoff", f"a finite {name!r} of {who!r}", value, "Leave that result out.")
    return value


def _scale(ax: Axes, cost: Float[np.ndarray, "k"], log: bool | None) -> None:
    """Doublings where costs differ much and all are above 0, equal steps elsewhere."""
    if log is None:
        log = bool(cost.min() > 0 and cost.max() / cost.min() >= WIDE)
    if log and cost.min() <= 0:
        raise VtkError(
            "tradeoff", "costs above 0 on a log axis", float(cost.min()), "Set log=False."
        )
    ax.margins(0.1)
    ax.yaxis.set_major_locator(MaxNLocator(5))
    if log:
        ax.set_xscale("log", base=2)
        ax.xaxis.set_major_locator(LogLocator(base=2, numticks=8))
        ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


def _series(points: Sequence[Point]) -> dict[str, tuple[list[int], Look]]:
    """Which points belong together, and how they are drawn; baselines last."""
    members: dict[str, list[int]] = {}
    for number, point in enumerate(points):
        members.setdefault(point.series, []).append(number)
    greys = [s for s, i in members.items() if all(points[k].baseline for k in i)]
    looks = {s: look(n) for n, s in enumerate(s for s in members if s not in greys)}
    looks.update({s: grey_look(n) for n, s in enumerate(greys)})
    return {s: (members[s], as_drawn) for s, as_drawn in looks.items()}


def _draw(ax: Axes, spots: Spots, errors: Spots, as_drawn: Look) -> Any:
    """One series from its cheapest point to its dearest, with its intervals."""
    order = spots[:, 0].argsort(kind="stable")
    return ax.errorbar(
        *spots[order].T,
        yerr=errors[order].T if errors.any() else None,
        color=as_drawn.colour,
        linestyle=as_drawn.dashes if len(spots) > 1 else "none",
        marker=as_drawn.marker,
        markeredgecolor="white",
        markeredgewidth=0.4,
        elinewidth=0.6,
        zorder=3,
    )


def _draw_front(ax: Axes, spots: Spots) -> Artist:
    """Steps through the points that nothing beats, on to the right edge."""
    limits = ax.get_xlim()
    cost, quality = pareto(spots).T
    cost, quality = np.append(cost, limits[1]), np.append(quality, quality[-1])
    (line,) = ax.step(cost, quality, where="post", color=paler(INK, 0.15), linewidth=2.5, zorder=0)
    ax.set_xlim(limits)
    return line


def _fit(fig: style.PaperFigure, ax: Axes) -> None:
    """Narrow the axes to what the numbers beside them leave, so that none is cut."""
    room, boxes = ax.get_position(), [axis.get_tightbbox() for axis in (ax.xaxis, ax.yaxis)]
    found = [box for box in boxes if box is not None]
    left = room.x0 + (ax.bbox.x0 - min(b.x0 for b in found)) / fig.bbox.width
    over = max(b.x1 for b in found) - ax.bbox.x1
    right = 1 - max(over / fig.bbox.width, 0) - RIGHT_MM / fig.width_mm
    ax.set_position((left, room.y0, right - left, room.height))
