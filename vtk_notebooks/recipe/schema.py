"""Schema: the JSON form of a recipe for editors and other programs, as JSON Schema 2020-12.

It knows every registered mechanism with its parameters, so that an editor completes them. The
published file is written by `python -m vtk_notebooks.recipe.schema docs/recipe.schema.json`.
"""

import json
import sys
import types
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from vtk_notebooks import registry
from vtk_notebooks.atomic import replacing
from vtk_notebooks.part import STAGES
from vtk_notebooks.recipe.migrations import SCHEMA

PLACES = {
    "encoders": ("encoder",),
    "stages": STAGES,
    "head": ("head",),
    "timecodec": ("timecodec",),
}
"""Field of a recipe -> kinds of mechanism that may stand there."""
_TYPES = {int: "integer", float: "number", str: "string", bool: "boolean", type(None): "null"}


def recipe_schema() -> dict[str, Any]:
    """The schema of this version, with the mechanisms that are registered now."""
    kinds = [kind for there in PLACES.values() for kind in there if registry.live(kind)]
    parameters = {f"{k}.{n}": _parameters(k, n) for k in kinds for n in registry.names(k)}
    parts = {place: _part(there) for place, there in PLACES.items()}
    several = {"type": "array", "items": {"$ref": "#/$defs/encoders"}, "minItems": 1}
    stages = {"type": "array", "items": {"$ref": "#/$defs/stages"}}
    whole = {"type": "integer", "minimum": 1}
    codec = {"anyOf": [{"$ref": "#/$defs/timecodec"}, {"type": "null"}]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:vtk-notebooks:recipe:{SCHEMA}",
        "title": f"Recipe of vtk-notebooks, version {SCHEMA}",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "schema": {"const": SCHEMA},
            "encoders": {"anyOf": [{"$ref": "#/$defs/encoders"}, several]},
            "stages": {"anyOf": [{"$ref": "#/$defs/stages"}, stages]},
            "head": {"$ref": "#/$defs/head"},
            "timecodec": codec,
            "frames": {**whole, "default": 32},
            "short_side": {**whole, "default": 270, "description": "of a frame, in pixels"},
            "seed": {"type": "integer", "minimum": 0, "default": 0},
            "name": {"type": "string", "description": "for a legend"},
        },
        "$defs": {**parts, **parameters},
    }


def schema_text() -> str:
    """The published file."""
    return json.dumps(recipe_schema(), indent=1, ensure_ascii=False) + "\n"


def _part(kinds: tuple[str, ...]) -> dict[str, Any]:
    """A mechanism by name, or written out with parameters."""
    live = [kind for kind in kinds if registry.live(kind)]
    named = [(kind, name) for kind in live for name in registry.names(kind)]
    names = sorted({name for _, name in named})
    full = sorted(f"{kind}:{name}" for kind, name in named)
    rules = [
        {
            "if": {"properties": {"name": {"const": name}}},
            "then": {"properties": {"params": {"$ref": f"#/$defs/{kind}.{name}"}}},
        }
        for kind, name in named
        if [n for _, n in named].count(name) == 1
    ]
    written = {
        "type": "object",
        "required": ["name"],
        "additionalProperties": False,
        "properties": {
            "name": {"enum": [*names, *full]},
            "kind": {"enum": ["", *live]},
            "params": {"type": "object"},
        },
        "allOf": rules,
    }
    return {"anyOf": [{"enum": [*names, *full]}, written]}


def _parameters(kind: str, name: str) -> dict[str, Any]:
    card, made = registry.card(kind, name), registry.maker(kind, name)
    types_of = getattr(made, "__dataclass_fields__", {})
    known = {}
    for key, default in registry.parameters(kind, name).items():
        form = _form(types_of[key].type) if key in types_of else {}
        plain = isinstance(default, str | int | float | None)
        known[key] = {**form, "default": default} if plain else form
    about = f"{card.title}: {card.paper}" + (f" ({card.year})" if card.year else "")
    closed = {"type": "object", "additionalProperties": False, "properties": known}
    return {"description": about, **closed}


def _form(annotation: Any) -> dict[str, Any]:
    """What JSON may stand for a value of that type; {} is anything."""
    if annotation in _TYPES:
        return {"type": _TYPES[annotation]}
    if get_origin(annotation) in (Union, types.UnionType):
        return {"anyOf": [_form(one) for one in get_args(annotation)]}
    return {"type": "array"} if get_origin(annotation) in (tuple, list) else {}


if __name__ == "__main__":
    with replacing(Path(sys.argv[1])) as path:
        path.write_text(schema_text(), encoding="utf-8")
