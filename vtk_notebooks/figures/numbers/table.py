"""Table: what each run kept, cost and found, in the formats of notebooks and papers.

Numbers are read from the runs. Text comes from people (labels, film names, questions) and is
escaped for each format.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from vtk_notebooks.errors import VtkError
from vtk_notebooks.runs import Run
from vtk_notebooks.sweep.numbers import NUMBERS
from vtk_notebooks.text import markup

Cell = str | int | float | None


class Column(NamedTuple):
    """A heading, and how many decimals its numbers have."""

    title: str
    digits: int = 0


_COLUMNS = {
    "tokens": Column("Tokens"),
    "kept": Column("Kept (%)", 1),
    "feature_mb": Column("Features (MB)", 2),
    "encode_s": Column("Encode (s)", 3),
    "compress_s": Column("Compress (s)", 3),
    "seconds": Column("Total (s)", 3),
    "peak_mb": Column("Peak (MB)", 1),
}
_MOMENT = (Column("Start (s)", 2), Column("End (s)", 2), Column("Score", 3))


@dataclass(frozen=True)
class Table:
    """Typed cells under columns; None where a run has nothing to say."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def text(self) -> str:
        """Aligned, for a terminal."""
        return markup.text(self._titles, self._shown())

    def markdown(self) -> str:
        """A pipe table, for a README."""
        return markup.markdown(self._titles, self._shown())

    def latex(self) -> str:
        r"""A `tabular` with the rules of booktabs, for a paper."""
        return markup.latex(self._titles, self._shown())

    def csv(self) -> str:
        """Every digit, for a spreadsheet or a data frame."""
        return markup.csv_text(self._titles, self.rows)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return markup.html(self._titles, self._shown())

    @property
    def _titles(self) -> list[str]:
        return [c.title for c in self.columns]

    def _shown(self) -> list[list[str | markup.Number]]:
        return [[_shown(v, c) for v, c in zip(r, self.columns, strict=True)] for r in self.rows]


def table(runs: Run | Sequence[Run]) -> Table:
    """One row per run; film and question have columns when the runs differ in them."""
    runs = [runs] if isinstance(runs, Run) else list(runs)
    if not runs:
        raise VtkError("table", "at least one run", "none", "Run a recipe first.")
    said = {
        "Film": [r.clip.origin.name for r in runs],
        "Query": [r.query.text for r in runs],
        "Recipe": [r.label for r in runs],
    }
    said = {k: v for k, v in said.items() if k == "Recipe" or len(set(v)) > 1}
    numbers = [[NUMBERS[name](r) for name in _COLUMNS] for r in runs]
    texts = list(zip(*said.values(), strict=True))
    rows = ((*t, *n, *_best(r)) for t, n, r in zip(texts, numbers, runs, strict=True))
    return Table((*map(Column, said), *_COLUMNS.values(), *_MOMENT), tuple(rows))


def _best(run: Run) -> tuple[Cell, Cell, Cell]:
    """Start, end and score of the best moment."""
    if not run.moments:
        return None, None, None
    best = run.moments[0]
    return best.start_s, best.end_s, best.score


def _shown(value: Cell, column: Column) -> str | markup.Number:
    if isinstance(value, str):
        return value
    return markup.Number("-" if value is None else f"{value:,.{column.digits}f}")
