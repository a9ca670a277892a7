"""Loss curve: what every term of a loss contributed while a head was trained.

Terms are drawn as they count, times their weights, so that the largest line is what training works
at. Steps are averaged in runs, because one batch tells little.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import legend, style
from vtk_notebooks.figures.drawing import redrawable_from
from vtk_notebooks.figures.palette import INK, look
from vtk_notebooks.figures.plain import plain
from vtk_notebooks.training import Trained

EDGE_MM, LEFT_MM, RIGHT_MM, TOP_MM, AXIS_MM = 0.4, 11.0, 2.5, 1.5, 8.0
HELD_OUT = "all, held-out films"


@dataclass(frozen=True)
class Losses:
    """What is drawn of a training, without the head that was trained.

    Args:
        curve: value of every term, unweighted, and of "total", in each step.
        held_out: steps done, and the total loss on held-out films.
        weights: how much each term counts in "total".
    """

    curve: dict[str, list[float]]
    held_out: tuple[tuple[int, float], ...]
    weights: dict[str, float]

    @classmethod
    def of(cls, trained: "Trained | Losses") -> "Losses":
        """Of a training; what is one already stays."""
        if isinstance(trained, Losses):
            return trained
        return cls(trained.curve, tuple(trained.held_out.items()), trained.weights)


@redrawable_from(trained=Losses.of)
def loss_curve(
    trained: Trained | Losses,
    *,
    runs: int = 40,
    width_mm: float = style.VENUES["cvpr"].column_mm,
    height_mm: float = 70.0,
) -> style.PaperFigure:
    """One line per term, and dots for the whole loss on held-out films.

    Args:
        trained: what `training.train_head` gave.
        runs: of steps, each averaged to one point of a line.
        width_mm: of the whole figure; `VENUES` has the usual ones.
        height_mm: likewise.
    """
    trained = Losses.of(trained)
    steps = len(trained.curve.get("total", ()))
    if not steps or runs < 1:
        got = f"{steps} steps, {runs} runs"
        raise VtkError("loss_curve", "a training of 1 step or more, in 1 run or more", got)
    terms = [name for name in trained.curve if name != "total"]
    names = [plain(name, 40) for name in terms] + [HELD_OUT] * bool(trained.held_out)
    foot_mm = legend.height_mm(names, width_mm - EDGE_MM)
    fig = style.figure(width_mm, height_mm)
    with style.paper_style():
        room_mm = width_mm - LEFT_MM - RIGHT_MM
        tall_mm = height_mm - TOP_MM - AXIS_MM - foot_mm
        ax = style.panel(fig, LEFT_MM, TOP_MM, room_mm, tall_mm)
        ax.set(xlabel="Step", ylabel="Weighted loss", yscale="log")
        drawn = {}
        for number, (name, label) in enumerate(zip(terms, names, strict=False)):
            value = trained.weights[name] * np.array(trained.curve[name])
            drawn[label] = _line(ax, value, runs, number)
        if trained.held_out:
            at, value = zip(*trained.held_out, strict=True)
            (drawn[HELD_OUT],) = ax.plot(at, value, "x", color=INK)
        ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        ax.yaxis.set_major_locator(LogLocator(numticks=8))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        legend.draw(fig, drawn, EDGE_MM, width_mm - EDGE_MM)
    return fig


def _line(ax: Axes, value: Float[np.ndarray, "s"], runs: int, number: int) -> object:
    """A term's line; where it is 0 there is no logarithm, so there is a gap."""
    step, mean = averaged(value, runs)
    one = look(number)
    (line,) = ax.plot(
        step,
        np.where(mean > 0, mean, np.nan),
        color=one.colour,
        linestyle=one.dashes,
        marker=one.marker,
        markevery=max(1, len(step) // 6),
        markeredgecolor="white",
        markeredgewidth=0.4,
    )
    return line


def averaged(
    value: Sequence[float] | Float[np.ndarray, "s"], runs: int
) -> tuple[Float[np.ndarray, "r"], Float[np.ndarray, "r"]]:
    """The middle step of each run of steps, counted from 1, and its mean."""
    parts = np.array_split(np.asarray(value, dtype=float), min(runs, len(value)))
    ends = np.cumsum([len(part) for part in parts])
    middle = ends - np.array([(len(part) - 1) / 2 for part in parts])
    return middle, np.array([part.mean() for part in parts])
