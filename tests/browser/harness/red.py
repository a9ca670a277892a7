"""Films with a red square, and an encoder that sees red: quick, and without weights.

Notebooks of the browser tests import a copy of this file; tests of widgets read it as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from vtk_notebooks import registry
from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.moment import Moment
from vtk_notebooks.part import Part
from vtk_notebooks.query import Query
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.store import Store
from vtk_notebooks.tokens import Tokens

NAME = "sees_red"
TRUTH = (Moment(1.5, 3.0),)


def film(name: str = "one", first: int = 3, stop: int = 6) -> Clip:
    """Eight frames, half a second each, of noise, with a red square from `first` to `stop`."""
    draw = np.random.default_rng(sum(name.encode()))
    frames = draw.integers(40, 80, (8, 48, 72, 3)).astype(np.uint8)
    frames[first:stop, 8:32, 8:40] = (220, 10, 10)
    return Clip(frames, np.arange(8) / 2, Origin(name, duration_s=4.0))


def squeezed(keep: float = 0.5) -> Recipe:
    """See red, keep that part of the tokens, take the best span."""
    return Recipe(NAME, Part("bipartite_merge", {"keep": keep}), frames=8, short_side=48)


@contextmanager
def seeing_red() -> Iterator[list[str]]:
    """The encoder, registered for a while; and the names of the films that it was shown."""
    registry.names("encoder")  # the real ones move in first
    seen: list[str] = []

    class SeesRed:
        """Mean colour of each of 4 x 6 cells."""

        space = "red"

        def weights(self) -> str:
            return "none"

        def __call__(self, clip: Clip, progress: Any = None) -> Tokens:
            seen.append(clip.origin.name)
            if clip.origin.name == "bad":
                raise RuntimeError("a film <that> cannot be read")
            frames = torch.tensor(clip.frames).float().movedim(-1, 1)
            x = torch.nn.functional.adaptive_avg_pool2d(frames, (4, 6)).movedim(1, -1) - 60
            times = torch.tensor(clip.times_s).float()
            return Tokens.from_grid(x, times, clip.duration_s, space="red")

        def read(self, text: str) -> Query:
            red = torch.tensor([1.0, -0.5, -0.5])
            return Query(text, red, red[None], ("red",), "red")

    registry.register("encoder", NAME, title="Sees red", paper="test")(SeesRed)
    try:
        yield seen
    finally:
        del registry._TABLE["encoder", NAME]


def world(folder: Any) -> Iterator[SimpleNamespace]:
    """All of it in one place."""
    with seeing_red() as seen:
        films = [film(name) for name in ("one", "two", "three", "four")]
        yield SimpleNamespace(
            film=film, films=films, recipe=squeezed, store=Store(folder), seen=seen, truth=TRUTH
        )
