"""Values: what a figure's function was given, as JSON, and back.

Small data (moments, points, curves, tables of answers, attention) travel inside the figure's file.
Runs are named by their number in its record, since they can be had from the store, or computed.
Only the classes that are listed here are ever made out of a file, each with its own fields.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import torch

from vtk_notebooks.blocks.grounding.batch import Grounding
from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.comparison.ceilings import ErrorCurve
from vtk_notebooks.errors import StoreError
from vtk_notebooks.figures.numbers.loss_curve import Losses
from vtk_notebooks.figures.numbers.memory_over_time import Trace
from vtk_notebooks.figures.points import Point
from vtk_notebooks.figures.remaking.arrays import packed, unpacked
from vtk_notebooks.metrics.moments.misses import MissTable
from vtk_notebooks.models.attention.where import WordsToVideo
from vtk_notebooks.moment import Moment
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import Run
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.sweep import Row, Sweep
from vtk_notebooks.tokens import Space, Tokens
from vtk_notebooks.training import Budget

KNOWN = {
    kind.__name__: kind
    for kind in (
        Budget,
        Clip,
        ErrorCurve,
        Estimate,
        Grounding,
        Losses,
        MissTable,
        Moment,
        Origin,
        Point,
        Row,
        Space,
        Sweep,
        Tokens,
        Trace,
        WordsToVideo,
    )
}
"""Data that a figure's file may carry."""
MOST_LETTERS = 2**20
"""A figure that was given more than that cannot be made again from its file."""
_WHO = "remake"


def said_of(arguments: Mapping[str, Any], runs: Sequence[Run]) -> tuple[dict[str, Any], str]:
    """Arguments as JSON; or nothing, and why they cannot be written down.

    Args:
        arguments: by name.
        runs: of the record, among them every run of the arguments.
    """
    try:
        plain = {name: encoded(value, runs) for name, value in arguments.items()}
    except StoreError as error:
        return {}, str(error.got)
    size = len(json.dumps(plain))
    return (plain, "") if size <= MOST_LETTERS else ({}, f"{size} letters of data")


def runs_in(value: Any) -> list[Run]:
    """Every run among the arguments, in order."""
    if isinstance(value, Run):
        return [value]
    if isinstance(value, Mapping):
        value = list(value.values())
    several = isinstance(value, list | tuple)
    return [run for item in value for run in runs_in(item)] if several else []


def encoded(value: Any, runs: Sequence[Run]) -> Any:
    """Plain JSON.

    Raises:
        StoreError: for what no file can say.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, Run):
        return {"run": next(n for n, run in enumerate(runs) if run is value)}
    if KNOWN.get(type(value).__name__) is type(value):
        named = {name: _part(value, name) for name in _fields(type(value))}
        named |= {"path": ""} if isinstance(value, Origin) else {}
        return {type(value).__name__: {k: encoded(v, runs) for k, v in named.items()}}
    if isinstance(value, list | tuple):
        return {type(value).__name__: [encoded(v, runs) for v in value]}
    if isinstance(value, Mapping) and all(isinstance(k, str) for k in value):
        return {"map": {k: encoded(v, runs) for k, v in value.items()}}
    if isinstance(value, torch.Tensor):
        return {"tensor": packed(value.detach().cpu().numpy())}
    if isinstance(value, np.ndarray):
        return {"array": packed(value)}
    if isinstance(value, Recipe):
        return {"recipe": value.as_dict()}
    raise StoreError(_WHO, "data that a file can carry", type(value).__name__)


def decoded(said: Any, runs: Sequence[Run]) -> Any:
    """The value again; nothing in the file is trusted.

    Raises:
        VtkError: for what `encoded` would not have written.
    """
    if said is None or isinstance(said, bool | int | float | str):
        return said
    if not isinstance(said, dict) or len(said) != 1:
        raise StoreError(_WHO, "an argument as figures.save writes it", f"{str(said)[:80]!r}")
    [(kind, held)] = said.items()
    if kind in KNOWN and isinstance(held, dict):
        return _made(kind, {str(k): decoded(v, runs) for k, v in held.items()})
    if kind not in _READERS:
        raise StoreError(_WHO, f"one of {', '.join([*_READERS, *KNOWN])}", repr(kind)[:80])
    return _READERS[kind](held, runs)


def _made(kind: str, named: dict[str, Any]) -> Any:
    known = _fields(KNOWN[kind])
    if unknown := [name for name in named if name not in known]:
        raise StoreError(_WHO, f"fields of {kind}", repr(unknown[0])[:80])
    try:
        return KNOWN[kind](**named)
    except TypeError as error:
        raise StoreError(_WHO, f"all fields of {kind}", error) from None


def _fields(kind: Any) -> tuple[str, ...]:
    """What one is made of, by the names that its maker takes."""
    if kind is Estimate:
        return ("value", "n", "interval")
    return tuple(f.name for f in fields(kind)) if is_dataclass(kind) else kind._fields


def _part(value: Any, name: str) -> Any:
    return float(value) if name == "value" and type(value) is Estimate else getattr(value, name)


def _items(held: Any, runs: Sequence[Run]) -> list[Any]:
    if not isinstance(held, list):
        raise StoreError(_WHO, "a list", type(held).__name__)
    return [decoded(item, runs) for item in held]


def _mapping(held: Any, runs: Sequence[Run]) -> dict[str, Any]:
    if not isinstance(held, dict):
        raise StoreError(_WHO, "a mapping", type(held).__name__)
    return {str(k): decoded(v, runs) for k, v in held.items()}


def _run(held: Any, runs: Sequence[Run]) -> Run:
    if not isinstance(held, int) or isinstance(held, bool) or not 0 <= held < len(runs):
        raise StoreError(_WHO, f"the number of one of {len(runs)} runs", repr(held)[:80])
    return runs[held]


def _recipe(held: Any, runs: Sequence[Run]) -> Recipe:
    if not isinstance(held, dict):
        raise StoreError(_WHO, "a recipe", type(held).__name__)
    return Recipe.from_dict(held)


_READERS: dict[str, Callable[[Any, Sequence[Run]], Any]] = {
    "run": _run,
    "list": _items,
    "tuple": lambda held, runs: tuple(_items(held, runs)),
    "map": _mapping,
    "array": lambda held, runs: unpacked(held),
    "tensor": lambda held, runs: torch.from_numpy(unpacked(held)),
    "recipe": _recipe,
}
