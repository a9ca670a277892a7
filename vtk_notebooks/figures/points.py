"""Points: the numbers of runs, as a trade-off figure and a table read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from vtk_notebooks import registry
from vtk_notebooks.runs import Run
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
        error: half the width of the interval around the quality, 0 for none.
        baseline: drawn in grey, for others to be seen against.
    """

    series: str
    numbers: Mapping[str, float | int]
    label: str = ""
    error: float = 0.0
    baseline: bool = False

    @classmethod
    def of(cls, run: Run, *, error: float = 0.0, **measured: float | int) -> "Point":
        """A run as a point, with what was measured of it: `Point.of(run, iou=0.62)`.

        Runs of the same mechanisms form a series, whatever their parameters; those whose cards
        name no paper are baselines.
        """
        cards = [registry.card(part.kind, part.name) for part in run.recipe.stages]
        series = run.recipe.name or " + ".join(c.title for c in cards) or "All tokens"
        numbers = {**{name: read(run) for name, read in NUMBERS.items()}, **measured}
        baseline = all(c.paper == "baseline" for c in cards)
        return cls(series, numbers, run.label, error, baseline)
