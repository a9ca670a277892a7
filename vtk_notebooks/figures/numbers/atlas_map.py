"""Atlas map: every published system as a tile, by family and year; filled where it works here."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.patches import Patch, Rectangle

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import legend, style
from vtk_notebooks.figures.palette import FAINT, TRUTH, paler

EDGE_MM, NAMES_MM, COUNT_MM, TOP_MM, GAP_MM = 0.4, 19.0, 11.0, 4.0, 2.0
EARLY = 2020
"""Systems up to this year share the first column: there are few."""
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "working": {"facecolor": TRUTH, "edgecolor": TRUTH},
    "planned": {"facecolor": "white", "edgecolor": paler(FAINT, 0.8)},
}


def atlas_map(
    systems: Sequence[Mapping[str, Any]],
    *,
    width_mm: float = style.VENUES["cvpr"].text_mm,
    row_mm: float = 4.6,
) -> style.PaperFigure:
    """The map of `papers.atlas()`: families as rows, years as columns.

    Args:
        systems: dictionaries with family, year and status.
        width_mm: of the whole figure; `VENUES` has the usual ones.
        row_mm: height of a family's row.
    """
    if not systems:
        raise VtkError("atlas_map", "one or more systems", "none")
    families = sorted({s["family"] for s in systems})
    columns = columns_of(systems)
    wide = sum(columns.values())
    room_mm, gaps = width_mm - NAMES_MM - COUNT_MM - EDGE_MM, max(len(columns) - 1, 1)
    tile_mm = min((room_mm - GAP_MM * gaps) / wide, row_mm)
    gap_mm = min((room_mm - wide * tile_mm) / gaps, 2 * row_mm)
    height_mm = TOP_MM + row_mm * len(families) + legend.ROW_MM + 1.5
    fig = style.figure(width_mm, height_mm)
    with style.paper_style():
        ax = style.panel(fig, 0.0, 0.0, width_mm, height_mm)
        ax.set(xlim=(0, width_mm), ylim=(height_mm, 0))
        ax.axis("off")
        left_mm = NAMES_MM
        starts = {}
        for year, many in columns.items():
            starts[year] = left_mm
            ax.text(left_mm, TOP_MM - 1.0, named(year), fontsize=style.SMALL_PT, color=FAINT)
            left_mm += many * tile_mm + gap_mm
        for row, family in enumerate(families):
            mine = [s for s in systems if s["family"] == family]
            y_mm = TOP_MM + row * row_mm
            middle = {"va": "center", "y": y_mm + row_mm / 2}
            ax.text(x=NAMES_MM - 2, s=family, ha="right", **middle)
            done = sum(s["status"] == "working" for s in mine)
            told = f"{done} of {len(mine)}"
            ax.text(x=left_mm, s=told, fontsize=style.SMALL_PT, color=FAINT, **middle)
            for year, start_mm in starts.items():
                for n, system in enumerate(_in(mine, year)):
                    _draw(ax, start_mm + n * tile_mm, y_mm, tile_mm, row_mm, system["status"])
        handles = {"works here": Patch(**LOOKS["working"]), "planned": Patch(**LOOKS["planned"])}
        seen = {s["status"] for s in systems}
        entries = {
            name: h for (name, h), s in zip(handles.items(), LOOKS, strict=True) if s in seen
        }
        legend.draw(fig, entries, NAMES_MM, width_mm - NAMES_MM)
    return fig


def columns_of(systems: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Years in order, each with the most systems that one family has in it."""
    families = {s["family"] for s in systems}
    many = {}
    for year in sorted({max(s["year"], EARLY) for s in systems}):
        mine = ([s for s in systems if s["family"] == family] for family in families)
        many[year] = max(2, *(len(_in(m, year)) for m in mine))
    return many


def named(year: int) -> str:
    """What stands over a column."""
    return f"≤ {year}" if year == EARLY else str(year)


def _in(systems: Sequence[Mapping[str, Any]], year: int) -> list[Mapping[str, Any]]:
    """Those of a column: what works first."""
    found = [s for s in systems if max(s["year"], EARLY) == year]
    return sorted(found, key=lambda s: s["status"] != "working")


def _draw(ax: Any, x_mm: float, y_mm: float, tile_mm: float, row_mm: float, status: str) -> None:
    pad_mm = 0.12 * tile_mm
    side_mm = tile_mm - 2 * pad_mm
    corner = (x_mm + pad_mm, y_mm + (row_mm - side_mm) / 2)
    ax.add_patch(Rectangle(corner, side_mm, side_mm, linewidth=0.5, **LOOKS[status]))
