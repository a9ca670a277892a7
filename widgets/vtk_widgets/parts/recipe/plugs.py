"""Plugs: which widgets lie in the tabs of a workbench; another one is another line."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from vtk_widgets._base import Widget

_LATER_S = 8.0


def _nothing(_bench: Any) -> Any:
    """What a widget that shows the same for ever is made of."""


@dataclass(frozen=True)
class Plug:
    """One tab.

    Args:
        title: on the tab.
        make: gives the widget, from a workbench that has a run; called when it is first opened.
        of: what it is made of; where that is another than before, it is made anew.
    """

    title: str
    make: Callable[[Any], Widget]
    of: Callable[[Any], Any] = _nothing


def _attention(bench: Any) -> Widget:
    """What the picked model, or else the bundled one, looks at in the frames of the run."""
    from vtk_notebooks.models.door import load
    from vtk_widgets.attention_explorer import AttentionExplorer

    picker = next((tab["widget"] for tab in bench.tabs if tab["key"] == "models"), None)
    model: Any = getattr(picker, "model", None) or load("vtk-tiny")
    tokens = model.encode(bench.run.clip)
    return AttentionExplorer.of(model, tokens, bench.question, bench.run.clip, bench.selection)


def _errors(bench: Any) -> Widget:
    """How the answers of all recipes ended, where the truth is known."""
    from vtk_notebooks.errors import VtkError
    from vtk_widgets.error_browser import ErrorBrowser

    if not bench.truth or bench.ablation.sweep is None:
        hint = "Give Workbench.of truth=[Moment(start_s, end_s)]."
        raise VtkError("Errors", "moments that are known to answer the question", "none", hint)
    clip = bench.run.clip
    return ErrorBrowser.of(bench.ablation.sweep, film=lambda name: clip, selection=bench.selection)


def _models(_bench: Any) -> Widget:
    from vtk_widgets.model_picker import ModelPicker

    return ModelPicker.of()


def _papers(bench: Any) -> Widget:
    from vtk_widgets.paper_atlas import PaperAtlas

    return PaperAtlas.of(None if bench._source else bench.film, bench.question, bench._store)


PLUGS: Mapping[str, Plug] = MappingProxyType(
    {
        "compare": Plug("Compare recipes", lambda bench: bench.ablation),
        "attention": Plug("Attention", _attention, lambda b: (b.run.clip.address, b.question)),
        "errors": Plug("Errors", _errors, lambda b: id(b.ablation.sweep)),
        "models": Plug("Models", _models),
        "papers": Plug("Papers", _papers),
    }
)
"""Tabs by key, in their order."""


def with_references(tabs: Sequence[Mapping[str, Any]], _widget: Any) -> list[dict[str, Any]]:
    """Tabs as they travel: a widget as the name of its model."""
    return [
        {**tab, "widget": tab["widget"] and f"anywidget:{tab['widget'].model_id}"} for tab in tabs
    ]


def retire(widget: Widget) -> None:
    """Close a widget that another one took the place of, once the browser has surely let it go.

    One that is closed before the browser has made its view leaves an error in the console.
    """
    try:
        asyncio.get_running_loop().call_later(_LATER_S, widget.close)
    except RuntimeError:  # a script: no browser
        widget.close()
