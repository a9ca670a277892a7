"""Plugs: which widgets lie in the tabs of a workbench; another one is another line."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from vtk_widgets._base import Widget

_LATER_S = 8.0


@dataclass(frozen=True)
class Plug:
    """One tab.

    Args:
        title: on the tab.
        make: gives the widget, from a workbench that has a run; called when it is first opened.
        each_run: whether it is made anew after every run.
    """

    title: str
    make: Callable[[Any], Widget]
    each_run: bool = False


PLUGS: Mapping[str, Plug] = MappingProxyType(
    {
        "compare": Plug("Compare recipes", lambda bench: bench.ablation),
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
