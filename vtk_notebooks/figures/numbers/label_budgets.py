"""Label budgets: what a head learned when it was told less, or told it wrongly.

One line for each budget of labels over the noise on them, with the interval of each point; what was
told nothing has no noise, so it is a line across.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import legend, style
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.palette import grey_look, look
from vtk_notebooks.figures.plain import plain
from vtk_notebooks.registry import unknown
from vtk_notebooks.training import Budget

EDGE_MM, LEFT_MM, RIGHT_MM, TOP_MM, AXIS_MM = 0.4, 10.0, 2.5, 1.5, 8.0


@redrawable
def label_budgets(
    budgets: Sequence[Budget],
    *,
    score: str = "mIoU",
    width_mm: float = style.VENUES["cvpr"].column_mm,
    height_mm: float = 55.0,
) -> style.PaperFigure:
    """Score over noise, a line per budget: `label_budgets(training.label_budgets(...))`.

    Args:
        budgets: of one head, as `training.label_budgets` gives them.
        score: one of their scores, in percent.
        width_mm: of the whole figure; `VENUES` has the usual ones.
        height_mm: likewise.
    """
    if not budgets:
        raise VtkError("label_budgets", "one or more budgets", "none")
    if score not in budgets[0].scores:
        raise unknown("label_budgets", "score", score, budgets[0].scores)
    every = list(dict.fromkeys(budget.labels for budget in budgets))
    names = [plain(name, 40) for name in every]
    foot_mm = legend.height_mm(names, width_mm - EDGE_MM)
    fig = style.figure(width_mm, height_mm)
    with style.paper_style():
        room_mm = width_mm - LEFT_MM - RIGHT_MM
        ax = style.panel(fig, LEFT_MM, TOP_MM, room_mm, height_mm - TOP_MM - AXIS_MM - foot_mm)
        drawn = {}
        for number, (labels, name) in enumerate(zip(every, names, strict=True)):
            some = sorted((b for b in budgets if b.labels == labels), key=lambda b: b.noise)
            drawn[name] = _line(ax, some, score, number)
        label = "Noise on both ends (parts of the moment)"
        ax.set(xlabel=label, ylabel=f"{plain(score, 40)} (%)", ylim=(0, 100))
        ax.margins(x=0.06)
        ax.locator_params(axis="x", nbins=5)
        legend.draw(fig, drawn, EDGE_MM, width_mm - EDGE_MM)
    return fig


def _line(ax: Axes, some: Sequence[Budget], score: str, number: int) -> object:
    """A budget's points with their intervals; across, where there was nothing to make noise on."""
    values = [budget.scores[score] for budget in some]
    if some[0].labels == "none":
        one = grey_look(0)
        ax.axhspan(values[0].low, values[0].high, color="#EEEEEE", linewidth=0, zorder=-1)
        return ax.axhline(float(values[0]), color=one.colour, linestyle=one.dashes)
    one = look(number)
    reach = [[float(v) - v.low for v in values], [v.high - float(v) for v in values]]
    return ax.errorbar(
        [budget.noise for budget in some],
        [float(v) for v in values],
        reach,
        color=one.colour,
        marker=one.marker,
        linestyle=one.dashes,
        elinewidth=0.7,
        capsize=1.5,
        capthick=0.7,
    )
