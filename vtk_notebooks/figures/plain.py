"""Text that somebody else wrote (film names, questions, captions), made fit to be shown."""

from collections.abc import Sequence
from functools import cache

from vtk_notebooks.errors import VtkError
from vtk_notebooks.text.one_line import one_line


def plain(text: str, most: int = 200) -> str:
    """The text on one line of a figure, cut to `most` characters.

    A character that the figure's font cannot draw becomes U+FFFD, so that it is the reader who
    misses it and not the font; metadata keeps the text as it was. Dollar signs need no care:
    `paper_style` turns mathematics off.
    """
    text = "".join(c if ord(c) in _drawable() else "\ufffd" for c in one_line(text))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def names_of(who: str, words: Sequence[str], said: Sequence[str], most: int) -> list[str]:
    """How a figure calls the words it has: as it was `said`, else the words themselves.

    Raises:
        VtkError: without a word, or with another number of names.
    """
    names = [plain(name, most) for name in said or words]
    if not names or len(names) != len(words):
        got = f"{len(names)} for {len(words)} words"
        raise VtkError(who, "one or more words, a name for each", got)
    return names


@cache
def _drawable() -> frozenset[int]:
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())
