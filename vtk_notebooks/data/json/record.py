"""Record: one entry of a JSON file, and what keeps it from being read."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vtk_notebooks.data.problem import shown

BARE = ""
"""The member of a record that is a mere list."""


@dataclass(frozen=True)
class Record:
    """One entry of a JSON file.

    Args:
        key: or its number, in a list.
        line: on which it starts.
        repeated: keys that come twice in one of its objects.
        suspect: its letters deserve a closer look.
    """

    key: str | int
    value: Any
    line: int | None
    repeated: tuple[str, ...] = ()
    suspect: bool = False


def trouble_of(parse: Callable[[], None]) -> tuple[int | None, str] | None:
    """Runs a parser; line and what came, if the text breaks off."""
    try:
        parse()
    except json.JSONDecodeError as error:
        rest = error.doc[error.pos : error.pos + 40]
        near = f"near {shown(rest)}" if rest else "at the end"
        return error.lineno, f"a fault in column {error.colno} ({error.msg}), {near}"
    except RecursionError:
        return None, "brackets nested too deep"
    except ValueError:
        return None, "a number of more digits than Python converts"
    return None


def is_suspect(text: str) -> bool:
    """A text may hold what is no proper Unicode."""
    return "\\u" in text or not text.isascii()
