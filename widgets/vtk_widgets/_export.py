"""Write widgets as one HTML page that needs no kernel, no server and no network."""

import html
import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Any

import anywidget

from vtk_notebooks.atomic import replacing
from vtk_notebooks.errors import VtkError
from vtk_widgets._base import Widget

_HERE = Path(__file__).parent
_PLUMBING = {*anywidget.AnyWidget.class_trait_names(), "_esm", "_css", "_anywidget_id"}
_LAYOUTS = ("stack", "grid")

Shelf = Widget | Sequence[Widget]
"""A widget, or several that stand side by side where there is room."""


def page(
    widgets: Iterable[Shelf] | Mapping[str, Shelf],
    path: str | Path,
    title: str,
    layout: str = "stack",
    intro_html: str = "",
) -> Path:
    """One HTML file with these widgets; those that share a `Selection` stay linked in it.

    Args:
        widgets: in reading order; a mapping gives headings.
        path: of the file, which appears whole or not at all; its folder is made.
        title: of the page; plain text.
        layout: "stack", one below the other, or "grid", as many columns as fit.
        intro_html: markup under the title, put in as it is: never pass untrusted text.
    """
    if layout not in _LAYOUTS:
        raise VtkError("page", f"a layout out of {_LAYOUTS}", repr(layout))
    shelves = _named(widgets)
    writer = _Writer()
    body = "\n".join(writer.section(heading, shelf) for heading, shelf in shelves)
    script = _read("_export.js")
    text = Template(_read("_export.html")).substitute(
        policy=_policy(script),
        title=html.escape(title),
        css="\n".join([_read("_export.css"), *writer.styles]),
        intro=intro_html,
        layout=layout,
        body=body,
        state=writer.state(),
        script=script,
    )
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8")
    return path


class _Writer:
    """Collects what a page holds: every model, module, style sheet and byte string once."""

    def __init__(self) -> None:
        self.models: dict[str, dict[str, Any]] = {}
        self.modules: list[str] = []
        self.styles: list[str] = []
        self.blobs: list[str] = []
        self._ids: dict[Widget, str] = {}
        self._blob: dict[bytes, int] = {}

    def section(self, heading: str, shelf: Shelf) -> str:
        """The places that the widgets of one row are drawn in."""
        row = [shelf] if isinstance(shelf, Widget) else list(shelf)
        cells = "".join(f'<div data-model="{self.model(widget)}"></div>' for widget in row)
        title = f"<h2>{html.escape(heading)}</h2>" if heading else ""
        inner = cells if len(row) == 1 else f'<div class="page-row">{cells}</div>'
        return f"<section>{title}{inner}</section>"

    def model(self, widget: Widget) -> str:
        """The page's name for a widget, whose state is written down on the way."""
        if widget not in self._ids:
            self._ids[widget] = f"m{len(self._ids)}"
            traits = widget.trait_values(sync=True)
            own = sorted(traits.keys() - _PLUMBING)
            state = {name: traits[name] for name in own} | widget.static_state()
            entry = {"module": _index(self.modules, traits["_esm"]), "state": self._plain(state)}
            _index(self.styles, traits["_css"])
            self.models[self._ids[widget]] = entry
        return self._ids[widget]

    def state(self) -> str:
        """All of it as JSON that cannot end the script element it stands in."""
        everything = {"models": self.models, "modules": self.modules, "blobs": self.blobs}
        text = json.dumps(everything, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.replace("<", "\\u003c")

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Widget):
            return f"anywidget:{self.model(value)}"
        if isinstance(value, bytes | memoryview):
            return {"$blob": self._number(bytes(value))}
        if isinstance(value, Mapping):
            return {key: self._plain(v) for key, v in value.items()}
        if isinstance(value, list | tuple):
            return [self._plain(v) for v in value]
        return value

    def _number(self, data: bytes) -> int:
        if data not in self._blob:
            self._blob[data] = len(self.blobs)
            self.blobs.append(b64encode(data).decode())
        return self._blob[data]


def _named(widgets: Iterable[Shelf] | Mapping[str, Shelf]) -> list[tuple[str, Shelf]]:
    if isinstance(widgets, Mapping):
        return [(str(heading), shelf) for heading, shelf in widgets.items()]
    return [("", shelf) for shelf in widgets]


def _index(items: list[str], item: str) -> int:
    if item not in items:
        items.append(item)
    return items.index(item)


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _policy(script: str) -> str:
    """Only this script and the modules it makes may run; nothing may be fetched."""
    own = b64encode(sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{own}' blob:; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
