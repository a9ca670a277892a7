"""Time words: numbers, ordinals and units in English, and words as features of a tagger."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

_ONES = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_PLACES = "first second third fourth fifth sixth seventh eighth ninth tenth"
_KEYS = """
after before until till while when once during for at in from by around near following prior towards
toward within between past as on upon
"""
NUMBERS: Mapping[str, float] = MappingProxyType(
    {word: float(n) for n, word in enumerate(_ONES.split())}
    | {word: 10.0 * n for n, word in enumerate(_TENS.split(), 2)}
    | {"a": 1.0, "an": 1.0, "half": 0.5, "couple": 2.0, "few": 3.0, "several": 5.0}
)
"""What number words mean; "few" and "several" are a guess."""
ORDINALS: Mapping[str, int] = MappingProxyType(
    {word: n for n, word in enumerate(_PLACES.split(), 1)}
    | {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "last": -1, "final": -1}
)
"""Which one; -1 is the last."""
_UNITS = {"second": 1.0, "sec": 1.0, "minute": 60.0, "min": 60.0, "hour": 3600.0, "moment": 3.0}
UNITS_S: Mapping[str, float] = MappingProxyType(
    {name + end: long_s for name, long_s in _UNITS.items() for end in ("", "s")} | {"s": 1.0}
)
"""Seconds of a unit; a "moment" is a guess."""
PARTS: Mapping[str, float] = MappingProxyType({"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4})
_CLOCK = r"\d{1,3}(?::\d{2}){1,2}"
_PIECES = (
    _CLOCK,
    r"\d+(?:\.\d+)?(?:st|nd|rd|th)?",
    r"[^\W\d_]+(?:['\u2019][a-z]+)?",
    r"[^\w\s]",
    "_",
)
_WORD = re.compile("|".join(_PIECES))
_CLASSES = (
    ("<clock>", re.compile(_CLOCK)),
    ("<num>", re.compile("|".join([r"\d+(?:\.\d+)?", *_ONES.split(), *_TENS.split()]))),
    ("<ord>", re.compile("|".join(ORDINALS))),
    ("<unit>", re.compile("|".join(UNITS_S))),
)


class Word(NamedTuple):
    """A word of a text and where it stands there."""

    text: str
    start: int
    stop: int


def split(text: str) -> list[Word]:
    """Words, numbers, clock times and signs, in order."""
    return [Word(m[0], m.start(), m.end()) for m in _WORD.finditer(text)]


def seconds(clock: str) -> float:
    """Of 1:05 or 1:02:03."""
    total = 0.0
    for part in clock.split(":"):
        total = 60 * total + float(part)
    return total


def number(words: list[str]) -> float | None:
    """The number that words say ("twenty five", "12", "half a", "a couple of"); None without."""
    known = [NUMBERS.get(w, float(w) if re.fullmatch(r"\d+(\.\d+)?", w) else None) for w in words]
    said = [n for n in known if n is not None]
    if not said:
        return None
    articles = [w in {"a", "an"} for w, n in zip(words, known, strict=True) if n is not None]
    plain = [n for n, article in zip(said, articles, strict=True) if not article]
    return sum(plain) if plain else said[0]


def word_class(word: str) -> str:
    """The class of a number, an ordinal, a unit or a clock time; else the word in lower case."""
    low = word.lower()
    return next((name for name, which in _CLASSES if which.fullmatch(low)), low)


def shape(word: str) -> str:
    """Digits as 0 and letters as a, runs shortened."""
    plain = re.sub(r"\d", "0", re.sub(r"[^\W\d_]", "a", word))
    return re.sub(r"(.)\1+", r"\1+", plain)


def features(words: list[str], form: str) -> list[list[str]]:
    """What a tagger sees of each word, in one of five forms.

    Args:
        words: of a sentence.
        form: "words" as they are, their "classes", their "endings", the last key word "behind"
            them, or "mixed".
    """
    low, kind = [w.lower() for w in words], [word_class(w) for w in words]
    keys = _last_keys(low)
    rows = []
    for i in range(len(words)):
        w, c = (_around(v, i) for v in (low, kind))
        seen = {
            "words": [f"w{d}={w[d]}" for d in (-2, -1, 0, 1, 2)] + [f"w-1,0={w[-1]} {w[0]}"],
            "classes": [f"c{d}={c[d]}" for d in (-3, -2, -1, 0, 1, 2)]
            + [f"c-1,0={c[-1]} {c[0]}", f"c0,1={c[0]} {c[1]}"],
            "endings": [f"e{d}={w[d][-3:]}" for d in (-1, 0, 1)]
            + [f"s{d}={shape(w[d])}" for d in (-1, 0, 1)] + [f"c0={c[0]}", f"c-1={c[-1]}"],
            "behind": [f"c{d}={c[d]}" for d in (-1, 0, 1)]
            + [f"k={keys[i]}", f"k,c0={keys[i]} {c[0]}", f"k,c1={keys[i]} {c[1]}"],
            "mixed": [f"c{d}={c[d]}" for d in (-1, 0, 1)]
            + [f"w0={w[0]}", f"k={keys[i]}", f"c-1,0,1={c[-1]} {c[0]} {c[1]}"]
            + [f"c-2,-1={c[-2]} {c[-1]}"],
        }  # fmt: skip
        rows.append(seen[form])
    return rows


FORMS = ("words", "classes", "endings", "behind", "mixed")


def _around(words: list[str], i: int) -> dict[int, str]:
    n = len(words)
    return {d: words[i + d] if 0 <= i + d < n else "<edge>" for d in range(-3, 3)}


def _last_keys(low: list[str]) -> list[str]:
    """The last word before each word, or the word itself, that can open a time expression."""
    keys, out, last, since = _KEYS.split(), [], "none", 99
    for word in low:
        last, since = (word, 0) if word in keys else (last, since + 1)
        if word in {",", ".", "?", "!"}:
            last = "none"
        out.append(f"{last}{min(since, 4)}" if last != "none" else "none")
    return out
