"""The form of recipes on disk: published, checked, and read for ever."""

import json
from pathlib import Path

import jsonschema
import pytest

from vtk_notebooks.errors import RecipeError, UnknownNameError
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import SCHEMA, Recipe
from vtk_notebooks.recipe.migrations import STEPS
from vtk_notebooks.recipe.schema import schema_text
from vtk_notebooks.starters import starter_recipes

FROZEN = Path(__file__).parent / "recipes"
PUBLISHED = Path(__file__).parents[2] / "docs" / "recipe.schema.json"
MEANT = Recipe(
    encoders="conse",
    stages=[Part("uniform", {"keep": 0.5}), Part("run_length", {"tau": 0.2})],
    frames=16,
    short_side=224,
    seed=3,
)


@pytest.mark.parametrize("version", range(SCHEMA + 1))
def test_a_file_of_every_version_is_still_the_recipe_it_was(version):
    recipe = Recipe.from_json((FROZEN / f"schema_{version}.json").read_text())
    assert recipe == MEANT
    assert recipe.name == "a draft"


def test_every_older_version_has_one_step():
    assert sorted(STEPS) == list(range(SCHEMA))


@pytest.mark.parametrize("schema", [SCHEMA + 1, -1, "1", True, None])
def test_a_version_that_nobody_knows_is_refused(schema):
    with pytest.raises(RecipeError, match=r"Recipe\.schema expects 0 to"):
        Recipe.from_dict({"schema": schema})


def test_the_published_schema_is_that_of_the_code():
    now = schema_text()
    assert PUBLISHED.read_text(encoding="utf-8") == now, (
        "Run: python -m vtk_notebooks.recipe.schema docs/recipe.schema.json"
    )
    jsonschema.Draft202012Validator.check_schema(json.loads(now))


@pytest.fixture(scope="module")
def validator():
    return jsonschema.Draft202012Validator(Recipe.schema())


@pytest.mark.parametrize("recipe", [*starter_recipes().values(), MEANT, Recipe()])
def test_what_recipes_write_fits_the_schema(validator, recipe):
    validator.validate(json.loads(recipe.to_json()))


WRONG = [
    {"stage": []},
    {"stages": ["unifrom"]},
    {"stages": [{"name": "uniform", "params": {"kep": 0.5}}]},
    {"stages": [{"name": "uniform", "params": {"keep": "half"}}]},
    {"stages": [{"name": "uniform", "parms": {}}]},
    {"stages": [{"params": {}}]},
    {"encoders": []},
    {"head": "uniform"},
    {"frames": 0},
    {"frames": "32"},
    {"seed": -1},
    {"name": 7},
    {"schema": SCHEMA + 1},
]


@pytest.mark.parametrize("plain", WRONG, ids=json.dumps)
def test_schema_and_code_refuse_the_same(validator, plain):
    assert not validator.is_valid(plain)
    with pytest.raises((RecipeError, UnknownNameError)):
        Recipe.from_dict(plain)


@pytest.mark.parametrize(
    ("plain", "where", "meant"),
    [
        ({"frames": "32"}, "Recipe.frames", "32"),
        ({"frames": 0}, "Recipe.frames", "1"),
        ({"short_side": 269.7}, "Recipe.short_side", "270"),
        ({"seed": -3}, "Recipe.seed", "0"),
        ({"name": 7}, "Recipe.name", "'7'"),
        ({"stages": [{"name": "uniform", "params": {"keep": "0.5"}}]}, "stages.0.keep", "0.5"),
        ({"stages": [{"name": "uniform", "parms": {}}]}, "Recipe.stages.0", "'params'"),
        ({"stages": [{"name": "unifrom"}]}, "Recipe.stages.0", "'uniform'"),
        ({"encoders": "cones"}, "Recipe.encoders.0", "'conse'"),
        ({"heads": "best_span"}, "Recipe", "'head'"),
    ],
)
def test_an_error_names_the_field_and_the_nearest_that_would_do(plain, where, meant):
    with pytest.raises((RecipeError, UnknownNameError)) as error:
        Recipe.from_dict(plain)
    assert where in str(error.value)
    assert f"Did you mean {meant}?" in str(error.value)


def test_numbers_that_are_whole_stand_for_others_and_the_like():
    Recipe(stages=[Part("uniform", {"keep": 1})])
    with pytest.raises(RecipeError, match=r"stages\.0\.tau expects a number, got True"):
        Recipe(stages=[Part("run_length", {"tau": True})])


def test_a_draft_mixed_before_it_squeezed():
    draft = {"schema": 0, "mixers": ["ntk_positions"], "compressors": ["uniform", "run_length"]}
    stages = Recipe.from_dict(draft).stages
    assert [part.name for part in stages] == ["ntk_positions", "uniform", "run_length"]
