"""Timeline: when it happens, as the recipe says and as it is.

From top to bottom, on one axis of seconds: frames of the film, the true moments, and for each run
its saliency curve with its moments below. A frame stands until the next one, so the curve is one
of steps; where no token is left, it has a gap.
"""

from collections.abc import Sequence
from typing import Any

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import legend, seconds, style
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.plain import plain
from vtk_notebooks.moment import Moment
from vtk_notebooks.runs import Run

FRAME_MM = 19.0  # pictures are about this wide


@redrawable
def timeline(
    runs: Run | Sequence[Run],
    truth: Sequence[Moment] = (),
    *,
    cuts_s: Sequence[float] = (),
    frames: int | None = None,
    most: int = 3,
    width_mm: float = style.VENUES["cvpr"].text_mm,
) -> style.PaperFigure:
    """Saliency over time, with predicted and true moments as bars, on one axis of seconds.

    Args:
        runs: of one film; each has its own curve, all on one scale.
        truth: the true moments.
        cuts_s: where shots change.
        frames: how many pictures above the axis, 0 for none; left out, as many as fit.
        most: how many moments of each run, best first; the best one is filled.
        width_mm: of the whole figure; `VENUES` has the usual ones.
    """
    runs = [runs] if isinstance(runs, Run) else list(runs)
    films = len({r.clip.address for r in runs})
    if films != 1:
        hint = "Draw one figure for each film."
        raise VtkError("timeline", "one or more runs of one film", f"runs of {films} films", hint)
    room_mm = seconds.room_mm(width_mm)
    count = max(1, int(room_mm / FRAME_MM)) if frames is None else max(0, frames)
    entries = _entries(max(len(r.moments[:most]) for r in runs), bool(truth), bool(cuts_s))
    total_mm = _height_mm(runs, count, bool(truth), width_mm)
    total_mm += legend.height_mm(list(entries), room_mm)
    page = seconds.Page(style.figure(width_mm, total_mm), runs[0].clip, tuple(cuts_s))
    with style.paper_style():
        if count:
            page.strip(count)
        if truth:
            page.bars("Truth", truth, seconds.TRUE, seconds.TRUE)
        for run in runs:
            _curve(page, run, runs, truth)
            page.bars("Predicted", run.moments[:most], seconds.BEST, seconds.NEXT)
        page.axis()
        legend.draw(page.fig, entries, seconds.LEFT_MM, room_mm)
    return page.fig


def _height_mm(runs: Sequence[Run], count: int, truth: bool, width_mm: float) -> float:
    """Height of all rows and of the axis below them."""
    rows = [seconds.strip_mm(runs[0].clip, width_mm, count)] if count else []
    rows += [seconds.BAR_MM] * truth
    rows += [_name_mm(runs) + seconds.CURVE_MM, seconds.BAR_MM] * len(runs)
    return seconds.EDGE_MM + sum(rows) + seconds.GAP_MM * len(rows) + seconds.AXIS_MM


def _name_mm(runs: Sequence[Run]) -> float:
    """Room for a run's name: only where there are others."""
    return seconds.NAME_MM if len(runs) > 1 else 0.0


def _curve(page: seconds.Page, run: Run, runs: Sequence[Run], truth: Sequence[Moment]) -> None:
    """One run's saliency on the scale of all runs."""
    page.at_mm += _name_mm(runs)
    limits = seconds.limits([seconds.saliency(r) for r in runs])
    ax = page.curve(seconds.saliency(run), seconds.edges_s(run.tokens), limits, truth)
    if len(runs) > 1:
        label = f"{plain(run.label, 80)}, {len(run.tokens):,} tokens"
        ax.set_title(label, loc="left", fontsize=style.SMALL_PT, pad=2)


def _entries(predicted: int, truth: bool, cuts: bool) -> dict[str, Any]:
    """What the legend explains: only what can be seen."""
    entries = {
        "saliency": (Line2D([], [], **seconds.CURVE), True),
        "best prediction": (Patch(**seconds.BEST), predicted > 0),
        "next predictions": (Patch(**seconds.NEXT), predicted > 1),
        "truth": (Patch(**seconds.TRUE), truth),
        "shot cut": (Line2D([], [], **seconds.CUT), cuts),
    }
    return {name: handle for name, (handle, there) in entries.items() if there}
