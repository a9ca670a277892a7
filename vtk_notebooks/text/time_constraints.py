"""Time constraints: what a time expression asks of a moment, read by rule.

Four kinds: a duration ("for about ten seconds"), an order ("right after the bell"), an ordinal
("the second time") and bounds ("in the first half", "at 1:20"). How far "about" reaches and how
long "a few" are is a convention of ours, written down here and nowhere else.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

from vtk_notebooks.text.time_words import ORDINALS, PARTS, UNITS_S, number, seconds, split

KINDS = ("duration", "order", "ordinal", "bounds")
ABOUT, PLAIN = 0.25, 0.1
"""How far a length may be off, with "about" and without."""
EDGE = 0.25
"""Part of a film that is its beginning, or its end."""
_AFTER = frozenset({"after", "following", "once", "since", "soon", "past"})
_BEFORE = frozenset({"before", "until", "till", "prior"})
_DURING = frozenset({"while", "during", "when", "as"})
_NEAR = frozenset(
    {"right", "just", "immediately", "shortly", "straight", "directly", "soon", "once"}
)
_VAGUE = frozenset({"about", "around", "roughly", "approximately", "nearly", "almost", "some"})
_MORE = frozenset({"over", "more", "least", "longer"})
_LESS = frozenset({"under", "less", "most", "up", "within"})


@dataclass(frozen=True)
class Constraint:
    """What one expression asks.

    Args:
        kind: of `KINDS`.
        text: the expression.
        low: shortest duration in seconds, or where bounds begin.
        high: longest one, or where bounds end; equal bounds are one time.
        unit: of bounds: "s" from the start of a film, "end s" from its end, or "part" of it.
        relation: of an order: "after", "before" or "during".
        anchor: of an order: what it is said of.
        near: the order leaves no gap.
        ordinal: which of several moments in time, from 1; -1 is the last one.
    """

    kind: str
    text: str
    low: float = 0.0
    high: float = math.inf
    unit: str = "s"
    relation: str = ""
    anchor: str = ""
    near: bool = False
    ordinal: int = 0


def read(kind: str, phrase: str) -> Constraint | None:
    """The constraint of a phrase of that kind; None where it says nothing that can be read."""
    words = [word.text.lower() for word in split(phrase)]
    if kind == "duration":
        return _duration(phrase, words)
    if kind == "order":
        return _order(phrase, words)
    if kind == "ordinal":
        found = [ORDINALS[w] for w in words if w in ORDINALS]
        return Constraint(kind, phrase, ordinal=found[0]) if found else None
    return _bounds(phrase, words)


def _duration(phrase: str, words: list[str]) -> Constraint | None:
    length_s = _length_s(words)
    if length_s is None:
        return None
    said = set(words)
    if said & _MORE:
        return Constraint("duration", phrase, low=length_s)
    if said & _LESS:
        return Constraint("duration", phrase, high=length_s)
    off = ABOUT if said & (_VAGUE | {"few", "several", "couple", "moment"}) else PLAIN
    return Constraint("duration", phrase, length_s * (1 - off), length_s * (1 + off))


def _order(phrase: str, words: list[str]) -> Constraint | None:
    signs = {"after": _AFTER, "before": _BEFORE, "during": _DURING}
    for at, word in enumerate(words):
        relation = next((r for r, known in signs.items() if word in known), None)
        if relation == "during" and word == "as" and "soon" in words[at:]:
            continue  # "as soon as"
        if relation:
            rest = split(phrase)[at + 1 :]
            while rest and rest[0].text.lower() in {"as", "to", "that", ","}:
                rest = rest[1:]
            anchor = phrase[rest[0].start :].strip(" .,?!") if rest else ""
            near = bool(_NEAR & set(words[: at + 1]))
            return Constraint("order", phrase, relation=relation, anchor=anchor, near=near)
    return None


def _bounds(phrase: str, words: list[str]) -> Constraint | None:
    times_s = [seconds(w) for w in words if ":" in w and w[0].isdigit()] or _pair_s(words)
    if len(times_s) >= 2:
        return Constraint("bounds", phrase, min(times_s[:2]), max(times_s[:2]))
    length_s, said = times_s[0] if times_s else _length_s(words), set(words)
    if length_s is None:
        return _unit_of(phrase, words) or _part(phrase, words)
    if said & {"last", "final"}:
        return Constraint("bounds", phrase, 0.0, length_s, "end s")
    if said & _AFTER:
        return Constraint("bounds", phrase, low=length_s)
    if said & (_BEFORE | {"by", "first", "opening", "initial", "within"}):
        return Constraint("bounds", phrase, 0.0, length_s)
    return Constraint("bounds", phrase, length_s, length_s)


def _unit_of(phrase: str, words: list[str]) -> Constraint | None:
    """A whole unit by its number, as in "the second minute", or what comes after it."""
    for which, unit in pairwise(words):
        if which in ORDINALS and unit in UNITS_S:
            n, long_s = ORDINALS[which], UNITS_S[unit]
            if n < 0:
                return Constraint("bounds", phrase, 0.0, long_s, "end s")
            if _AFTER & set(words):
                return Constraint("bounds", phrase, low=n * long_s)
            return Constraint("bounds", phrase, (n - 1) * long_s, n * long_s)
    return None


def _part(phrase: str, words: list[str]) -> Constraint | None:
    """Beginnings, middles, ends, halves and the like."""
    share = next((PARTS[w] for w in reversed(words) if w in PARTS), None)
    which = [ORDINALS[w] for w in words[:-1] if w in ORDINALS]
    if share is not None and which:
        count = round(1 / share)
        place = count if which[0] < 0 else min(which[0], count)
        return Constraint("bounds", phrase, (place - 1) * share, place * share, "part")
    said = set(words)
    if said & {"beginning", "start", "opening", "first"}:
        return Constraint("bounds", phrase, 0.0, EDGE, "part")
    if said & {"end", "ending", "close", "last"}:
        return Constraint("bounds", phrase, 1 - EDGE, 1.0, "part")
    if said & {"middle", "halfway", "midway"}:
        return Constraint("bounds", phrase, 1 / 3, 2 / 3, "part")
    return None


def _length_s(words: list[str]) -> float | None:
    """The first length with a unit: the words for a number in front of it."""
    for at, word in enumerate(words):
        if word in UNITS_S and at and (n := _number_before(words, at)) is not None:
            return n * UNITS_S[word]
    return None


def _number_before(words: list[str], at: int) -> float | None:
    """The number that ends right in front of a word; "-" and "of" may stand between."""
    run: list[str] = []
    for word in reversed(words[:at]):
        if number([word]) is None and word not in {"-", "of"}:
            break
        run.insert(0, word)
    return number([w for w in run if w not in {"-", "of"}])


def _pair_s(words: list[str]) -> list[float]:
    """Two numbers with one unit behind them: "between ten and twenty seconds"."""
    unit = next((UNITS_S[w] for w in reversed(words) if w in UNITS_S), None)
    joint = next((i for i, w in enumerate(words) if w in {"and", "to", "-"} and i), None)
    if unit is None or joint is None or not {"between", "from"} & set(words[:joint]):
        return []
    parts = ([w for w in part if w not in UNITS_S] for part in (words[:joint], words[joint:]))
    ends = map(number, parts)
    found = [n * unit for n in ends if n is not None]
    return found if len(found) == 2 else []
