"""Yes or no: what a model's free text says; words, not parts of words.

A published parser takes "nothing happens" for a no and "her eyes" for a yes.
"""

import re


def yes_no(text: str) -> bool | None:
    """True, False, or None where neither or both are said.

    A text that starts with one of them means it, whatever follows ("No, yes would be wrong").
    """
    words = re.findall(r"[^\W\d_]+", text.lower())
    if words and words[0] in ("yes", "no"):
        return words[0] == "yes"
    said = {w for w in words if w in ("yes", "no")}
    return "yes" in said if len(said) == 1 else None
