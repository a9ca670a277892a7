"""Ablation: a table of recipes whose differences to one of them are drawn with their intervals.

A filled mark says that a difference is more than chance at 5 % after Holm's correction; an open
one, that it may be none. Numbers stand beside the marks, so that nothing is read off an axis.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import style
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.palette import FAINT, INK, SALIENCY
from vtk_notebooks.figures.plain import plain
from vtk_notebooks.figures.points import AXES
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.sweep import Sweep, Verdict

EDGE_MM, TOP_MM, ROW_MM, AXIS_MM = 0.6, 4.2, 4.4, 8.0
NAME_PART, COLUMN_MM, LETTER_MM, TICK_MM = 0.3, 4.0, 1.22, 12.0  # between columns of words
TITLES = ("Mean", "Difference", "p (Holm)")
SURE = 0.05


@redrawable
def ablation(
    sweep: Sweep,
    number: str = "",
    *,
    reference: str = "",
    width_mm: float = style.VENUES["cvpr"].text_mm,
) -> style.PaperFigure:
    """One row per recipe: its mean, and how far it is from the reference.

    Args:
        sweep: of two recipes or more.
        number: that is compared; by default the sweep's quality.
        reference: name of a recipe; by default the sweep's own.
        width_mm: of the whole figure, 100 or more; the height follows from the rows.
    """
    number, reference = number or sweep.quality, reference or sweep.reference
    verdicts = {v.recipe: v for v in sweep.against(reference, number)}
    if not verdicts:
        hint = "Look at Sweep.errors."
        raise VtkError("ablation", "two recipes that answered the same questions", "none", hint)
    if width_mm < 100:
        raise VtkError("ablation", "100 mm of width or more", width_mm, "Use the page's width.")
    means = sweep.means(number)
    names = [reference, *(name for name in sweep.recipes if name != reference)]
    tall_mm, left_mm = ROW_MM * len(names), NAME_PART * width_mm
    cells = {n: _cells(means[n], verdicts.get(n), n == reference) for n in names}
    columns = zip(TITLES, *cells.values(), strict=True)
    columns_mm = [COLUMN_MM + max(map(style.length_mm, column)) for column in columns]
    wide_mm = width_mm - left_mm - sum(columns_mm) - 2 * EDGE_MM
    fig = style.figure(width_mm, TOP_MM + tall_mm + AXIS_MM)
    with style.paper_style():
        ax = style.panel(fig, left_mm, TOP_MM, wide_mm, tall_mm)
        for row, name in enumerate(names):
            _draw(ax, row, verdicts.get(name))
            most = int((left_mm - 2 * EDGE_MM) / LETTER_MM)
            _write(ax, row, plain(name, most), cells[name], (left_mm, wide_mm, columns_mm))
        _write(ax, -0.9, "", TITLES, (left_mm, wide_mm, columns_mm))
        ax.axvline(0, color=FAINT, linewidth=0.7, zorder=0)
        label = AXES.get(number, plain(number))
        ax.set(ylim=(len(names) - 0.5, -0.5), xlabel=f"Difference in {_lower(label)}")
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.margins(x=0.08)
        ax.locator_params(axis="x", nbins=max(2, min(5, int(wide_mm / TICK_MM))))
    return fig


def _draw(ax: Axes, row: int, verdict: Verdict | None) -> None:
    """Mark and interval of one difference; nothing for the reference, whose difference is 0."""
    if verdict is None:
        return
    difference = verdict.comparison.difference
    if difference.low == difference.low:
        ax.plot([difference.low, difference.high], [row, row], color=SALIENCY, linewidth=1.0)
    face = SALIENCY if verdict.p_holm < SURE else "white"
    ax.plot([float(difference)], [row], "o", color=SALIENCY, markerfacecolor=face, zorder=3)


def _write(
    ax: Axes,
    row: float | int,
    name: str,
    cells: tuple[str, ...],
    place_mm: tuple[float, float, Sequence[float]],
) -> None:
    """The words of one row: the name on the left of the axes, cells on their right."""
    left_mm, wide_mm, columns_mm = place_mm
    at = blended_transform_factory(ax.transAxes, ax.transData)
    look = {"transform": at, "va": "center", "fontsize": style.SMALL_PT, "color": INK}
    ax.text((EDGE_MM - left_mm) / wide_mm, row, name, ha="left", **look)
    end_mm = wide_mm
    for cell, column_mm in zip(cells, columns_mm, strict=True):
        end_mm += column_mm
        ax.text(end_mm / wide_mm, row, cell, ha="right", **look)


def _cells(mean: Estimate, verdict: Verdict | None, is_reference: bool) -> tuple[str, ...]:
    said = "-" if not mean.n else f"{float(mean):.3g}"
    if verdict is None:
        return said, "reference" if is_reference else "no answers", ""
    d = verdict.comparison.difference
    ends = f" [{d.low:+.2g}, {d.high:+.2g}]" if d.low == d.low else ""
    return said, f"{float(d):+.2g}{ends}", f"{verdict.p_holm:.2g}"


def _lower(label: str) -> str:
    """In the middle of a sentence; abbreviations stay as they are."""
    first = label.split(" ")[0][1:]
    return label if first != first.lower() else label[:1].lower() + label[1:]
