"""Ratings: what a judge's reply says, as a number or as right and wrong.

A published parser reads "-1" (does not apply) as 1. Here signs count, words are whole words, and a
reply that names no rating, or several, is None: what that counts is for the metric to say.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

_NUMBER = r"(?<![\w.])[-\u2212]?\d+(?:\.\d+)?(?!\.?\w)"
_VERDICTS: Mapping[str, bool] = MappingProxyType(
    {"correct": True, "right": True, "incorrect": False, "wrong": False}
)


def rating(text: str, low: int, high: int) -> float | None:
    """The number from `low` to `high` that a reply gives; None where it gives none, or several.

    A reply that is a number, or the last number after "score" or "rating", else the only number.
    What it is out of ("2/3", "2 out of 3") is no number of its own.
    """
    text = re.sub(rf"\s*(?:/|out of)\s*{high}\b", "", text)
    cued = re.findall(rf"(?i:\b(?:scores?|ratings?|rated?)\b)[^\d\n\-\u2212]*({_NUMBER})", text)
    found = {_value(number) for number in cued[-1:] or re.findall(_NUMBER, text)}
    value = found.pop() if len(found) == 1 else None
    return value if value is not None and low <= value <= high else None


def named_ratings(text: str, names: Sequence[str], low: int, high: int) -> dict[str, float | None]:
    """The rating under each heading of a reply; see `rating`.

    A heading is a line that starts with the name, whatever numbering or marks stand before it; its
    part ends where the next one starts, so that a comment cannot lend its numbers to another name.
    """
    heading = "|".join(re.escape(name) for name in names)
    marks = list(re.finditer(rf"(?im)^\W*(?:\d+\W+)?({heading})\b", text))
    stops = [m.start() for m in marks[1:]] + [len(text)]
    parts = {m[1].lower(): text[m.end() : stop] for m, stop in zip(marks, stops, strict=False)}
    return {name: _headed(parts.get(name.lower(), ""), low, high) for name in names}


def verdict(text: str) -> bool | None:
    """True for correct, False for incorrect, None where neither or both are said.

    A reply that starts with one of them means it, whatever follows.
    """
    words = re.findall(r"[^\W\d_]+", text.lower())
    said = {_VERDICTS[w] for w in words if w in _VERDICTS}
    if words and words[0] in _VERDICTS:
        return _VERDICTS[words[0]]
    return said.pop() if len(said) == 1 else None


def _headed(part: str, low: int, high: int) -> float | None:
    """The rating of one part: beside its heading, or after "score"."""
    first = re.match(rf"[^\w\-\u2212]*({_NUMBER})", part)
    cued = re.search(rf"(?i:\bscore\b)[^\d\n\-\u2212]*\n?[^\w\-\u2212]*({_NUMBER})", part)
    found = first or cued
    value = _value(found[1]) if found else None
    return value if value is not None and low <= value <= high else None


def _value(number: str) -> float:
    return float(number.replace("\u2212", "-"))
