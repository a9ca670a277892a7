"""Labels: which of two or more labelled lines a response names ("Sentence B", "Option 1: ...").

A published matcher takes only a line, its sentence or its label, word for word, and asks a language
model about everything else. This one also finds the one line that is named inside a longer response
("Option 1, since nobody runs"), and says None where none is named, or several, or one is denied. It
never guesses.
"""

import re
from collections.abc import Sequence

from vtk_notebooks.errors import VtkError

_LINE = re.compile(r"\s*([A-Za-z]+ (\w))\s*:\s*(.*)", re.DOTALL)
_DENIED = r"(?<!\bnot )(?<!\bnor )(?<!\bneither )(?<!\bexcept )"


def label_index(text: str, lines: Sequence[str]) -> int | None:
    """The line that a response names, from 0; None where it names none, or several.

    Args:
        text: the model's response.
        lines: each a label of two words, a colon and a sentence: "Caption A: A man sits.".
    """
    found = [_LINE.fullmatch(line) for line in lines]
    if len(lines) < 2 or not all(found):
        raise VtkError("label_index", "two or more lines such as 'Caption A: ...'", list(lines))
    parts = [tuple(map(_plain, m.groups())) for m in found if m]
    said = _plain(text)
    whole = [i for i, p in enumerate(parts) if said in (*p, _plain(lines[i]), f"{p[0]}: {p[2]}")]
    if len(whole) == 1:
        return whole[0]
    sentences = [sentence for _, _, sentence in parts]
    named = {i for i, (label, _, _) in enumerate(parts) if _holds(said, label)}
    held = {i for i, s in enumerate(sentences) if s and _holds(said, s)}
    inside = {i for i in held if any(sentences[i] in sentences[j] for j in held - {i})}
    named |= held - inside
    return named.pop() if len(named) == 1 else None


def _holds(said: str, words: str) -> bool:
    return re.search(rf"{_DENIED}(?<!\w){re.escape(words)}(?!\w)", said) is not None


def _plain(text: str) -> str:
    """Without case, outer punctuation and runs of white space."""
    return " ".join(text.lower().split()).strip(" .!?\"'`*()")
