"""Problem: one oddity of an annotation file, said precisely: where, what was expected, what came.

A `Report` collects them while a file is read. `strict` decides: the first one is an error, or all
are counted and one warning sums them up. Nothing is dropped without a problem that says so.
"""

import reprlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from vtk_notebooks.errors import VtkError

Kind = Literal[
    "not readable",  # the file is no text, no JSON, or empty; what follows was not read
    "bad line",  # a line or record that cannot be read; it is left out
    "bad unicode",
    "wrong type",
    "missing field",
    "unknown field",
    "repeated field",
    "duplicate id",
    "inverted span",
    "negative time",
    "past the end",
    "bad order",
    "mismatched lists",
    "bad answer",
    "missing duration",
    "missing film",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

_short = reprlib.Repr()
_short.maxstring = _short.maxother = _short.maxlong = 60
_short.maxlist = _short.maxtuple = _short.maxdict = 4


class AnnotationError(VtkError):
    """An annotation file is not what its format says."""


class AnnotationWarning(UserWarning):
    """An annotation file has oddities; they were counted."""


@dataclass(frozen=True)
class Problem:
    """What is wrong, where.

    Args:
        line: 1-based line on which the record starts; None for a whole file or a table.
        record: id of the record, or its number where it has none.
        field: as the file calls it, with the place in a list: `relevant_windows[2]`.
    """

    kind: Kind
    file: str
    line: int | None
    record: str
    field: str
    expected: str
    got: str
    hint: str = ""

    @property
    def where(self) -> str:
        """File, line, record and field, as far as they are known."""
        line = "" if self.line is None else f"line {self.line}"
        record = f"record {self.record}" if self.record else ""
        return ", ".join(part for part in (self.file, line, record, self.field) if part)

    @property
    def what(self) -> str:
        """What was expected and what came."""
        return f"expects {self.expected}, got {self.got}"

    def __str__(self) -> str:
        return f"{self.where} {self.what}. {self.hint}".strip()

    def error(self) -> AnnotationError:
        """The same as an error."""
        return AnnotationError(self.where, self.expected, self.got, self.hint)


@dataclass
class Report:
    """Collects the problems of one file; strict raises the first.

    Readers keep `line` and `record` at what they are reading; `lines` are those of the captions of
    a sample, where each has its own.
    """

    file: str
    strict: bool = False
    line: int | None = None
    record: str = ""
    lines: tuple[int, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def at(self, line: int | None, record: object = "") -> None:
        """Say what is being read now."""
        self.line, self.record = line, name(record)

    def add(self, kind: Kind, field: str, expected: str, got: str, hint: str = "") -> None:
        """Note a problem of what is being read."""
        problem = Problem(kind, self.file, self.line, self.record, field, expected, got, hint)
        if self.strict:
            raise problem.error()
        self.problems.append(problem)

    def once(self, kind: Kind, field: str, expected: str, got: str, hint: str = "") -> None:
        """Note a problem that all records are likely to share, at the first of them."""
        if (kind, field) not in self._told:
            self._told.add((kind, field))
            self.add(kind, field, expected, got, hint)


def shown(value: Any) -> str:
    """A value as it may stand in a message: short, printable, whatever a file holds."""
    return _short.repr(value)


def name(value: object) -> str:
    """An id as it may stand in a message."""
    plain = str(value)
    return plain if plain.isprintable() and len(plain) <= 60 else shown(plain)


def counts(problems: Iterable[Problem]) -> dict[Kind, int]:
    """How many problems there are of each kind, the most frequent first."""
    found: Counter[Kind] = Counter(p.kind for p in problems)
    return dict(found.most_common())


def summary(file: str, samples: int, problems: list[Problem]) -> str:
    """One sentence about all problems of a file, with the first as an example."""
    kinds = ", ".join(f"{n} x {kind}" for kind, n in counts(problems).items())
    count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    return f"{file}: {count} in {samples} samples ({kinds}). First: {problems[0]}"
