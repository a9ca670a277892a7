"""Saved runs: a whole `Run` in the store, for figures and notebooks that must not compute."""

from dataclasses import asdict
from typing import Any

import torch

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import StoreError
from vtk_notebooks.moment import Moment
from vtk_notebooks.query import Query
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import Run
from vtk_notebooks.stage import Stage, beside, stage_from
from vtk_notebooks.store import Store

_PREFIX = "run"


def save_run(run: Run, store: Store) -> str:
    """Remember a run whose stages the same store computed; returns its address."""
    record = {
        "recipe": run.recipe.as_dict(),
        "origin": asdict(run.clip.origin),
        "text": run.query.text,
        "tokens": run.query.tokens,
        "space": run.query.space,
        "stages": [(s.name, s.address) for s in run.stages],
        "moments": [asdict(m) for m in run.moments],
        "weights": run.weights,
        "symbols": run.symbols,
        "versions": run.versions,
    }
    tensors = {
        "frames": torch.from_numpy(run.clip.frames),
        "times_s": torch.from_numpy(run.clip.times_s),
        "vector": run.query.vector,
        "words": run.query.words,
        "saliency": run.saliency,
    }
    store.put(_PREFIX + run.address, tensors, record)
    return run.address


def load_run(address: str, store: Store) -> Run:
    """A saved run, without computing anything.

    Raises:
        StoreError: when it, or one of its stages, is not in the store.
    """
    tensors, record = _get(_PREFIX + address, store)
    origin = Origin(**record["origin"])
    clip = Clip(tensors["frames"].numpy(), tensors["times_s"].numpy(), origin)
    text, tokens = record["text"], tuple(record["tokens"])
    return Run(
        recipe=Recipe.from_dict(record["recipe"]),
        clip=clip,
        query=Query(text, tensors["vector"], tensors["words"], tokens, record["space"]),
        stages=tuple(_stage(name, keys, store) for name, keys in record["stages"]),
        saliency=tensors["saliency"],
        moments=tuple(Moment(**m) for m in record["moments"]),
        weights=tuple(record["weights"]),
        symbols=record["symbols"],
        versions=record["versions"],
    )


def saved_runs(store: Store) -> list[str]:
    """Addresses of all saved runs."""
    return [a.removeprefix(_PREFIX) for a in store if a.startswith(_PREFIX)]


def _stage(name: str, keys: str, store: Store) -> Stage:
    names = name.split(" + ") if "+" in keys else [name]
    parts = zip(names, keys.split("+"), strict=True)
    return beside([stage_from(n, key, *_get(key, store)) for n, key in parts])


def _get(address: str, store: Store) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    found = store.get(address)
    if found is None:
        hint = "Run the recipe again with store=...; it computes only what is missing."
        raise StoreError("load_run", f"an entry {address} in {store.root}", "none", hint)
    return found
