"""Trials as plain values: what an ablation bench sends to the browser."""

import math
from collections.abc import Mapping
from typing import Any

from vtk_notebooks import registry
from vtk_notebooks.errors import VtkError
from vtk_notebooks.part import STAGES
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.sweep import Sweep
from vtk_notebooks.sweep.changed import plain_moment
from vtk_notebooks.sweep.draft import SEVERAL, Draft, parts_of
from vtk_notebooks.sweep.parameters import parameters
from vtk_notebooks.sweep.recipe_code import recipe_code
from vtk_notebooks.sweep.report import COSTS, FORMS, summary_in
from vtk_notebooks.sweep.trials import Trials

_CHOSEN = (*STAGES, "encoder", "head", "timecodec")


def catalog() -> list[dict[str, str]]:
    """All mechanisms that a recipe may be made of."""
    cards = [registry.card(kind, name) for kind in _CHOSEN for name in registry.names(kind)]
    return [{"kind": c.kind, "name": c.name, "title": c.title} for c in cards]


def forms(draft: Draft, known: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft's mechanisms can be set to, by "kind:name"; those that are not known yet."""
    found: dict[str, Any] = {}
    try:
        for _, part in parts_of(draft):
            key = f"{part['kind']}:{part['name']}"
            if key not in known:
                found[key] = _form(part["kind"], part["name"])
    except (VtkError, KeyError, TypeError):
        pass  # no such mechanism: the draft's faults say so
    return found


def _form(kind: str, name: str) -> dict[str, Any]:
    card = registry.card(kind, name)
    fields = [p.as_dict() for p in parameters(kind, name)]
    return {"title": card.title, "paper": card.paper, "parameters": fields}


def lines(sweep: Sweep, here: str, pinned: list[str]) -> list[dict[str, Any]]:
    """One line for each recipe of a sweep."""
    means = {number: sweep.means(number) for number in (sweep.quality, *COSTS)}
    verdicts = {v.recipe: v for v in sweep.against()}
    front = _front(sweep)
    made = []
    for name, recipe in sweep.recipes.items():
        rows = [row for row in sweep.rows if row.recipe == name]
        verdict = verdicts.get(name)
        made.append(
            {
                "name": name,
                "label": recipe.with_("name", "").label,
                "pinned": name in pinned,
                "here": name == here,
                "reference": name == sweep.reference,
                "front": name in front,
                "n": means[sweep.quality][name].n,
                "errors": [f"{r.film}: {r.error}" for r in rows if r.error][:3],
                "quality": estimate(means[sweep.quality][name]),
                **{cost: estimate(means[cost][name]) for cost in COSTS},
                "delta": estimate(verdict.comparison.difference) if verdict else None,
                "p": finite(verdict.p_holm) if verdict else None,
                "moment": plain_moment(rows[0].moments[0])
                if len(rows) == 1 and rows[0].moments
                else None,
                "recipe": recipe.as_dict(),
            }
        )
    return made


def work(bench: Trials, recipe: Recipe, draft: Draft) -> dict[str, Any]:
    """What each stage of the draft that is on took, by its place."""
    found: dict[str, Any] = {}
    for place in SEVERAL:
        on = [i for i, part in enumerate(draft[place]) if part["on"]]
        for i, part in zip(on, getattr(recipe, place), strict=True):
            took = bench.work(recipe, part)
            found[f"{place}.{i}"] = {"computed": took.computed, "seconds": took.seconds}
    return found


def summary(sweep: Sweep) -> str:
    """How much of a trial was new, in words."""
    plural = "" if sweep.computed == 1 else "s"
    stages = f"{sweep.computed} stage{plural} computed, {sweep.reused} reused"
    if sweep.finished:
        return f"{stages}."
    return f"{stages}. Stopped at {len(sweep.rows)} of {sweep.total} rows; what is there is kept."


def recipe_texts(recipe: Recipe) -> dict[str, str]:
    """A recipe to copy."""
    return {"json": recipe.to_json(), "python": recipe_code(recipe)}


def sweep_texts(sweep: Sweep) -> dict[str, str]:
    """A table to copy."""
    return {form: summary_in(sweep, form) for form in FORMS}


def estimate(value: Estimate) -> dict[str, float | None]:
    """A number with its interval; None where there is none, for JSON knows no nan."""
    low, high = value.interval
    return {"value": finite(value), "low": finite(low), "high": finite(high)}


def finite(value: float | int) -> float | None:
    """The number, None where it is none."""
    return float(value) if math.isfinite(value) else None


def _front(sweep: Sweep) -> list[str]:
    try:
        return sweep.front()
    except ValueError:  # no question that all answered
        return []
