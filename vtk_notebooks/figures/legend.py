"""Legends at the foot of a figure, in as few rows as fit its width."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.legend_handler import HandlerTuple

from vtk_notebooks.figures.style import PaperFigure

ROW_MM = 3.2
_LETTER_MM, _HANDLE_MM, _SPACE_MM = 1.12, 5.4, 3.4  # widths at the style's legend size


def height_mm(names: Sequence[str], room_mm: float) -> float:
    """Height of the legend in that room; 0 without entries."""
    if not names:
        return 0.0
    return ROW_MM * -(-len(names) // _columns(names, room_mm))


def draw(fig: PaperFigure, entries: Mapping[str, Any], left_mm: float, room_mm: float) -> None:
    """The legend, standing on the lower edge. A tuple of handles is drawn side by side."""
    if entries:
        fig.legend(
            list(entries.values()),
            list(entries),
            loc="lower left",
            bbox_to_anchor=(left_mm / fig.width_mm, 0),
            ncols=_columns(list(entries), room_mm),
            handler_map={tuple: HandlerTuple(ndivide=None, pad=0)},
        )


def _columns(names: Sequence[str], room_mm: float) -> int:
    """The most columns that fit; entries run down the columns, as matplotlib fills them."""
    widths = [len(n) * _LETTER_MM + _HANDLE_MM for n in names]
    for count in range(len(names), 1, -1):
        columns = np.array_split(widths, count)
        if sum(c.max() for c in columns) + _SPACE_MM * (count - 1) <= room_mm:
            return count
    return 1
