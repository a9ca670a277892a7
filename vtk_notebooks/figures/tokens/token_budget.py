"""Token budget: how many tokens are left after each stage, as a flow from left to right.

One row per run, all on one scale: the height of a bar is the number of tokens, what flows on joins
two bars, and what a stage takes away runs out below. Numbers stand beside the bars, so that nothing
is read off an axis.
"""

from collections.abc import Sequence
from itertools import pairwise
from textwrap import wrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import style
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.palette import FAINT, INK, SALIENCY, paler
from vtk_notebooks.figures.plain import plain
from vtk_notebooks.runs import Run

EDGE_MM, TITLE_MM, FLOW_MM, GAP_MM = 0.4, 4.4, 14.0, 2.0
LINE_MM, BAR_MM, LAST_MM, TALLEST_PART = 2.65, 2.0, 23.0, 0.96


@redrawable
def token_budget(
    runs: Run | Sequence[Run],
    *,
    width_mm: float = style.VENUES["cvpr"].column_mm,
) -> style.PaperFigure:
    """What each stage leaves of the tokens, one row per run.

    Args:
        runs: in the order of the rows; all on one scale.
        width_mm: of the whole figure; `VENUES` has the usual ones.
    """
    runs = [runs] if isinstance(runs, Run) else list(runs)
    if not runs:
        raise VtkError("token_budget", "at least one run", "none", "Run a recipe first.")
    most = max(len(stage.tokens) for run in runs for stage in run.stages)
    wide_mm = width_mm - 2 * EDGE_MM
    steps = max(len(run.stages) for run in runs) - 1
    column_mm = (wide_mm - LAST_MM) / max(1, steps)
    words = [_words(run, column_mm) for run in runs]
    feet_mm = [LINE_MM * max(map(len, w)) + GAP_MM for w in words]
    each_mm = [TITLE_MM * (len(runs) > 1) + FLOW_MM + LINE_MM + foot for foot in feet_mm]
    fig, at_mm = style.figure(width_mm, EDGE_MM + sum(each_mm) - GAP_MM / 2), EDGE_MM
    with style.paper_style():
        for run, said, tall_mm in zip(runs, words, each_mm, strict=True):
            if len(runs) > 1:
                y = 1 - (at_mm + 0.7 * TITLE_MM) / fig.height_mm
                name = plain(run.label, int(width_mm / 1.4))
                fig.text(EDGE_MM / width_mm, y, name, color=INK, fontsize=style.TEXT_PT)
            top_mm = at_mm + TITLE_MM * (len(runs) > 1) + LINE_MM
            ax = style.panel(fig, EDGE_MM, top_mm, wide_mm, FLOW_MM)
            ax.set(xlim=(0, wide_mm), ylim=(0, most / TALLEST_PART))
            ax.axis("off")
            _flow(ax, [len(stage.tokens) for stage in run.stages], said, column_mm)
            at_mm += tall_mm
    return fig


def _words(run: Run, column_mm: float) -> list[list[str]]:
    """The names of the stages in lines that fit their columns."""
    names = [plain(stage.name, 80).replace("_", " ") for stage in run.stages]
    last = len(names) - 1
    rooms_mm = [LAST_MM if at == last else column_mm - 1 for at in range(len(names))]
    return [_lines(name, room_mm) for name, room_mm in zip(names, rooms_mm, strict=True)]


def _lines(name: str, room_mm: float) -> list[str]:
    """As few lines as fit, three at most."""
    letters = max(4, int(room_mm / style.length_mm("n")))
    while letters > 4:
        found = wrap(name, letters, max_lines=3, placeholder="…")
        if max(map(style.length_mm, found)) <= room_mm:
            return found
        letters -= 1
    return wrap(name, letters, max_lines=3, placeholder="…")


_NEAR: Any = {"textcoords": "offset points", "annotation_clip": False, "fontsize": style.SMALL_PT}


def _flow(
    ax: Axes, counts: Sequence[int], words: Sequence[Sequence[str]], column_mm: float
) -> None:
    """Bars with their numbers above and names below, and what flows between them."""
    for number, (count, said) in enumerate(zip(counts, words, strict=True)):
        at_mm = number * column_mm
        ax.add_patch(Rectangle((at_mm, 0), BAR_MM, count, color=SALIENCY, linewidth=0))
        part = f" ({count / counts[0]:.0%})" if number else ""
        ax.annotate(f"{count:,}{part}", (at_mm, count), (0, 1.5), color=INK, **_NEAR)
        under = {"color": FAINT, "va": "top", "linespacing": 1.1}
        ax.annotate("\n".join(said), (at_mm, 0), (0, -2), **under, **_NEAR)
    for number, (before, after) in enumerate(pairwise(counts)):
        _stream(ax, number * column_mm + BAR_MM, column_mm - BAR_MM, before, after)


def _stream(ax: Axes, left_mm: float, wide_mm: float, before: int, after: int) -> None:
    """What goes on, and, where that is less, what runs out."""
    kept, right_mm, middle_mm = min(before, after), left_mm + wide_mm, left_mm + wide_mm / 2
    top = [(left_mm, kept), (middle_mm, kept), (middle_mm, after), (right_mm, after)]
    corners = [(left_mm, 0), *top, (right_mm, 0), (left_mm, 0)]
    codes = [Path.MOVETO, Path.LINETO, *[Path.CURVE4] * 3, Path.LINETO, Path.CLOSEPOLY]
    pale: Any = {"facecolor": paler(SALIENCY, 0.35), "linewidth": 0}
    ax.add_patch(PathPatch(Path(corners, codes), zorder=-1, **pale))
    if kept < before:
        out_mm = left_mm + min(0.3 * wide_mm, 7.0)
        side = [(left_mm, before), (out_mm, before), (out_mm, kept)]
        lost = Path([(left_mm, kept), *side, (left_mm, kept)], _BEND)
        ax.add_patch(PathPatch(lost, zorder=-2, **_GONE))


_BEND = [Path.MOVETO, Path.LINETO, Path.CURVE3, Path.CURVE3, Path.CLOSEPOLY]
_GONE: Any = {
    "facecolor": paler(FAINT, 0.3),
    "edgecolor": FAINT,
    "hatch": "//////",
    "linewidth": 0,
}
