"""Error breakdown: how the questions of several models ended, one bar per model.

The kinds are those of `misses`, in the same colours and hatchings, from hit to not found; the part
of hits stands at the end of the bar.
"""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import legend, style
from vtk_notebooks.figures.answers.misses import LOOKS
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.plain import plain
from vtk_notebooks.metrics.moments.misses import KINDS, MissTable

EDGE_MM, TOP_MM, ROW_MM, AXIS_MM, RIGHT_MM = 0.4, 3.6, 6.2, 7.4, 9.0
MOST_LETTERS, LEGEND_GAP_MM = 24, 0.6


@redrawable
def error_breakdown(
    tables: Mapping[str, MissTable],
    *,
    width_mm: float = style.VENUES["cvpr"].column_mm,
) -> style.PaperFigure:
    """Kinds of end in percent of questions: `error_breakdown({"ours": Misses().table(...)})`.

    Args:
        tables: by the model's name, in the order of the bars.
        width_mm: of the whole figure; the height follows from the bars.
    """
    if not tables or not all(len(table) for table in tables.values()):
        got = {name: len(table) for name, table in tables.items()}
        raise VtkError("error_breakdown", "one or more models with questions", got)
    names = [f"{plain(n, MOST_LETTERS)}\nn = {len(t):,}" for n, t in tables.items()]
    letters_mm = max(style.length_mm(line) for name in names for line in name.split("\n"))
    left_mm = EDGE_MM + 1.5 + letters_mm
    seen = [k for k in KINDS if any(t.counts()[k] for t in tables.values())]
    entries: dict[str, Any] = {kind: Patch(**LOOKS[kind]) for kind in seen}
    foot_mm = legend.height_mm(seen, width_mm - EDGE_MM) + LEGEND_GAP_MM
    tall_mm = ROW_MM * len(tables)
    fig = style.figure(width_mm, TOP_MM + tall_mm + AXIS_MM + foot_mm)
    with style.paper_style():
        ax = style.panel(fig, left_mm, TOP_MM, width_mm - left_mm - RIGHT_MM, tall_mm)
        for row, table in enumerate(tables.values()):
            _bar(ax, row, table)
        ax.annotate("Hits", (1, 1), (_END, 2), va="bottom", xycoords="axes fraction", **_TEXT)
        ax.set(xlabel="Questions (%)", xlim=(0, 100), ylim=(len(tables) - 0.5, -0.5))
        ax.set_yticks(range(len(tables)), names)
        ax.tick_params(axis="y", length=0)
        legend.draw(fig, entries, EDGE_MM, width_mm - EDGE_MM)
    return fig


_END = style.points(RIGHT_MM) - 1
_TEXT: Any = {
    "textcoords": "offset points",
    "ha": "right",
    "fontsize": style.SMALL_PT,
    "annotation_clip": False,
}


def _bar(ax: Axes, row: int, table: MissTable) -> None:
    """One model's questions, from hit to not found."""
    left = 0.0
    for kind, count in table.counts().items():
        part = 100 * count / len(table)
        if count:  # a part of no width would still be a line
            ax.barh(row, part, 0.66, left, clip_on=False, **LOOKS[kind])
        left += part
    hits = table.counts()["hit"] / len(table)
    ax.annotate(f"{hits:.0%}", (100, row), (_END, 0), va="center", **_TEXT)
