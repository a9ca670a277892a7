"""Sweep: rows of many recipes over many films, and what they say about the recipes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from vtk_notebooks.errors import VtkError
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.registry import unknown
from vtk_notebooks.statistics import Comparison, Estimate, holm, pareto
from vtk_notebooks.statistics import compare as paired
from vtk_notebooks.sweep.numbers import NUMBERS
from vtk_notebooks.sweep.row import Row

KNOWN = (*NUMBERS, "iou")
"""Numbers that a row may have."""


@dataclass(frozen=True)
class Verdict:
    """A recipe against the reference, on the questions that both could answer.

    Args:
        recipe: its name.
        comparison: the recipe minus the reference, item by item; films stand or fall together.
        p_holm: its p, corrected by Holm for all recipes that are compared.
    """

    recipe: str
    comparison: Comparison
    p_holm: float

    @property
    def test(self) -> str:
        """What was done, in words."""
        return f"{self.comparison.test}; Holm's correction"


@dataclass(frozen=True)
class Sweep:
    """What `ablate` gives back; a table in a notebook, a report on disk.

    Args:
        recipes: by name.
        rows: one for each recipe, film and question that was reached.
        reference: name of the recipe that others are compared with.
        total: rows of the whole sweep.
    """

    recipes: Mapping[str, Recipe]
    rows: tuple[Row, ...]
    reference: str
    total: int

    @property
    def finished(self) -> bool:
        """Whether every row was reached; a cancelled sweep has those until then."""
        return len(self.rows) == self.total

    @property
    def computed(self) -> int:
        """Stages that were computed."""
        return sum(row.computed for row in self.rows)

    @property
    def reused(self) -> int:
        """Stages that the store knew."""
        return sum(row.reused for row in self.rows)

    @property
    def errors(self) -> tuple[Row, ...]:
        """Rows that have an error instead of numbers."""
        return tuple(row for row in self.rows if row.error)

    @cached_property
    def quality(self) -> str:
        """What recipes are judged by where nothing is named: `iou` where a truth is known."""
        known = any(row.numbers.get("iou", np.nan) == row.numbers.get("iou") for row in self.rows)
        return "iou" if known else "score"

    def means(self, number: str = "", *, shared: bool = False) -> dict[str, Estimate]:
        """Each recipe's mean of a number, with an interval over films; nan where it has none.

        Args:
            number: by default `quality`.
            shared: only over questions that every recipe answered, of those that answered any.
        """
        cells, out = self._cells(number or self.quality), {}
        keys = set(self._shared()) if shared else None
        for name, mine in cells.items():
            there = {k: v for k, v in mine.items() if keys is None or k in keys}
            out[name] = Estimate.mean(list(there.values()), [film for film, _ in there])
        return out

    def against(self, reference: str = "", number: str = "") -> list[Verdict]:
        """Every other recipe minus the reference, question by question.

        A question that one of the two has no number for is left out of that pair, so look at
        `errors` first. Where no question is left there is no verdict.

        Args:
            reference: name of a recipe; by default the sweep's own.
            number: that is compared; by default `quality`.
        """
        reference = reference or self.reference
        if reference not in self.recipes:
            raise unknown("Sweep.against", "recipe", reference, self.recipes)
        cells = self._cells(number or self.quality)
        base, found = cells.pop(reference), {}
        for name, mine in cells.items():
            both = [key for key in base if key in mine]
            if both:
                a, b = ([side[key] for key in both] for side in (base, mine))
                found[name] = paired(a, b, [film for film, _ in both])
        adjusted = holm([comparison.p for comparison in found.values()])
        return [Verdict(n, c, p) for (n, c), p in zip(found.items(), adjusted, strict=True)]

    def front(self, cost: str = "tokens", quality: str = "") -> list[str]:
        """Recipes that no other one beats in both, cheapest first.

        Only over questions that every recipe with any numbers could answer, so that a recipe does
        not look cheap because the long films were too much for it.

        Args:
            cost: less is better: tokens, seconds, peak_mb...
            quality: more is better; by default `quality`.
        """
        costs, goods = self._cells(cost), self._cells(quality or self.quality)
        there = {n: costs[n].keys() & goods[n].keys() for n in self.recipes}
        names = [n for n in self.recipes if there[n]]
        if not names:
            return []
        shared = sorted(set.intersection(*(set(there[n]) for n in names)))
        if not shared:
            hint = "Look at Sweep.errors."
            raise VtkError("Sweep.front", "a question that all recipes answered", "none", hint)
        spots = np.array([[_mean(costs[n], shared), _mean(goods[n], shared)] for n in names])
        best = pareto(spots).tolist()
        order = np.lexsort((-spots[:, 1], spots[:, 0]))
        return [names[i] for i in order if spots[i].tolist() in best]

    def _shared(self) -> list[tuple[str, str]]:
        """Films with questions that every recipe answered, of those that answered any."""
        found = [set(cells) for cells in self._cells("tokens").values() if cells]
        return sorted(set.intersection(*found)) if found else []

    def report(self, folder: str | Path, command: str = "") -> list[Path]:
        """Write report.html, rows.csv, recipes.csv and recipes.tex; see `write_report`."""
        from vtk_notebooks.sweep.report import write_report

        return write_report(self, Path(folder), command)

    def __str__(self) -> str:
        from vtk_notebooks.sweep.report import summary_text

        return summary_text(self)

    def _repr_html_(self) -> str:
        from vtk_notebooks.sweep.report import summary_html

        return summary_html(self)

    def _cells(self, number: str) -> dict[str, dict[tuple[str, str], float]]:
        """Recipe -> (film, question) -> its number, where there is a finite one."""
        if number not in KNOWN:
            raise unknown("Sweep", "number", number, KNOWN)
        out: dict[str, dict[tuple[str, str], float]] = {name: {} for name in self.recipes}
        for row in self.rows:
            value = float(row.numbers.get(number, np.nan))
            if np.isfinite(value):
                out[row.recipe][row.film, row.query] = value
        return out


def _mean(cells: Mapping[Any, float], keys: Sequence[Any]) -> float:
    return float(np.mean([cells[key] for key in keys]))
