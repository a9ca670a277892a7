"""Recipe code: a recipe as the Python that makes it, for a notebook or a script."""

from dataclasses import MISSING, fields
from typing import Any

from vtk_notebooks import registry
from vtk_notebooks.part import STAGES, Part
from vtk_notebooks.recipe import Recipe

_DEFAULT = Recipe()


def recipe_code(recipe: Recipe, name: str = "recipe") -> str:
    """Lines that give an equal recipe of equal name; what is a default is left out."""
    lines = []
    for field in fields(Recipe):
        value = getattr(recipe, field.name)
        if value != getattr(_DEFAULT, field.name, MISSING):
            lines.append(f"    {field.name}={_code(value)},")
    whole = "\n".join(["Recipe(", *lines, ")"]) if lines else "Recipe()"
    names = "Part, Recipe" if "Part(" in whole else "Recipe"
    return f"from vtk_notebooks import {names}\n\n{name} = {whole}\n"


def _code(value: Any) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], Part):
        return f"[{', '.join(map(_code, value))}]"
    if isinstance(value, Part):
        likelier = STAGES[: STAGES.index(value.kind)] if value.kind in STAGES else ()
        shared = any(value.name in registry.names(kind) for kind in likelier)
        name = f"{value.kind}:{value.name}" if shared else value.name
        return f"Part({name!r}, {dict(value.params)!r})" if value.params else repr(name)
    return repr(value)
