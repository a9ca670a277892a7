"""Verdict: what one compressor did at a budget; and several of them as a table."""

from dataclasses import dataclass, fields
from typing import Any

from vtk_notebooks.statistics import Estimate, as_floats


@dataclass(frozen=True)
class Verdict:
    """One compressor; every number is a mean with its interval over the films it is from.

    Args:
        label: the compressor and its numbers.
        name: as registered.
        tokens: that it left.
        within: whether that was within the budget on every film.
        mass_kept_percent: cells that some token still speaks for.
        frames_touched_percent: frames in which some token still speaks for a cell.
        error: of all cells rebuilt, in parts of their spread; nan for features of another space.
        dropped_error: of the dropped cells alone; nan where none was dropped.
        retrieval_iou: of the best moment with the planted one, over made films.
        agreement_iou: of the best moment with that of all tokens.
        same_answer_percent: films about which a model says the same as of all tokens, word for
            word, with Wilson's interval; nan without a model.
        gflop: billions of floating-point operations, as `cost.flops` counts them.
        seconds: the median of a few runs.
        peak_mb: most the process grew by in one of them.
        note: why something is missing.
    """

    label: str
    name: str
    tokens: Estimate
    within: bool
    mass_kept_percent: Estimate
    frames_touched_percent: Estimate
    error: Estimate
    dropped_error: Estimate
    retrieval_iou: Estimate
    agreement_iou: Estimate
    same_answer_percent: Estimate
    gflop: Estimate
    seconds: Estimate
    peak_mb: Estimate
    note: str = ""


@dataclass(frozen=True)
class SideBySide:
    """Compressors at one budget, baselines first.

    Args:
        budget: as it was asked for.
        allowed: tokens that it means, film by film.
        films: how many were given.
        made_films: how many had a planted moment.
        rows: one for each compressor.
    """

    budget: float | int
    allowed: tuple[int, ...]
    films: int
    made_films: int
    rows: tuple[Verdict, ...]

    def as_rows(self) -> list[dict[str, Any]]:
        """Plain values, one dict for each compressor; None for what could not be measured.

        Each number with an interval has it beside it, as `..._low` and `..._high`.
        """
        return [_plain(row) for row in self.rows]

    def __getitem__(self, name: str) -> Verdict:
        """The first row of a compressor, by its registered name."""
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(name)

    def __str__(self) -> str:
        titles = [f.name for f in fields(Verdict) if f.name != "name"]
        cells = [[_shown(getattr(row, title)) for title in titles] for row in self.rows]
        widths = [max(map(len, column)) for column in zip(titles, *cells, strict=True)]
        lines = [titles, *cells]
        return "\n".join(
            "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )


def _plain(row: Verdict) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field in fields(row):
        value = getattr(row, field.name)
        if not isinstance(value, Estimate):
            out[field.name] = value
            continue
        ends = {"": value, "_low": value.low, "_high": value.high}
        out |= as_floats({field.name + end: number for end, number in ends.items()})
    return out


def _shown(value: Any) -> str:
    return "-" if isinstance(value, float) and value != value else str(value)
