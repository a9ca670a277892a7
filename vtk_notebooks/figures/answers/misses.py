"""Misses: how far answers are from the truth, what is wrong with them, and for which moments.

On the left, how many questions reached which IoU; on the right, how they ended for short and for
long moments. Both in percent of questions, and in one code of colours and hatchings.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import legend, style
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.palette import FAINT, INK, PREDICTION, SERIES, TRUTH, paler
from vtk_notebooks.metrics.moments.misses import KINDS, MissTable

EDGE_MM, RIGHT_MM, TOP_MM, AXIS_MM = 0.4, 2.2, 1.5, 8.0
NUMBERS_MM, NAMES_MM, GAP_MM = 9.0, 12.0, 3.0
BINS = 10

Drawn = Mapping[str, Any]
"""How a mark looks, as matplotlib's keywords."""
_HATCHES = {
    "too long": (SERIES[1].colour, "------"),
    "too short": (SERIES[2].colour, "......"),
    "wrong place": (PREDICTION, "//////"),
}
LOOKS: Mapping[str, Drawn] = MappingProxyType(
    {
        "hit": {"facecolor": TRUTH, "edgecolor": TRUTH},
        **{
            kind: {"facecolor": paler(colour, 0.35), "edgecolor": colour, "hatch": hatch}
            for kind, (colour, hatch) in _HATCHES.items()
        },
        "not found": {"facecolor": "white", "edgecolor": FAINT},
    }
)
"""How each kind of end is drawn; they differ in grey, too."""
_THRESHOLD: Drawn = MappingProxyType({"color": INK, "linewidth": 0.7, "linestyle": (0, (3, 1.5))})


@redrawable
def misses(
    table: MissTable,
    *,
    width_mm: float = style.VENUES["cvpr"].column_mm,
    height_mm: float = 48.0,
) -> style.PaperFigure:
    """IoU and kind of every question's end: `misses(Misses().table(answers, truths))`.

    Args:
        table: of one system.
        width_mm: of the whole figure; `VENUES` has the usual ones.
        height_mm: likewise.
    """
    if not len(table):
        raise VtkError("misses", "one or more questions", "none")
    entries = _entries(table)
    foot_mm = legend.height_mm(list(entries), width_mm - EDGE_MM)
    tall_mm = height_mm - TOP_MM - AXIS_MM - foot_mm
    room_mm = (width_mm - NUMBERS_MM - GAP_MM - NAMES_MM - RIGHT_MM) / 2
    right_mm = NUMBERS_MM + room_mm + GAP_MM + NAMES_MM
    fig = style.figure(width_mm, height_mm)
    with style.paper_style():
        _draw_ious(style.panel(fig, NUMBERS_MM, TOP_MM, room_mm, tall_mm), table)
        _draw_lengths(style.panel(fig, right_mm, TOP_MM, room_mm, tall_mm), table)
        legend.draw(fig, entries, EDGE_MM, width_mm - EDGE_MM)
    return fig


def iou_shares(table: MissTable) -> Float[np.ndarray, "k b"]:
    """Percent of questions for each kind and each tenth of IoU, lower ends included."""
    edges = np.arange(BINS + 1) / BINS  # 6 / 10 is exactly 0.6, where linspace gives a hair more
    counts = [np.histogram(table.iou[table.kind == k], edges)[0] for k in range(len(KINDS))]
    return 100 * np.array(counts) / len(table)


def _draw_ious(ax: Axes, table: MissTable) -> None:
    """A histogram, its bars made of kinds."""
    left, bottom = np.arange(BINS) / BINS, np.zeros(BINS)
    for kind, share in zip(KINDS, iou_shares(table), strict=True):
        some = share > 0  # a bar of no height would still be a line
        ax.bar(left[some], share[some], 1 / BINS, bottom[some], align="edge", **LOOKS[kind])
        bottom += share
    ax.axvline(table.threshold, **_THRESHOLD)
    ax.set(xlabel="IoU of the first answer", ylabel="Questions (%)", xlim=(0, 1))
    ax.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])


def _draw_lengths(ax: Axes, table: MissTable) -> None:
    """A bar for each length of the true moment, the shortest on top."""
    counts = table.by_bin()
    asked = counts.sum(1)
    share = 100 * counts / asked.clip(1)[:, None]
    left, row = np.zeros(len(asked)), np.arange(len(asked))
    for kind, part in zip(KINDS, share.T, strict=True):
        some = part > 0
        ax.barh(row[some], part[some], 0.7, left[some], clip_on=False, **LOOKS[kind])
        left += part
    names = [f"{b}\nn = {n:,}" for b, n in zip(table.bins, asked, strict=True)]
    ax.set_yticks(row, names)
    ax.tick_params(axis="y", length=0)
    ax.set(xlabel="Questions (%)", xlim=(0, 100), ylim=(len(asked) - 0.5, -0.5))
    ax.set_xticks([0, 50, 100])


def _entries(table: MissTable) -> dict[str, Any]:
    """What the legend explains: only what can be seen."""
    seen = {kind: Patch(**LOOKS[kind]) for kind, count in table.counts().items() if count}
    return {**seen, f"IoU {table.threshold:g}": Line2D([], [], **_THRESHOLD)}
