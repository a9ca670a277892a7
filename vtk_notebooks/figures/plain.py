"""Text that somebody else wrote (film names, questions, captions), made fit to be shown."""

import re
import unicodedata
from functools import cache


def one_line(text: str) -> str:
    """The text on one line, without control characters.

    Marks that turn the direction of writing go too: they would reorder our own words.
    """
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def plain(text: str, most: int = 200) -> str:
    """The text on one line of a figure, cut to `most` characters.

    A character that the figure's font cannot draw becomes U+FFFD, so that it is the reader who
    misses it and not the font; metadata keeps the text as it was. Dollar signs need no care:
    `paper_style` turns mathematics off.
    """
    text = "".join(c if ord(c) in _drawable() else "\ufffd" for c in one_line(text))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@cache
def _drawable() -> frozenset[int]:
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())
