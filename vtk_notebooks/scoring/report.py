"""Report: the numbers of one evaluation, what stands beside them, and how sure they are."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from vtk_notebooks.errors import VtkError
from vtk_notebooks.scoring.asked import Asked
from vtk_notebooks.statistics import Estimate, as_floats


@dataclass(frozen=True)
class Report:
    """What a scorer found.

    Args:
        format: name of the scorer.
        mode: "strict" or "upstream".
        numbers: under their published names, nested where they were published so.
        n: how many queries or questions were scored.
        beside: answers that need no model, by name, with their numbers.
        unread: share of responses from which no answer could be read, in percent.
        notes: what a reader must know, such as queries without a prediction.
        asked: questions and answers one by one, where answers are moments; None elsewhere.
    """

    format: str
    mode: str
    numbers: Mapping[str, Any]
    n: int
    beside: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    unread: Estimate | None = None
    notes: tuple[str, ...] = ()
    asked: Asked | None = field(default=None, compare=False, repr=False)

    def as_dict(self) -> dict[str, Any]:
        """The published numbers, and everything else under "about"."""
        about: dict[str, Any] = {"format": self.format, "mode": self.mode, "n": self.n}
        about["intervals"] = {
            name: [None if end != end else end for end in value.interval]
            for name, value in _flat(self.numbers)
            if isinstance(value, Estimate)
        }
        about["beside"] = as_floats(self.beside)
        about["unread_percent"] = None if self.unread is None else float(self.unread)
        return {**as_floats(self.numbers), "about": {**about, "notes": list(self.notes)}}

    def json(self) -> str:
        """`as_dict` as text."""
        return json.dumps(self.as_dict(), ensure_ascii=False, allow_nan=False)

    def table(self) -> str:
        """Numbers with their 95 % intervals, those of blind answers in further columns."""
        rows = list(_flat(self.numbers))
        others = {name: dict(_flat(numbers)) for name, numbers in self.beside.items()}
        head = ["", "value", "95 %", *others]
        lines = [
            [name, _shown(value), _interval(value), *(_shown(o.get(name)) for o in others.values())]
            for name, value in rows
        ]
        wide = [max(len(row[i]) for row in [head, *lines]) for i in range(len(head))]
        text = [_row(row, wide) for row in [head, *lines]]
        title = f"{self.format} ({self.mode}), {self.n} scored"
        if self.unread is not None:
            title += f", no answer could be read in {float(self.unread):.1f} % of the responses"
        return "\n".join([title, *text, *(f"note: {note}" for note in self.notes)])


def asked_in(reports: Mapping[Any, Report]) -> Asked:
    """Questions that these reports are about, with the answers of each, by the report's name.

    A report that stands alone may have the name "": its answers then keep their own.
    """
    answers, first = {}, next(iter(reports.values())).asked
    for name, report in reports.items():
        found = report.asked
        if found is None or first is None:
            hint = "Reports of moments have them, such as those of charades-sta and qvhighlights."
            raise VtkError("asked_in", "a report with single answers", report.format, hint)
        if found.ids != first.ids:
            got = f"{len(found)} others in {str(name)!r}"
            raise VtkError("asked_in", "reports on the same questions", got)
        answers |= {str(name) or model: said for model, said in found.answers.items()}
    assert first is not None  # noqa: S101 there is one report or more
    return Asked(first.ids, first.films, first.texts, first.truths, answers)


def _flat(numbers: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in numbers.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name} ")
        else:
            yield f"{above}{name}", value


def _row(cells: list[str], wide: list[int]) -> str:
    first, *rest = (
        cell.ljust(w) if not i else cell.rjust(w)
        for i, (cell, w) in enumerate(zip(cells, wide, strict=True))
    )
    return "  ".join([first, *rest]).rstrip()


def _shown(value: Any) -> str:
    return "-" if value is None or value != value else f"{value:.4g}"


def _interval(value: Any) -> str:
    if not isinstance(value, Estimate) or value.low != value.low:
        return ""
    return f"{value.low:.4g} to {value.high:.4g}"
