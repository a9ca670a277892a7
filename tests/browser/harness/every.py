"""One of every widget: a new one is one function here, and all that holds for all is tested.

A maker takes one text, puts it wherever its widget shows a text that comes from outside
(captions, questions, labels), and gives the widget, small. Its root carries `data-ready="true"`
once it has painted. `test_every_widget.py` opens each on a page and in JupyterLab: barriers (axe),
light and dark, 200 %, hostile texts, what a restarted kernel leaves, what closing frees.

Notebooks of the tests import a copy of this file.
"""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

import torch

from vtk_notebooks.store import Store

from .made import TRUTH, dropped, film, found, merged
from .red import TRUTH as RED_TRUTH
from .red import film as red_film
from .red import seeing_red, squeezed

PLAIN = "a square"
BOUNDS = "\u202e\u2066\u200b\u200d"  # turns text around, isolates it, and has no width
TEXTS = {
    "markup": '<img src=x onerror="window.executed=1"></script><script>window.executed=1</script>',
    "bidi": f"left {BOUNDS}thgir",
    "long": "long " * 2000 + "w" * 2000,
}
"""Texts nobody should trust, by what they try."""


def error_browser(text: str) -> Any:
    from vtk_notebooks.moment import Moment
    from vtk_notebooks.scoring import Asked
    from vtk_widgets import ErrorBrowser

    said = {text: ((Moment(2.5, 4.0),), ()), "other": ((Moment(8.0, 9.0),), TRUTH)}
    return ErrorBrowser.of(Asked((text, "2"), (text, ""), (text, "second"), (TRUTH, TRUTH), said))


def attention_explorer(text: str) -> Any:
    from vtk_notebooks.models.adapters import Prompt
    from vtk_notebooks.models.attention.tiles import AttentionTiles, _Layer
    from vtk_widgets import AttentionExplorer

    tokens, n = merged(0.25), 76
    q, k = torch.randn(2, 2, n, 8, generator=torch.Generator().manual_seed(0))
    tiles = AttentionTiles({f"layers.{i}": _Layer(q, k, 0.3, True, None) for i in range(2)})
    token = torch.cat([torch.arange(72), torch.full((4,), -1)])
    words = (*[""] * 72, text, "word", "other", "?")
    prompt = Prompt(torch.zeros(1, n, 1), token >= 0, token, words, None, n, {})
    return at_once(lambda: AttentionExplorer.of(tiles, tokens, prompt, film(text)))


def frame_player(text: str) -> Any:
    from vtk_widgets import FramePlayer

    return FramePlayer.of(film(text))


def model_picker(text: str) -> Any:
    from dataclasses import asdict

    from vtk_notebooks.models.offers import Offer
    from vtk_widgets import ModelPicker

    offers = (
        Offer(text, "cache", licence=text, kind=text, bytes=10, trouble=text),
        Offer("small", "package", licence="mit"),
    )
    listed = json.dumps([asdict(offer) for offer in offers]).encode()
    return ModelPicker(offers=listed, devices={"cpu": 8_000_000_000}, id=text)


def moment_timeline(text: str) -> Any:
    from vtk_widgets import MomentTimeline

    return MomentTimeline.of(found(merged(0.25), text, text, text), TRUTH)


def paper_atlas(text: str) -> Any:
    from vtk_widgets import PaperAtlas

    texts = ("name", "title", "authors", "venue", "idea", "differs", "bibtex", "arxiv")
    own = dict.fromkeys(texts, text) | {"mechanisms": [text], "tests": [], "evidence": text}
    about = {"year": 2024, "status": "working", "demo": False, "file": ""}
    rows = [{**own, **about, "key": k, "family": f} for k, f in (("a", text), ("b", "heads"))]
    return PaperAtlas(systems=json.dumps(rows).encode(), key="a")


def selection(text: str) -> Any:
    from vtk_widgets import Selection

    return Selection(time_s=1.5)


def token_map(text: str) -> Any:
    from vtk_widgets import TokenMap

    runs = found(merged(0.25), text), found(dropped(0.5), text)
    looks = torch.rand(2, 72, generator=torch.Generator().manual_seed(0))
    return TokenMap.of(*runs, rerun=merged, weights=looks, words=(text, "ground"))


def ablation_bench(text: str) -> Any:
    from vtk_notebooks.sweep import Question
    from vtk_widgets import AblationBench

    def make() -> Any:
        truth = Question(text, RED_TRUTH)
        return AblationBench.of(squeezed(0.5), red_film(text), truth, Store(Path(mkdtemp())))

    return at_once(make)


def workbench(text: str) -> Any:
    from vtk_widgets import Workbench

    def make() -> Any:
        return Workbench.of(red_film(text), text, squeezed(0.5), store=Store(Path(mkdtemp())))

    return at_once(make)


def at_once(make: Callable[[], Any]) -> Any:
    """What is made with an encoder of its own, all work done: as in a script, without a loop.

    But the browser looks on, so what was replaced on the way is not closed.
    """
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        with seeing_red(), patch("vtk_widgets.workbench.retire"):
            return make()
    finally:
        asyncio._set_running_loop(loop)


MAKERS: dict[str, Callable[[str], Any]] = {
    "ErrorBrowser": error_browser,
    "AblationBench": ablation_bench,
    "AttentionExplorer": attention_explorer,
    "FramePlayer": frame_player,
    "ModelPicker": model_picker,
    "MomentTimeline": moment_timeline,
    "PaperAtlas": paper_atlas,
    "Selection": selection,
    "TokenMap": token_map,
    "Workbench": workbench,
}
