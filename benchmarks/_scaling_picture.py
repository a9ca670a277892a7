"""The picture of docs/scaling.md."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from vtk_notebooks.figures import figure, panel, paper_style, save
from vtk_notebooks.figures.palette import SERIES
from vtk_notebooks.sweep.fleet_cost import Bill


def picture(
    bills: dict[tuple[int, int], Bill],
    counts: Sequence[int],
    workers: Sequence[int],
    path: Path,
    command: str,
) -> None:
    """Hours and price against clips, both with decades on their axes."""
    fig = figure(150.0, 62.0)
    shown = (("hours", "Hours", 13.0), ("price", "Price", 87.0))
    plain = FuncFormatter(lambda value, _: _short(value))
    with paper_style():
        for name, label, left_mm in shown:
            axes = panel(fig, left_mm, 4.0, 58.0, 46.0)
            for many, series in zip(workers, SERIES, strict=False):
                values = [getattr(bills[clips, many], name) for clips in counts]
                axes.plot(
                    counts,
                    values,
                    color=series.colour,
                    marker=series.marker,
                    markersize=3.5,
                    linestyle=series.dashes,
                    label=f"{many} workers",
                )
            axes.set(xscale="log", yscale="log", xlabel="Clips", ylabel=label)
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_locator(LogLocator(10, numticks=9))
                axis.set_major_formatter(plain)
                axis.set_minor_locator(NullLocator())
            axes.grid(True, color="#E6E6E6", linewidth=0.4)
            axes.set_axisbelow(True)
        fig.axes[0].legend(loc="upper left", frameon=False)
    save(fig, path, command=command)


def _short(value: float) -> str:
    """100, 1k, 10k, 100k, 1M."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"
