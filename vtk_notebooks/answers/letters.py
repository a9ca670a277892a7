"""Letters: which choice a model's free text names.

Published parsers take the first capital that looks like an option, and so read "Answer: D" or "It
is A dog, so C" as A. This one looks for a choice in the order of how surely it is meant, and says
None where the text names none, or several. It never guesses.
"""

import re
from collections.abc import Sequence

from vtk_notebooks.errors import VtkError

_CUE = r"(?:answer|option|choice|select|choose|pick|correct)"
_BETWEEN = (
    r"(?:\W+(?:is|was|would|be|should|must|option|choice|answer|the|letter|number|one|correct|best"
    r"|final|to|choose|select|pick))*\W*"
)
"""What may stand between a cue and its letter."""
_MORE = r"\W*\b(?:or|and|nor)\b"
_WORD = r"\s+(?!or\b|and\b|nor\b)[a-z]"
"""What makes the capital before it an article or a pronoun: "A dog", but not "A or B"."""


def letter_index(text: str, choices: Sequence[str] | int) -> int | None:
    """The choice that a response names, from 0; None where it names none, or several.

    In this order: the text is a choice, word for word; it is a bare letter, or starts with a marked
    one ("B.", "(b)", "C: because"); a letter follows a cue ("the answer is D"), the last such;
    exactly one marked letter, or else one capital that is no article or pronoun, stands somewhere;
    exactly one choice is quoted in full.

    Args:
        text: the model's response.
        choices: their texts, with or without a leading letter; or how many there are.
    """
    count = choices if isinstance(choices, int) else len(choices)
    if not 1 <= count <= 26:
        raise VtkError("letter_index", "1 to 26 choices", count)
    texts = () if isinstance(choices, int) else tuple(_plain(c) for c in choices)
    said = text.strip()
    if texts and texts.count(_plain(said)) == 1:
        return texts.index(_plain(said))
    last = chr(ord("A") + count - 1)
    upper, any_case = f"[A-{last}]", f"[A-{last}a-{last.lower()}]"
    alone = rf"(?!{_MORE}\W*{any_case}\b)"
    for found in (
        _first(rf"^\W*({any_case})\W*$", said),
        _first(rf"^\W*({upper})(?=[.):,\]]|\s*[-\u2013\u2014]\s){alone}", said),
        _first(rf"^[(\[]({any_case})[)\]]{alone}", said),
        _after_cue(said, upper, any_case),
        _only(rf"[(\[]({any_case})[)\]]|\b({upper})(?=[.):](?:\s|$))", said),
        _only(rf"(?<![\w'\u2019])({upper})(?![\w'\u2019])(?!{_WORD})", said),
    ):
        if found is not None:
            return ord(found.upper()) - ord("A")
    return _quoted(_plain(said), texts)


def _after_cue(said: str, upper: str, any_case: str) -> str | None:
    """The last letter that a cue points to; lower case only where brackets mark it."""
    letter = rf"(?:[(\[]({any_case})[)\]]|({upper})(?![\w'\u2019])(?!{_WORD}))"
    found = [
        next(filter(None, m.groups()))
        for m in re.finditer(rf"(?i:\b{_CUE}s?\b{_BETWEEN}){letter}", said)
    ]
    return found[-1] if found else None


def _quoted(said: str, texts: Sequence[str]) -> int | None:
    """The one choice whose whole text the response holds, unless it lies inside a longer one."""
    held = [
        i for i, t in enumerate(texts) if t and re.search(rf"(?<!\w){re.escape(t)}(?!\w)", said)
    ]
    widest = [i for i in held if not any(i != j and texts[i] in texts[j] for j in held)]
    return widest[0] if len(widest) == 1 else None


def _plain(text: str) -> str:
    """Without a leading letter, outer punctuation, case and runs of white space."""
    text = re.sub(r"^\s*[(\[]?[A-Za-z][)\].:]\s+", "", text)
    return " ".join(text.lower().split()).strip(" .!?\"'`*")


def _first(pattern: str, said: str) -> str | None:
    found = re.search(pattern, said)
    return found[1] if found else None


def _only(pattern: str, said: str) -> str | None:
    """The letter when all matches name the same one."""
    named = {next(filter(None, m.groups())).upper() for m in re.finditer(pattern, said)}
    return named.pop() if len(named) == 1 else None
