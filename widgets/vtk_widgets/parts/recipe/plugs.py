"""Plugs: which widgets lie in the tabs of a workbench; another one is another line."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event
from types import MappingProxyType
from typing import Any

from vtk_notebooks.models.steps import Progress, Steps
from vtk_widgets._base import Widget

Make = Callable[[], Widget]
"""Makes a widget, on the kernel's own thread."""
Work = Callable[[Progress, Event], Make]
"""What must be done first, beside the kernel."""

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
        work: gives, in the place of `make`, what takes too long to hold up the kernel for.
    """

    title: str
    make: Callable[[Any], Widget] | None = None
    of: Callable[[Any], Any] = _nothing
    work: Callable[[Any], Work] | None = None


def _picker(bench: Any) -> Any:
    """The tab that a model is picked in, if one was."""
    picker = next((tab["widget"] for tab in bench.tabs if tab["key"] == "models"), None)
    return picker if picker is not None and picker.loaded else None


def _attention(bench: Any) -> Work:
    """What the picked model, or else the bundled one, looks at in the frames of the run."""
    clip, question, selection = bench.run.clip, bench.run.query.text, bench.selection
    picker = _picker(bench)
    picked = None if picker is None else picker.model

    def work(progress: Progress, stop: Event) -> Make:
        from vtk_notebooks.models.door import load
        from vtk_widgets.attention_explorer import AttentionExplorer
        from vtk_widgets.parts.attention.looked import looked

        steps = Steps("Attention", progress, stop)
        steps("loading the model", 0, None)
        model: Any = picked or load("vtk-tiny", progress=progress, cancel=stop)
        tokens = model.encode(clip, progress=partial(steps, "looking at the film"))
        lens = looked(model, tokens, question, steps)
        return lambda: AttentionExplorer.through(lens, clip, selection)

    return work


def _attention_of(bench: Any) -> Any:
    picker = _picker(bench)
    return bench.run.clip.address, bench.run.query.text, picker and picker.record


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
        "attention": Plug("Attention", of=_attention_of, work=_attention),
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
