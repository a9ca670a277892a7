"""Spec: a sweep in a file, JSON or TOML.

```toml
base = "merge"                  # a starter's name, a recipe's JSON file, or a recipe written out
design = "grid"                 # or "one_at_a_time", "paired"
films = ["bikes"]               # files beside the spec, or gallery films; or a table of names
queries = [{ text = "a bicycle", moments = [[4.3, 5.4]] }, "a street"]
reference = "bipartite_merge keep=0.5"

[vary]
"stages.0.keep" = [0.5, 0.25]
```

Instead of `base`, `design` and `vary`, `recipes` may be a list or a table of recipes.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vtk_notebooks.errors import RecipeError
from vtk_notebooks.moment import Moment
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.registry import unknown
from vtk_notebooks.starters import DEFAULT, starter_recipes
from vtk_notebooks.sweep.question import Question, named_films
from vtk_notebooks.video import gallery_film

FIELDS = ("recipes", "base", "vary", "design", "films", "queries", "reference")
_WHO = "vtk-notebooks sweep"


@dataclass(frozen=True)
class Spec:
    """What `ablate` is given."""

    recipes: list[Recipe] | dict[str, Recipe]
    films: dict[str, Any]
    queries: Any
    reference: str = ""


def read_spec(path: str | Path) -> Spec:
    """A spec from a JSON or TOML file; paths in it are relative to its folder.

    Raises:
        RecipeError: for what is no such file, or lacks something.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        said = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except (ValueError, OSError) as error:
        raise RecipeError(_WHO, "a spec in JSON or TOML", f"{path.name}: {error}") from None
    if not isinstance(said, dict):
        raise RecipeError(_WHO, "a table of fields", type(said).__name__)
    for name in said:
        if name not in FIELDS:
            raise unknown(_WHO, "field", name, FIELDS)
    for name in ("films", "queries"):
        if not said.get(name):
            raise RecipeError(_WHO, f"{name} in the spec", "none", "See --help for an example.")
    films = {n: _film(f, path.parent) for n, f in named_films(said["films"]).items()}
    queries = said["queries"]
    several = isinstance(queries, Mapping) and "text" not in queries
    asked = {n: _questions(q) for n, q in queries.items()} if several else _questions(queries)
    return Spec(_recipes(said, path.parent), films, asked, str(said.get("reference", "")))


def _recipes(said: Mapping[str, Any], folder: Path) -> list[Recipe] | dict[str, Recipe]:
    recipes = said.get("recipes")
    if recipes is None:
        base = _recipe(said.get("base", DEFAULT), folder)
        return base.vary(said.get("vary", {}), said.get("design", "grid"))
    if extra := [name for name in ("base", "vary", "design") if name in said]:
        raise RecipeError(_WHO, "either recipes, or base and vary", f"recipes and {extra[0]}")
    if isinstance(recipes, Mapping):
        return {name: _recipe(recipe, folder) for name, recipe in recipes.items()}
    starters = starter_recipes()
    made = [_recipe(recipe, folder) for recipe in recipes]
    return [
        recipe.with_("name", given) if isinstance(given, str) and given in starters else recipe
        for given, recipe in zip(recipes, made, strict=True)
    ]


def _recipe(said: Any, folder: Path) -> Recipe:
    if isinstance(said, Mapping):
        return Recipe.from_dict(said)
    starters, name = starter_recipes(), str(said)
    if name in starters or name == "default":
        return starters[DEFAULT if name == "default" else name]
    if not (folder / name).is_file():
        raise unknown(_WHO, "recipe or JSON file", name, [*starters, "default"])
    return Recipe.from_json((folder / name).read_text(encoding="utf-8"))


def _film(name: Any, folder: Path) -> Path:
    """A file beside the spec, or else a gallery film of that name."""
    path = folder / str(name)
    return path if path.exists() or path.suffix else gallery_film(str(name))


def _questions(said: Any) -> list[Question]:
    several = said if isinstance(said, list) else [said]
    return [_question(one) for one in several]


def _question(said: Any) -> Question:
    if isinstance(said, str):
        return Question(said)
    if not isinstance(said, Mapping) or not isinstance(said.get("text"), str):
        hint = 'Write "words", or {text = "words", moments = [[start_s, end_s]]}.'
        raise RecipeError(_WHO, "a question", repr(said), hint)
    for name in said:
        if name not in ("text", "moments"):
            raise unknown(_WHO, "field of a question", name, ("text", "moments"))
    try:
        truth = tuple(Moment(float(a), float(b)) for a, b in said.get("moments", ()))
    except (TypeError, ValueError) as error:
        raise RecipeError(_WHO, "moments as [start_s, end_s]", str(error)) from None
    return Question(said["text"], truth)
