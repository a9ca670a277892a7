"""Draft: a recipe while somebody edits it; parts can be off, values can be wrong for a while.

Plain dicts, as a page sends them: the form of `Recipe.as_dict`, and in every part a switch, "on".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vtk_notebooks.errors import RecipeError, VtkError
from vtk_notebooks.part import STAGES, Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.sweep.parameters import parameters

Draft = Mapping[str, Any]
"""Fields of a recipe, plain; parts with "on"."""

SEVERAL = {"encoders": ("encoder",), "stages": STAGES}
SINGLE = {"head": ("head",), "timecodec": ("timecodec",)}
PLACES = {**SEVERAL, **SINGLE}
"""Where parts stand in a recipe, and which kinds may."""

WHOLE = ("frames", "short_side", "seed")
"""Numbers of the recipe itself."""

_WHO = "Recipe"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a draft.

    Args:
        place: with dots: "frames", "stages.0", "stages.0.keep".
        text: for people; names the field.
    """

    place: str
    text: str


def draft_of(recipe: Recipe) -> dict[str, Any]:
    """A recipe as a draft with everything on."""
    plain = recipe.as_dict()
    for place in PLACES:
        parts = plain[place] if place in SEVERAL else [plain[place]]
        for part in parts:
            if part is not None:
                part["on"] = True
    return plain


def recipe_of(draft: Draft) -> Recipe:
    """What a draft says, without what is off.

    Raises:
        RecipeError: for the first of its faults.
    """
    recipe, faults = read(draft)
    if recipe is None:
        raise RecipeError(_WHO, "a draft without faults", faults[0].text)
    return recipe


def read(draft: Draft) -> tuple[Recipe | None, list[Fault]]:
    """The recipe, or all that stands in its way."""
    try:
        faults, made = [], dict(draft)
        made["encoders"] = _several(draft, "encoders", faults)
        made["stages"] = _several(draft, "stages", faults)
        for place in SINGLE:
            made[place] = _single(draft, place, faults)
    except (AttributeError, KeyError, TypeError) as error:
        return None, [Fault("", f"The draft is no recipe: {error!r}")]
    for name in WHOLE:
        least = 1 if name != "seed" else None
        if (why := _whole(draft.get(name), least)) is not None:
            faults.append(Fault(name, f"{name} expects {why}, got {draft.get(name)!r}."))
    if not faults:
        try:
            return Recipe.from_dict(made), []
        except (VtkError, TypeError) as error:
            faults.append(Fault("", str(error)))
    return None, faults


def parts_of(draft: Draft) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every part with its place, those that are off as well."""
    for place in PLACES:
        if place in SEVERAL:
            yield from ((f"{place}.{i}", part) for i, part in enumerate(draft[place]))
        elif draft[place] is not None:
            yield place, draft[place]


def _several(draft: Draft, place: str, faults: list[Fault]) -> list[Part]:
    parts = [
        _part(f"{place}.{i}", plain, PLACES[place], faults)
        for i, plain in enumerate(draft[place])
        if plain["on"]
    ]
    if not parts and place == "encoders":
        faults.append(Fault(place, "encoders expects at least one that is on."))
    return [part for part in parts if part is not None]


def _single(draft: Draft, place: str, faults: list[Fault]) -> Part | None:
    plain = draft[place]
    if plain is not None and plain["on"]:
        return _part(place, plain, PLACES[place], faults)
    if place == "head":
        faults.append(Fault(place, "head expects to be on: without it nothing is found."))
    return None


def _part(
    place: str, plain: Mapping[str, Any], kinds: tuple[str, ...], faults: list[Fault]
) -> Part | None:
    """One part whose values are checked one by one and then together."""
    kind, name = str(plain["kind"]), str(plain["name"])
    if kind not in kinds:
        faults.append(Fault(place, f"{place} expects a {' or '.join(kinds)}, got a {kind!r}."))
        return None
    try:
        known = {p.name: p for p in parameters(kind, name)}
    except VtkError as error:
        faults.append(Fault(place, str(error)))
        return None
    before, values = len(faults), {}
    for field, value in plain["params"].items():
        try:
            if field in known:
                values[field] = known[field].read(name, value)
            else:
                faults.append(Fault(place, f"{name} has no parameter {field!r}."))
        except VtkError as error:
            faults.append(Fault(f"{place}.{field}", str(error)))
    if len(faults) > before:
        return None
    part = Part(name, values, kind)
    try:
        part.build()
    except (VtkError, TypeError, ValueError, OSError) as error:
        field = _blamed(error, list(values))
        where = f"{place}.{field}" if field else place
        faults.append(Fault(where, str(error) if field in str(error) else f"{field}: {error}"))
    return part


def _blamed(error: Exception, fields: list[str]) -> str:
    """The field that an error speaks of; the only one there is where it names none."""
    said = f"{getattr(error, 'expected', '')} {error}"
    named = [f for f in fields if re.search(rf"\b{re.escape(f)}\b", said)]
    return named[0] if named else fields[0] if len(fields) == 1 else ""


def _whole(value: Any, least: int | None) -> str | None:
    """What was expected instead; None where it is right."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole and (least is None or value >= least):
        return None
    return "a whole number" if least is None else f"a whole number of {least} or more"
