"""Text that somebody else wrote, on one line: for a table, a legend, a page."""

import re
import unicodedata


def one_line(text: str) -> str:
    """The text on one line, without control characters.

    Marks that turn the direction of writing go too: they would reorder our own words.
    """
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
