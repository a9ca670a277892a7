"""Code errors: how far a time moves when it is written in a code, against the length of the film.

Both axes count in powers of ten. Codes that divide a film rise with its length, codes that say
seconds stay where they are, and where two lines cross, the better code changes.
"""

from collections.abc import Mapping

from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from vtk_notebooks.comparison.ceilings import ErrorCurve
from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import legend, style
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.palette import look
from vtk_notebooks.figures.plain import plain
from vtk_notebooks.registry import unknown

EDGE_MM, LEFT_MM, RIGHT_MM, TOP_MM, AXIS_MM = 0.4, 11.0, 2.5, 1.5, 8.0
LABELS = {"mean": "Mean error (s)", "worst": "Largest error (s)", "bound": "Bound on the error (s)"}


@redrawable
def code_errors(
    curves: Mapping[str, ErrorCurve],
    *,
    y: str = "mean",
    width_mm: float = style.VENUES["cvpr"].column_mm,
    height_mm: float = 70.0,
) -> style.PaperFigure:
    """One line per code: `code_errors({name: error_curve(codec, lengths_s), ...})`.

    Args:
        curves: by what the legend says.
        y: "mean" over random times, the "worst" of them, or the "bound" that the code promises.
        width_mm: of the whole figure; `VENUES` has the usual ones.
        height_mm: likewise.
    """
    if not curves:
        raise VtkError("code_errors", "at least one code", "none", "`error_curve` measures one.")
    if y not in LABELS:
        raise unknown("code_errors", "y", y, LABELS)
    names = [plain(name, 60) for name in curves]
    foot_mm = legend.height_mm(names, width_mm - EDGE_MM)
    fig = style.figure(width_mm, height_mm)
    with style.paper_style():
        room_mm = width_mm - LEFT_MM - RIGHT_MM
        tall_mm = height_mm - TOP_MM - AXIS_MM - foot_mm
        ax = style.panel(fig, LEFT_MM, TOP_MM, room_mm, tall_mm)
        ax.set(xlabel="Length of the film (s)", ylabel=LABELS[y], xscale="log", yscale="log")
        drawn = {}
        for number, (name, curve) in enumerate(zip(names, curves.values(), strict=True)):
            one = look(number)
            (drawn[name],) = ax.plot(
                curve.durations_s,
                getattr(curve, f"{y}_s"),
                color=one.colour,
                marker=one.marker,
                linestyle=one.dashes,
                markeredgecolor="white",
                markeredgewidth=0.4,
            )
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(LogLocator(numticks=8))
            axis.set_minor_locator(NullLocator())
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
        legend.draw(fig, drawn, EDGE_MM, width_mm - EDGE_MM)
    return fig
