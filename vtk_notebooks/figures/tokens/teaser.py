"""Teaser: the whole idea on one axis of seconds, for the first page of a paper.

From top to bottom: the question, frames of the film, what became of the tokens of the same frames,
how well every frame answers, and the moments, true and found.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from vtk_notebooks.figures import legend, seconds, style
from vtk_notebooks.figures.cells import borders, painted
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.palette import FAINT, INK
from vtk_notebooks.figures.plain import plain
from vtk_notebooks.figures.strip import lines, show, shrunk
from vtk_notebooks.moment import Moment
from vtk_notebooks.runs import Run

FRAME_MM, ASKED_MM, LETTER_MM = 20.0, 4.4, 1.35


@redrawable
def teaser(
    run: Run,
    truth: Sequence[Moment] = (),
    *,
    frames: int | None = None,
    most: int = 1,
    tint: float = 0.45,
    width_mm: float = style.VENUES["cvpr"].text_mm,
) -> style.PaperFigure:
    """Film strip, tokens and timeline of one run, all on one axis of seconds.

    Args:
        run: what to show; its question stands on top.
        truth: the true moments.
        frames: how many pictures in each strip; left out, as many as fit.
        most: how many of the run's moments, best first.
        tint: how strongly merged cells take the colour of their token, in [0, 1].
        width_mm: of the whole figure; `VENUES` has the usual ones.
    """
    room_mm = seconds.room_mm(width_mm)
    count = max(1, int(room_mm / FRAME_MM)) if frames is None else max(1, frames)
    entries = _entries(run, bool(truth), most)
    strip_mm = seconds.strip_mm(run.clip, width_mm, count)
    rows = [strip_mm, strip_mm, seconds.CURVE_MM, seconds.BAR_MM, *[seconds.BAR_MM] * bool(truth)]
    total_mm = ASKED_MM + seconds.EDGE_MM + sum(rows) + seconds.GAP_MM * len(rows)
    total_mm += seconds.AXIS_MM + legend.height_mm(list(entries), room_mm)
    page = seconds.Page(style.figure(width_mm, total_mm), run.clip, (), seconds.EDGE_MM + ASKED_MM)
    with style.paper_style():
        _ask(page, run, room_mm)
        _beside(page, strip_mm, "Film", [f"{run.clip.duration_s:.3g} s"])
        page.strip(count)
        kept = len(run.tokens) / len(run.stages[0].tokens)
        _beside(page, strip_mm, "Tokens", [f"{kept:.0%}"])
        _tokens(page, run, count, tint)
        values, edges_s = seconds.saliency(run), seconds.edges_s(run.tokens)
        page.curve(values, edges_s, seconds.limits([values]), truth)
        if truth:
            page.bars("Truth", truth, seconds.TRUE, seconds.TRUE)
        page.bars("Predicted", run.moments[:most], seconds.BEST, seconds.NEXT)
        page.axis()
        legend.draw(page.fig, entries, seconds.LEFT_MM, room_mm)
    return page.fig


def _ask(page: seconds.Page, run: Run, room_mm: float) -> None:
    """The question, and how many tokens are left, over the film."""
    count = f"{len(run.tokens):,} of {len(run.stages[0].tokens):,} tokens"
    left_mm = room_mm - style.length_mm(count) - 4
    text = f"“{plain(run.query.text, max(10, int(left_mm / LETTER_MM)))}”"
    y, wide_mm = 1 - 0.72 * ASKED_MM / page.fig.height_mm, page.fig.width_mm
    page.fig.text(seconds.LEFT_MM / wide_mm, y, text, style="italic", va="baseline")
    small = {"color": FAINT, "fontsize": style.SMALL_PT, "ha": "right", "va": "baseline"}
    page.fig.text(1 - seconds.RIGHT_MM / wide_mm, y, count, **small)


def _beside(page: seconds.Page, height_mm: float, name: str, more: Sequence[str]) -> None:
    """Words on the left of a strip, around its middle."""
    step_mm, x = 2.5, (seconds.LEFT_MM - 1.0) / page.fig.width_mm
    at_mm = page.at_mm + max(0.0, height_mm - step_mm * (1 + len(more))) / 2
    for number, line in enumerate([name, *more]):
        at_mm += step_mm
        y = 1 - (at_mm - 0.6) / page.fig.height_mm
        ink = FAINT if number else INK
        page.fig.text(x, y, line, ha="right", color=ink, fontsize=style.SMALL_PT)


def _tokens(page: seconds.Page, run: Run, count: int, tint: float) -> None:
    """The frames of the strip above, painted with their tokens."""
    tokens = run.tokens
    owner = tokens.owner().cpu().numpy()
    merged, times_s = (tokens.mass() > 1).cpu().numpy(), tokens.times_s.cpu().numpy()
    for ax, frame, time_s, part_mm in page.pictures(count):
        mine = owner[np.abs(times_s - time_s).argmin()]
        show(ax, painted(shrunk(frame, part_mm), mine, merged, tokens.view, tint))
        lines(ax, borders(mine, merged, tokens.view), "white")
        lines(ax, borders(np.minimum(mine, 0), merged[:0], tokens.view), INK)


def _entries(run: Run, truth: bool, most: int) -> dict[str, Any]:
    """What the legend explains: only what can be seen."""
    found = len(run.moments[:most])
    entries = {
        "how well a frame answers": (Line2D([], [], **seconds.CURVE), True),
        "best prediction": (Patch(**seconds.BEST), found > 0),
        "next predictions": (Patch(**seconds.NEXT), found > 1),
        "truth": (Patch(**seconds.TRUE), truth),
    }
    return {name: handle for name, (handle, there) in entries.items() if there}
