"""Spans: which stretches of time a model's text names, in seconds.

Published readers take the first number of a sentence, and so read "00:01:00" as 0 and nothing at
all in "Start: 1. End: 6". This one knows clocks, "a to b", "between a and b" and a start that is
followed by an end; what is inverted stays inverted, since turning it round would be a guess.
"""

import ast
import math
import re
from collections.abc import Iterator
from typing import Any

Seconds = tuple[float, float]

_TIME = r"(?:\d{1,3}:)?\d{1,3}:\d{2}(?:\.\d+)?|\d+(?:\.\d+)?"
_UNIT = r"\s*(?:s|secs?|seconds?)?\b\.?"
_JOIN = r"(?:[-\u2013\u2014~]|\b(?:to|until|till)\b)"
_PAIR = re.compile(
    rf"(?<![\w.:])({_TIME}){_UNIT}\s*{_JOIN}\s*({_TIME})(?![\w:]*:)"
    rf"|\bbetween\s+({_TIME}){_UNIT}\s+and\s+({_TIME})"
    rf"|\b(?:start|begin)\w*\b[^\d]{{0,40}}?({_TIME})[^\d]{{0,60}}?"
    rf"\b(?:end|stop|finish)\w*\b[^\d]{{0,40}}?({_TIME})",
    re.IGNORECASE,
)
_LITERAL = 200
"""Characters of the longest text that is tried as a literal; a pair of numbers needs fewer."""


def spans_in(text: str) -> list[Seconds]:
    """Every stretch that a response names, in order, as said."""
    return [span for span, _, _ in _found(text)]


def captions_in(text: str) -> list[tuple[Seconds, str]]:
    """Every stretch that a response names, and what it says from there to the next one."""
    found = list(_found(text))
    stops = [start for _, start, _ in found[1:]] + [len(text)]
    return [
        (span, _sentence(text[end:stop]))
        for (span, _, end), stop in zip(found, stops, strict=False)
    ]


def first_time(text: str) -> float | None:
    """The first time that a response names, alone or as a start."""
    found = re.search(rf"(?<![\w.:])(?:{_TIME})", text)
    time = _seconds(found[0]) if found else math.inf
    return time if math.isfinite(time) else None


def literal_span(value: Any) -> Seconds | None:
    """A pair of numbers, or the text of one ("[4, 10]"); None for anything else.

    Text is read as a Python literal: nothing in it is ever run.
    """
    if isinstance(value, str) and len(value) <= _LITERAL:
        try:
            value = ast.literal_eval(value.strip())
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            return None
    if not isinstance(value, list | tuple) or len(value) != 2:
        return None
    if not all(isinstance(v, int | float) and math.isfinite(v) for v in value):
        return None
    return float(value[0]), float(value[1])


def released_spans(text: str) -> list[Seconds]:
    """Every stretch of a response as E.T. Bench's released script reads it (arXiv:2409.18111).

    All "a - b"; if there is none, all "a to b"; if there is none, the first numbers of parts that
    speak of a start, an end or a happening, two and two, where "!", "?" and a new line part them.
    """
    text, number = text.lower(), r"(\d+(?:\.\d*)?)"
    pairs = re.findall(rf"{number}\s*-\s*{number}", text)
    pairs = pairs or re.findall(rf"{number}\s+to\s+{number}", text)
    if not pairs:
        parts = [p for p in re.split(r"[!?\n]", text) if re.search("start|end|happen", p)]
        firsts = [m[0] for m in (re.search(r"\b\d+(?:\.\d+)?\b", p) for p in parts) if m]
        pairs = list(zip(firsts[::2], firsts[1::2], strict=False))
    ends = (sorted(map(float, pair)) for pair in pairs)
    return [(low, high) for low, high in ends if math.isfinite(high)]


def _found(text: str) -> Iterator[tuple[Seconds, int, int]]:
    for m in _PAIR.finditer(text):
        start, end = (_seconds(g) for g in m.groups() if g is not None)
        if math.isfinite(start + end):
            yield (start, end), m.start(), m.end()


def _seconds(time: str) -> float:
    """Of 12.5, 1:05 or 1:02:03."""
    total = 0.0
    for part in time.split(":"):
        total = 60 * total + float(part)
    return total


def _sentence(words: str) -> str:
    words = re.sub(r"^\s*(?:s|secs?|seconds?)\b", "", words, flags=re.IGNORECASE)
    return " ".join(words.split()).strip(" .,;:-\u2013*)]")
