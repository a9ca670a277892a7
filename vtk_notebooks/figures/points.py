"""Points: the numbers of runs, as a trade-off figure and a table read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from vtk_notebooks import registry
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import Run
from vtk_notebooks.sweep import Sweep
from vtk_notebooks.sweep.numbers import NUMBERS

AXES = MappingProxyType(
    {
        "tokens": "Tokens",
        "kept": "Tokens kept (%)",
        "feature_mb": "Features (MB)",
        "encode_s": "Encoding (s)",
        "compress_s": "Compression (s)",
        "seconds": "Time (s)",
        "peak_mb": "Peak memory (MB)",
        "score": "Score of the best moment",
        "iou": "IoU",
        "miou": "mIoU",
    }
)
"""Axis labels of the numbers we know; other names are shown as they are."""


@dataclass(frozen=True)
class Point:
    """One result: what it cost and how good it was.

    Args:
        series: points of one series are joined by a line.
        numbers: by name; those of a run, and whatever was measured besides.
        label: of this point alone.
        error: how far the interval reaches below and above the quality, or half its width where
            that is the same; 0 for none.
        baseline: drawn in grey, for others to be seen against.
    """

    series: str
    numbers: Mapping[str, float | int]
    label: str = ""
    error: float | tuple[float, float] = 0.0
    baseline: bool = False

    @classmethod
    def of(cls, run: Run, *, error: float = 0.0, **measured: float | int) -> "Point":
        """A run as a point, with what was measured of it: `Point.of(run, iou=0.62)`.

        Runs of the same mechanisms form a series, whatever their parameters; those whose cards
        name no paper are baselines.
        """
        numbers = {**{name: read(run) for name, read in NUMBERS.items()}, **measured}
        series, baseline = _series(run.recipe)
        return cls(run.recipe.name or series, numbers, run.label, error, baseline)


def points_of(sweep: Sweep, x: str, y: str) -> list[Point]:
    """Each recipe of a sweep as a point: means of a cost and a quality, with the latter's interval.

    Over questions that all recipes answered, so that points compare; a recipe without any is left
    out.
    """
    costs, goods = (sweep.means(number, shared=True) for number in (x, y))
    found = []
    for name, recipe in sweep.recipes.items():
        cost, good = costs[name], goods[name]
        if good.n and cost.n:
            known = good.low == good.low
            error = (float(good) - good.low, good.high - float(good)) if known else 0.0
            series, baseline = _series(recipe)
            numbers = {x: float(cost), y: float(good)}
            found.append(Point(recipe.name or series, numbers, name, error, baseline))
    return found


def _series(recipe: Recipe) -> tuple[str, bool]:
    """How the mechanisms of a recipe are called, and whether they are baselines."""
    cards = [registry.card(part.kind, part.name) for part in recipe.stages]
    title = " + ".join(c.title for c in cards) or "All tokens"
    return title, all(c.paper == "baseline" for c in cards)
