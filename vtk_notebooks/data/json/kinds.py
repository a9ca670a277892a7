"""Kinds of values in annotation files: how each is read into a `Sample` and written back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vtk_notebooks.data.json.values import (
    Wrong,
    clock,
    clock_span,
    each,
    mapped,
    name,
    number,
    part,
    span,
    span_values,
    text,
)
from vtk_notebooks.data.record import Chapter, Number, Span
from vtk_notebooks.data.text.clock import format_clock


@dataclass(frozen=True)
class Kind:
    """How to read and write one value.

    Args:
        read: from JSON values, one per key of the field.
        write: back to what `read` takes; a tuple where the field has several keys.
        lossless: what `write` gives always equals what `read` took.
    """

    read: Callable[..., Any]
    write: Callable[[Any], Any] = lambda value: value
    lossless: bool = True


def _captions(timestamps: Any, sentences: Any) -> tuple[Span, ...]:
    times = part(0, timestamps, lambda value: each(value, span))
    words = part(1, sentences, lambda value: each(value, text))
    if len(times) != len(words):
        got = f"{len(times)} and {len(words)}"
        raise Wrong("as many sentences as timestamps", got, kind="mismatched lists")
    return tuple(Span(t.start_s, t.end_s, t.score, w) for t, w in zip(times, words, strict=True))


def _only(spans: tuple[Span, ...]) -> list[Number]:
    [one] = spans  # a ValueError says that there is no place for more
    return span_values(one)


def _clocks(start: Number, end: Number) -> str:
    return f"[{format_clock(start, pad=True)} - {format_clock(end, pad=True)}]"


def _chapter(value: Any) -> Chapter:
    entry = mapped(value)
    return Chapter(number(entry.get("time")), text(entry.get("label")))


TEXT = Kind(text)
NAME = Kind(name)
NUMBER = Kind(number)
TEXTS = Kind(lambda value: each(value, text), list)
CLOCK = Kind(clock, lambda seconds: format_clock(seconds, pad=True), lossless=False)
CLOCK_SPAN = Kind(clock_span, lambda spans: _clocks(*_only(spans)), lossless=False)
SPANS = Kind(lambda value: each(value, span), lambda spans: [span_values(s) for s in spans])
ONE_SPAN = Kind(lambda value: (span(value),), _only)
START_END = Kind(lambda start, end: (Span(part(0, start, number), part(1, end, number)),), _only)
CAPTIONS = Kind(_captions, lambda spans: ([span_values(s) for s in spans], [s.text for s in spans]))
CHAPTERS = Kind(
    lambda value: each(value, _chapter),
    lambda chapters: [{"label": c.title, "time": c.start_s} for c in chapters],
    lossless=False,
)
