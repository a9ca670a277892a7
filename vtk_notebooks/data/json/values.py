"""Values as JSON gives them: each function takes one and gives it back typed, or raises `Wrong`."""

import math
from collections.abc import Callable
from itertools import chain
from typing import Any, TypeVar

from vtk_notebooks.data.problem import Kind, shown
from vtk_notebooks.data.record import Number, Span
from vtk_notebooks.data.text.clock import parse_clock, parse_clock_span

T = TypeVar("T")

LIMIT = 10**15  # no time, score or count is larger; beyond it floats are no longer exact


class Wrong(ValueError):
    """A value is not of the kind that was asked for.

    `path` leads to it from its field, `which` of the field's keys where it has several.
    """

    which: int | None
    kind: Kind

    def __init__(self, expected: str, got: str, hint: str = "", kind: Kind = "wrong type"):
        super().__init__(expected)
        self.expected, self.got, self.hint, self.kind = expected, got, hint, kind
        self.path, self.which = "", None


def text(value: Any) -> str:
    """Text."""
    if not isinstance(value, str):
        raise Wrong("text", shown(value))
    return value


def number(value: Any) -> Number:
    """A finite number, as it is."""
    if isinstance(value, str):
        raise Wrong("a number", shown(value), hint="Write it without quotes.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong("a number", shown(value))
    if not -LIMIT < value < LIMIT:  # nan fails too
        raise Wrong("a finite number", shown(value))
    return value


def name(value: Any) -> str | int:
    """An id: text or a whole number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Wrong("text or a whole number", shown(value))
    return value


def listed(value: Any, what: str = "a list") -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise Wrong(what, shown(value))
    return value


def mapped(value: Any) -> dict[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise Wrong("a JSON object", shown(value))
    return value


def each(values: Any, read: Callable[[Any], T]) -> tuple[T, ...]:
    """Every entry of a list, read; what is wrong says which one."""
    out: list[T] = []
    for i, value in enumerate(listed(values)):
        try:
            out.append(read(value))
        except Wrong as wrong:
            wrong.path = f"[{i}]{wrong.path}"
            raise
    return tuple(out)


def part(which: int, value: Any, read: Callable[[Any], T]) -> T:
    """The value under one of a field's keys, read; what is wrong says which key."""
    try:
        return read(value)
    except Wrong as wrong:
        wrong.which = which
        raise


def span(value: Any) -> Span:
    """[start, end] or [start, end, score] in seconds."""
    what = "[start, end] in seconds"
    values = listed(value, what)
    if not 2 <= len(values) <= 3:
        raise Wrong(what, shown(value))
    start, end, *score = (number(v) for v in values)
    return Span(start, end, score[0] if score else None)


def span_values(span: Span) -> list[Number]:
    """A span as [start, end], with its score where it has one."""
    return [span.start_s, span.end_s, *([] if span.score is None else [span.score])]


def clock(value: Any) -> Number:
    """Seconds of a clock time."""
    seconds = parse_clock(text(value))
    if seconds is None:
        raise Wrong("a clock time h:mm:ss", shown(value))
    return seconds


def clock_span(value: Any) -> tuple[Span]:
    """A stretch between two clock times."""
    times = parse_clock_span(text(value))
    if times is None:
        raise Wrong("[h:mm:ss - h:mm:ss]", shown(value))
    return (Span(*times),)


def numbers(value: Any) -> tuple[Number, ...]:
    """A list of finite numbers."""
    return tuple(value) if _plain(value) else each(value, number)


def rows(value: Any) -> tuple[tuple[Number, ...], ...]:
    """A table of finite numbers."""
    listed(value)
    lists = all(type(row) is list for row in value)
    if lists and _plain(list(chain.from_iterable(value))):  # most of a file, so in one go
        return tuple(map(tuple, value))
    return each(value, numbers)


def whole(value: Any) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong("a whole number", shown(value))
    return value


def clip_numbers(value: Any) -> tuple[int, ...]:
    """Numbers of clips."""
    known = type(value) is list and set(map(type, value)) == {int}
    return tuple(value) if known else each(value, whole)


def _plain(value: Any) -> bool:
    """It is a list of numbers for sure, seen without a look at each."""
    if type(value) is not list or not set(map(type, value)) <= {int, float}:
        return False
    return (
        all(map(math.isfinite, value))
        and -LIMIT < min(value, default=0) <= max(value, default=0) < LIMIT
    )
