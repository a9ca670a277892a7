"""Rivals of a recipe: what chance and counting would have kept of the same tokens, as many of them.

They look at no pixel, so whatever a mechanism gains must show against them.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from vtk_notebooks.part import Part
from vtk_notebooks.stage import seeded
from vtk_notebooks.tokens import Tokens

PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "random": Part("compressor:random_tokens"),
        "uniform": Part("compressor:uniform", {"axis": "tokens"}),
    }
)
"""By the name that the browser knows them by."""


def part(name: str, count: int, start: Tokens, seed: int = 0) -> Part:
    """The rival that keeps `count` of these tokens."""
    return seeded(PARTS[name].with_(keep=min(1.0, count / len(start))), seed)


def kept(name: str, count: int, start: Tokens, seed: int = 0) -> Tokens:
    """What it keeps."""
    mechanism: Any = part(name, count, start, seed).build()
    return mechanism(start)
