"""Finding: what one look at the machine found, and what to type."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "absent", "broken"]
"""`absent` is something optional that is not installed; `broken` ought to work and does not."""


@dataclass(frozen=True)
class Finding:
    """What one look found.

    Args:
        about: what was looked at.
        status: how it is.
        said: the facts, or what went wrong.
        todo: a command or an advice; "" where all is well.
    """

    about: str
    status: Status
    said: str
    todo: str = ""


Look = Callable[[], Iterator[Finding]]
"""Looks at one thing; whatever it raises is a finding, too."""


def look(about: str, at: Look) -> list[Finding]:
    """All that a look found, and what it ran into."""
    found: list[Finding] = []
    try:
        found.extend(at())
    except Exception as error:  # a doctor does not fall ill of what it sees
        said = " ".join(f"{type(error).__name__}: {error}".split())
        todo = getattr(error, "hint", "") or "Install vtk-notebooks anew into a fresh environment."
        found.append(Finding(about, "broken", said, todo))
    return found
