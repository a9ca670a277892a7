"""Layout: how a file is laid out, so that what is written back looks as it came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Container = Literal["lines", "list", "object"]


@dataclass(frozen=True)
class Layout:
    r"""Line ends and JSON style of one file.

    Args:
        newline: "\n", or "\r\n" where the file came from Windows.
        final_newline: the last line ends as all others do.
        bom: the file starts with a byte order mark.
        container: JSON Lines, one JSON list, or one JSON object keyed by id.
        indent: spaces per level of an indented document; None: all on one line.
        compact: no blank after commas and colons.
        ascii: other letters are written as escapes.
        wrap: the member of the document that holds the records; "" if they lie at the top.
        header: the other members of the document, and `wrap` among them at its place.
    """

    newline: str = "\n"
    final_newline: bool = True
    bom: bool = False
    container: Container = "lines"
    indent: int | None = None
    compact: bool = False
    ascii: bool = True
    wrap: str = ""
    header: Mapping[str, Any] = field(default_factory=dict, hash=False)
