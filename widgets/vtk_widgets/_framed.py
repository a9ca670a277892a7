"""Widgets in a notebook that was run beforehand: each a page of its own, in a frame.

With VTK_PAGES set to a folder, every displayed widget is written there as a page without a kernel,
and the output shows it: `VTK_PAGES=pages jupyter nbconvert --execute --to html NOTEBOOK`. Frames
do not hear of each other.
"""

import html
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vtk_widgets._base import Widget

FOLDER = "VTK_PAGES"
"""Environment variable: where the pages go, beside the notebook."""
_HEIGHT_PX = 480  # until the page has said how high it is


def framed(widget: "Widget") -> str:
    """The frame that shows this widget, "" where no pages are wished for."""
    folder = os.environ.get(FOLDER, "")
    if not folder:
        return ""
    title = type(widget).__name__
    written = widget.to_html(Path(folder) / f".{title}_{id(widget)}.html", title)
    name = f"{title}_{sha256(written.read_bytes()).hexdigest()[:16]}.html"
    written.replace(Path(folder) / name)
    source = html.escape(f"{folder}/{name}", quote=True)
    return (
        f'<iframe class="vtk-page" title="{title}" src="{source}" loading="lazy" '
        f'style="width:100%;height:{_HEIGHT_PX}px;border:0"></iframe>'
    )
