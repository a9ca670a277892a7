"""Explained: stage by stage, why a run would or would not take a result out of the store."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vtk_notebooks.clip import Clip
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import sampled
from vtk_notebooks.stage import Made, made_from, seeded
from vtk_notebooks.store import Store
from vtk_notebooks.video import Film


@dataclass(frozen=True)
class Reason:
    """One stage of a recipe and what the store has of it.

    Args:
        stage: the mechanism with its numbers.
        address: where its result is, or would be.
        reused: whether a run would take it out of the store.
        why: in words.
    """

    stage: str
    address: str
    reused: bool
    why: str

    def __str__(self) -> str:
        what = "reused" if self.reused else "computed"
        return f"{what:<9}{self.stage} ({self.address}): {self.why}"


def explain(
    recipe: Recipe, film: Clip | Film | str | Path | bytes, text: str, *, store: Store
) -> tuple[Reason, ...]:
    """What `run` would do with this recipe, film and question; nothing is computed but addresses.

    The film is decoded, for its pixels are its address. The store is left as it is.
    """
    clip = film if isinstance(film, Clip) else sampled(recipe, film, lambda *_: None)
    first = [Made(part, clip.address, part.build().weights()) for part in recipe.encoders]
    made, before = list(first), "+".join(m.address for m in first)
    for part in recipe.stages:
        made.append(made_from(seeded(part, recipe.seed), before, text))
        before = made[-1].address
    stored = [r["made_of"] for a in store if (r := store.record(a) or {}) and "made_of" in r]
    return tuple(_reason(m, store, stored) for m in made)


def _reason(made: Made, store: Store, stored: list[dict[str, Any]]) -> Reason:
    label, address = made.part.label, made.address
    try:
        damage = store.damage(address)
    except FileNotFoundError:
        return Reason(label, address, False, f"it is not in the store; {_nearest(made, stored)}")
    if damage:
        why = f"its entry is damaged ({damage}) and will be replaced"
        return Reason(label, address, False, why)
    [entry] = [e for e in store.entries() if e.address == address]
    used = datetime.fromtimestamp(entry.used, UTC).strftime("%Y-%m-%d %H:%M")
    why = f"same mechanism, numbers and input; {entry.bytes / 1e6:.2f} MB, last used {used} UTC"
    return Reason(label, address, True, why)


def _nearest(made: Made, stored: list[dict[str, Any]]) -> str:
    """Where the most similar stored result of the same mechanism differs."""
    here = made.as_dict()
    alike = [s for s in stored if (s["kind"], s["name"]) == (here["kind"], here["name"])]
    if not alike:
        return f"nothing by {made.part.name!r} is: never computed, or forgotten to make room"
    said = min((_differences(here, there) for there in alike), key=len)
    return "the nearest one there has " + (
        ", ".join(said) or "the same ingredients, so it was lost"
    )


def _differences(here: dict[str, Any], there: dict[str, Any]) -> list[str]:
    names = {**here["params"], **there["params"]}
    pairs = {k: (here["params"].get(k, _UNSAID), there["params"].get(k, _UNSAID)) for k in names}
    said = [f"{k}={b} and not {a}" for k, (a, b) in pairs.items() if _plain(a) != _plain(b)]
    if here["before"] != there["before"]:
        said.append("another film" if here["kind"] == "encoder" else "another stage before it")
    if here["weights"] != there["weights"]:
        said.append(f"other weights ({there['weights']})")
    if here["question"] != there["question"]:
        said.append(f"another question ({there['question']!r})")
    return said


_UNSAID = "its default"


def _plain(value: Any) -> Any:
    """JSON knows no tuples."""
    return [_plain(v) for v in value] if isinstance(value, list | tuple) else value
