"""One of every widget: a new one is one function here, and all that holds for all is tested.

A maker takes one text, puts it wherever its widget shows a text that comes from outside
(captions, questions, labels), and gives the widget, small. Its root carries `data-ready="true"`
once it has painted. `test_every_widget.py` opens each on a page and in JupyterLab: barriers (axe),
light and dark, 200 %, hostile texts, what a restarted kernel leaves, what closing frees.

Notebooks of the tests import a copy of this file.
"""

from collections.abc import Callable
from typing import Any

import torch

from ._made import TRUTH, dropped, film, found, merged

PLAIN = "a square"
BOUNDS = "\u202e\u2066\u200b\u200d"  # turns text around, isolates it, and has no width
TEXTS = {
    "markup": '<img src=x onerror="window.executed=1"></script><script>window.executed=1</script>',
    "bidi": f"left {BOUNDS}thgir",
    "long": "long " * 2000 + "w" * 2000,
}
"""Texts nobody should trust, by what they try."""


def frame_player(text: str) -> Any:
    from vtk_widgets import FramePlayer

    return FramePlayer.of(film(text))


def moment_timeline(text: str) -> Any:
    from vtk_widgets import MomentTimeline

    return MomentTimeline.of(found(merged(0.25), text, text, text), TRUTH)


def selection(text: str) -> Any:
    from vtk_widgets import Selection

    return Selection(time_s=1.5)


def token_map(text: str) -> Any:
    from vtk_widgets import TokenMap

    runs = found(merged(0.25), text), found(dropped(0.5), text)
    looks = torch.rand(2, 72, generator=torch.Generator().manual_seed(0))
    return TokenMap.of(*runs, rerun=merged, weights=looks, words=(text, "ground"))


MAKERS: dict[str, Callable[[str], Any]] = {
    "FramePlayer": frame_player,
    "MomentTimeline": moment_timeline,
    "Selection": selection,
    "TokenMap": token_map,
}
