"""Letters: which choice a model's free text names.

Published parsers take the first capital that looks like an option, and so read "Answer: D" or "It
is A dog, so C" as A. This one looks for a choice in the order of how surely it is meant, and says
None where the text names none, or several. It never guesses.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from vtk_notebooks.errors import VtkError

_GAP = r"[^\w.!?;]"
"""Between a cue and its letter: nothing that ends a sentence."""
_FILL = (
    r"(?:is|was|would|be|should|must|option|choice|answer|the|letter|number|one|correct|best|right"
    r"|final|to|choose|select|pick|therefore|thus|clearly)"
)
_STRONG = (
    r"(?:answer|correct|(?:best|right|final)\W+(?:option|choice|letter)|choose|chose|select|pick"
    r"|go\W+with)"
)
_WEAK = r"(?:option|choice)"
_NO_NOUN = (
    r"(?:the|an?|is|was|are|would|should|seems|looks|matches|fits|shows|describes|because|since|as"
    r"|or|and|nor|but|which|it|he|she|they|we|in|on|at|for|with|to|by|from|based|due)\b"
)
_ARTICLE = rf"(?:(?<=A)\s+(?!{_NO_NOUN})|(?<=I)\s+)[a-z]"
"""What makes the capital before it an article or a pronoun: "A dog", but not "A is" or "B dog"."""
_NO = r"(?:\b(?:not|never|nor|neither|except|rather\W+than|instead\W+of)|n['\u2019]t)"


def letter_index(text: str, choices: Sequence[str] | int) -> int | None:
    """The choice that a response names, from 0; None where it names none, or several.

    In this order: the text is a choice, word for word; it has a line that is a bare letter; a
    letter is called the answer ("the answer is D", "D is correct"), the last such; the text starts
    with a marked letter ("B.", "(b)", "C: because"); the only letter that is called an option; the
    only marked one; the only capital that is no article or pronoun; the only choice quoted in full.
    A letter that is ruled out ("not B", "C is wrong") counts as not there.

    Args:
        text: the model's response.
        choices: their texts, with or without a leading letter; or how many there are.
    """
    count = choices if isinstance(choices, int) else len(choices)
    if not 1 <= count <= 26:
        raise VtkError("letter_index", "1 to 26 choices", count)
    texts = () if isinstance(choices, int) else tuple(_plain(c) for c in choices)
    last = chr(ord("A") + count - 1)
    upper, any_case = f"[A-{last}]", f"[A-{last}a-{last.lower()}]"
    said = text.strip()
    if texts.count(_plain(said)) == 1:
        named, lead = texts.index(_plain(said)), re.match(rf"[(\[]?({upper})[)\].:]\s", said)
        return named if lead is None or _number(lead[1]) == named else None
    said = _without_ruled_out(said, upper)
    for pattern in _patterns(upper, any_case):
        found = pattern(said)
        if found is not None:
            return _number(found)
    return _quoted(_plain(said), texts)


def _patterns(upper: str, any_case: str) -> Iterator[Callable[[str], str | None]]:
    """Ways to find a letter, the surest first."""
    single = rf"(?!\W*(?:\b(?:or|and|nor)\b\W*{any_case}|[,/&.]\W*{upper})\b(?!{_ARTICLE}))"
    plain = rf"({upper})(?![\w'\u2019]|-\w)(?!{_ARTICLE})"
    low = rf"(?:(?<=[:\s*])(?!a)({upper.lower()})|(?<=:\s)(a))(?=[\s.!*]*\Z)"  # no article "a"
    letter = rf"(?:[(\[{{]({any_case})[)\]}}]|{plain}|{low}){single}"
    between = rf"s?\b(?:{_GAP}+{_FILL})*{_GAP}*"
    before = rf"(?<![\w'\u2019-])({upper})[)\]]?\W+(?:is|would\W+be)\W+(?:the\W+)?(?:most\W+)?"
    right = rf"{before}(?:likely|correct|right|best|answer)\b"
    yield partial(_only, rf"\A\W*({any_case})\W*\Z")
    yield partial(_only, rf"(?m:^\W*({upper})\W*$)")
    yield partial(_last, rf"(?i:\b{_STRONG}{between}){letter}|{right}")
    yield partial(_only, rf"\A\W*({upper})(?=[.):,\]]|\s*[-\u2013\u2014]\s){single}")
    yield partial(_only, rf"\A[(\[]({any_case})[)\]]{single}")
    yield partial(_only, rf"(?i:\b{_WEAK}{between}){letter}")
    yield partial(_only, rf"[(\[{{]({any_case})[)\]}}]|\b({upper})(?=[.):](?:\s|$))")
    yield partial(_only, rf"(?<![\w'\u2019-]){plain}")


def _without_ruled_out(said: str, upper: str) -> str:
    """The text without letters that it says are wrong."""
    letter = rf"[(\[]?\b{upper}\b[)\]]?"
    before = rf"(?i:{_NO}{_GAP}+(?:(?:the|option|choice|answer|letter|be){_GAP}+)*){letter}"
    after = rf"{letter}\W+(?:is|was|are|seems)\W+(?:clearly\W+)?(?:wrong|incorrect|false|not)\b"
    return re.sub(rf"{after}|{before}", " ", said)


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


def _last(pattern: str, said: str) -> str | None:
    found = [_letter(m) for m in re.finditer(pattern, said)]
    return found[-1] if found else None


def _only(pattern: str, said: str) -> str | None:
    """The letter when all matches name the same one."""
    named = {_letter(m) for m in re.finditer(pattern, said)}
    return named.pop() if len(named) == 1 else None


def _letter(match: re.Match[str]) -> str:
    return next(filter(None, match.groups())).upper()


def _number(letter: str) -> int:
    return ord(letter) - ord("A")
