"""Migrations: recipes of older schemas, one step for each version, so that no file is ever lost.

A step takes the plain form of version n and gives that of n + 1. It never changes once a release
has it, and a frozen file of its version is read by a test for ever.

Versions:
    0: the draft before the first release: one `encoder`, and `mixers` before `compressors`.
    1: `encoders` side by side, and `stages` in any order, for papers differ in it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from vtk_notebooks.errors import RecipeError

SCHEMA = 1
"""Version of the JSON form; readers refuse a newer one."""

Plain = dict[str, Any]


def migrated(data: Mapping[str, Any]) -> Plain:
    """The plain form of today's version, without its number; what says no version is of today.

    Raises:
        RecipeError: for a newer version, or what is none.
    """
    data = dict(data)
    schema = data.pop("schema", SCHEMA)
    if not isinstance(schema, int) or isinstance(schema, bool) or not 0 <= schema <= SCHEMA:
        newer = isinstance(schema, int) and schema > SCHEMA
        hint = "Update vtk-notebooks." if newer else f"Write {SCHEMA}, or leave it out."
        raise RecipeError("Recipe.schema", f"0 to {SCHEMA}", repr(schema), hint)
    for version in range(schema, SCHEMA):
        data = STEPS[version](data)
    return data


def _stages_in_one_list(data: Plain) -> Plain:
    """0 -> 1."""
    mixers, compressors = (data.pop(name, []) for name in ("mixers", "compressors"))
    if "encoder" in data:
        data["encoders"] = [data.pop("encoder")]
    return {**data, "stages": [*mixers, *compressors]}


STEPS: Mapping[int, Callable[[Plain], Plain]] = MappingProxyType({0: _stages_in_one_list})
"""Version -> the step that leaves it."""
