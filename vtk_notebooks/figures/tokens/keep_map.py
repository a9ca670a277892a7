"""Keep map: frames of a film, and over each of them what became of its tokens.

One row per run. A token that speaks for several cells tints them in its own colour, the same in
every frame and in the widget; cells that no token speaks for fade to grey.
"""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import numpy as np
from matplotlib.patches import Patch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import legend, style
from vtk_notebooks.figures.cells import borders, painted
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.palette import FAINT, INK, token_colours
from vtk_notebooks.figures.plain import plain
from vtk_notebooks.figures.strip import Strip, lines, show, shrunk, strips_of
from vtk_notebooks.runs import Run

LABEL_MM, GAP_MM, EDGE_MM, TIME_MM = 27.0, 0.8, 0.2, 3.2
FRAME_MM = 17.0  # much narrower, and cells can no longer be told apart
LEAST_FRAME_MM = 4.0
LINE_MM, LETTERS, COUNT_PT = 2.54, 21, 5.5  # of a label: its height, width and small print
EXACT = ("hard", "mean")  # kinds of share that the paint shows as they are; others are named


@redrawable
def keep_map(
    runs: Run | Sequence[Run],
    *,
    frames: int | Sequence[int] | None = None,
    width_mm: float = style.VENUES["cvpr"].text_mm,
    film: bool = True,
    tint: float = 0.45,
) -> style.PaperFigure:
    """Film strips with the groups of tokens drawn over them, one row per run.

    Args:
        runs: in the order of the rows.
        frames: how many, evenly spread, or which (numbers of frames that the encoder saw); left
            out, as many as can be read at this width.
        width_mm: of the whole figure; `VENUES` has the usual ones.
        film: whether the bare frames come first.
        tint: how strongly merged cells take the colour of their token, in [0, 1].
    """
    runs = [runs] if isinstance(runs, Run) else list(runs)
    if not runs:
        raise VtkError("keep_map", "at least one run", "none", "Run a recipe first.")
    room_mm = width_mm - LABEL_MM - EDGE_MM
    if frames is None:
        frames = max(1, int(room_mm / FRAME_MM))
    strips = strips_of(runs, frames, film)
    count = max(len(s.times_s) for s in strips)
    frame_mm = (room_mm + GAP_MM) / count - GAP_MM
    if frame_mm < LEAST_FRAME_MM:
        got = f"{count} frames in {width_mm:g} mm"
        raise VtkError("keep_map", "room for its frames", got, "Show fewer, or go wider.")
    tops_mm = _tops_mm(strips, frame_mm)
    entries = _entries(strips)
    foot_mm = legend.height_mm(list(entries), room_mm)
    fig = style.figure(width_mm, tops_mm[-1] + foot_mm)
    with style.paper_style():
        for strip, top_mm in zip(strips, tops_mm, strict=False):  # the last top is the end
            _label(fig, strip, top_mm, strip.height_mm(frame_mm))
            _frames(fig, strip, top_mm, frame_mm, tint)
        legend.draw(fig, entries, LABEL_MM, room_mm)
    return fig


def _tops_mm(strips: list[Strip], frame_mm: float) -> list[float]:
    """Where each row starts, and where the last one ends."""
    tops_mm = [EDGE_MM]
    for strip in strips:
        height_mm = strip.height_mm(frame_mm) + TIME_MM * strip.timed
        name, count = _said(strip)
        text_mm = LINE_MM * len(name + count)
        tops_mm.append(tops_mm[-1] + max(height_mm, text_mm) + GAP_MM)
    return tops_mm


def _frames(
    fig: style.PaperFigure, strip: Strip, top_mm: float, frame_mm: float, tint: float
) -> None:
    """The pictures of one row, their cells, and their times where they are due."""
    for column, time_s in enumerate(strip.times_s):
        left_mm = LABEL_MM + column * (frame_mm + GAP_MM)
        ax = style.panel(fig, left_mm, top_mm, frame_mm, strip.height_mm(frame_mm))
        image = shrunk(strip.frame(column), frame_mm)
        if strip.run is not None:
            owner, view = strip.owner[column], strip.run.tokens.view
            image = painted(image, owner, strip.merged, view, tint)
            lines(ax, borders(owner, strip.merged, view), "white")
            gone = np.minimum(owner, 0)  # the rest as one: only the edge of what was dropped
            lines(ax, borders(gone, strip.merged[:0], view), INK)
        show(ax, image)
        if strip.timed:
            ax.set_xlabel(f"{time_s:.1f} s", fontsize=style.SMALL_PT)


def _said(strip: Strip) -> tuple[list[str], list[str]]:
    """Lines beside a row: the run's name; how many tokens are left, and what shares mean."""
    if strip.run is None:
        return [], [plain(strip.clip.origin.name, LETTERS)]
    name = wrap(plain(strip.run.label), LETTERS, max_lines=2, placeholder="…")
    before, tokens = len(strip.run.stages[0].tokens), strip.run.tokens
    kind = "" if tokens.kind in EXACT else f", {tokens.kind}"
    count = f"{len(tokens):,} of {before:,} ({len(tokens) / before:.0%}){kind}"
    return name, wrap(count, LETTERS + 2)


def _label(fig: style.PaperFigure, strip: Strip, top_mm: float, height_mm: float) -> None:
    """The lines beside a row: around its middle, or from its top when they are higher."""
    name, count = _said(strip)
    at_mm = top_mm + max(height_mm - LINE_MM * len(name + count), 0) / 2
    for number, line in enumerate(name + count):
        look = (INK, style.SMALL_PT) if number < len(name) else (FAINT, COUNT_PT)
        at_mm += LINE_MM
        y = 1 - (at_mm - 0.25 * LINE_MM) / fig.height_mm  # the base line leaves room for a "p"
        fig.text(0, y, line, va="baseline", color=look[0], fontsize=look[1])


def _entries(strips: list[Strip]) -> dict[str, Any]:
    """What the paint means: only what can be seen."""
    merged = any((s.merged[s.owner] & (s.owner >= 0)).any() for s in strips if s.run)
    gone = any((s.owner < 0).any() for s in strips)
    three = tuple(Patch(color=tuple(c)) for c in token_colours(np.arange(3)))
    grey = Patch(facecolor="#E9E9E9", edgecolor=INK, linewidth=0.25)
    entries = {"merged: one colour per token": (three, merged), "dropped": (grey, gone)}
    return {name: handle for name, (handle, there) in entries.items() if there}
