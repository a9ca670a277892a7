import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import RecipeError, UnknownNameError
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import SCHEMA, Recipe
from vtk_notebooks.starters import DEFAULT, default_recipe, starter_recipes


def test_names_are_enough_to_write_a_recipe():
    recipe = Recipe(encoders="conse", stages=("bipartite_merge",), head="best_span")
    assert [p.kind for p in (*recipe.encoders, *recipe.stages, recipe.head)] == [
        "encoder",
        "compressor",
        "head",
    ]


@given(
    keep=st.floats(0.01, 1),
    frames=st.integers(1, 512),
    seed=st.integers(0, 9),
    name=st.text(max_size=9),
)
def test_json_gives_back_the_very_recipe(keep, frames, seed, name):
    stages = (Part("bipartite_merge", {"keep": keep}),)
    recipe = Recipe(stages=stages, frames=frames, seed=seed, name=name)
    again = Recipe.from_json(recipe.to_json())
    assert again == recipe
    assert hash(again) == hash(recipe)
    assert again.name == name


@pytest.mark.parametrize("name", starter_recipes())
def test_every_starter_survives_json(name):
    recipe = starter_recipes()[name]
    assert Recipe.from_json(recipe.to_json()) == recipe


def test_the_order_of_parameters_makes_no_difference():
    a, b = Part("x", {"b": 1, "a": 2}), Part("x", {"a": 2, "b": 1})
    assert a == b
    assert hash(a) == hash(b)


@pytest.mark.parametrize(
    ("make", "nearest"),
    [
        (lambda: Recipe(encoders="cones"), "'conse'"),
        (lambda: Recipe(stages=("bipartit_merge",)), "'bipartite_merge'"),
        (lambda: Recipe(stages=(Part("uniform", {"kep": 0.5}),)), "'keep'"),
        (lambda: Recipe(head="best_spam"), "'best_span'"),
        (lambda: Recipe.from_dict({"stage": []}), "'stages'"),
        (lambda: Recipe().with_("frame", 8), "'frames'"),
        (lambda: Recipe().vary({"frame": [8]}), "'frames'"),
        (lambda: Recipe().vary({"frames": [8]}, "one_at_time"), "'one_at_a_time'"),
        (lambda: Recipe().vary({"head.bset": [0.1]}), "'best'"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest_right_one(make, nearest):
    with pytest.raises(UnknownNameError, match=f"Did you mean {nearest}"):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Recipe(encoders=()),
        lambda: Recipe(frames=0),
        lambda: Recipe(frames=True),
        lambda: Recipe(stages={"params": {}}),
        lambda: Recipe(stages=(Part("uniform", {"keep": object()}),)),
        lambda: Recipe(stages=("uniform",)).with_("stages.1.keep", 0.5),
        lambda: Recipe().with_("frames.deep", 1),
        lambda: Recipe.from_json("{"),
        lambda: Recipe.from_json("[]"),
        lambda: Recipe.from_dict({"schema": SCHEMA + 1}),
    ],
)
def test_an_impossible_recipe_is_refused_when_it_is_made(make):
    with pytest.raises(RecipeError):
        make()


def test_vary_makes_the_whole_grid_and_changes_nothing_else():
    grid = default_recipe().vary({"stages.0.keep": [0.5, 0.25], "frames": [8, 16]})
    assert [(dict(r.stages[0].params)["keep"], r.frames) for r in grid] == [
        (0.5, 8),
        (0.5, 16),
        (0.25, 8),
        (0.25, 16),
    ]
    assert {r.head for r in grid} == {default_recipe().head}


def test_one_at_a_time_leaves_everything_else_as_it_was():
    base = default_recipe()
    changes = {"stages.0.keep": [0.25, 0.5], "frames": [8, 16]}
    made = base.vary(changes, "one_at_a_time")
    assert made[0] == base
    assert [len(base.diff(r)) for r in made] == [0, 1, 1, 1]  # 0.25 is what the base has
    assert [(dict(r.stages[0].params)["keep"], r.frames) for r in made[1:]] == [
        (0.5, 32),
        (0.25, 8),
        (0.25, 16),
    ]


def test_a_paired_design_takes_values_side_by_side():
    made = default_recipe().vary({"stages.0.keep": [0.5, 0.25], "frames": [8, 16]}, "paired")
    assert [(dict(r.stages[0].params)["keep"], r.frames) for r in made] == [(0.5, 8), (0.25, 16)]
    with pytest.raises(RecipeError, match=r"2 of 'stages\.0\.keep', 1 of 'frames'"):
        default_recipe().vary({"stages.0.keep": [0.5, 0.25], "frames": [8]}, "paired")


@pytest.mark.parametrize("values", ["best_span", [], {"name": "best_span"}])
def test_values_that_are_no_list_are_refused(values):
    with pytest.raises(RecipeError, match=r"Recipe\.vary 'head'"):
        Recipe().vary({"head": values})


def test_a_place_that_diff_names_can_be_changed():
    one, other = default_recipe(), default_recipe().with_("stages.0.keep", 0.5).with_("frames", 8)
    for place, (_, there) in one.diff(other).items():
        one = one.with_(place, there)
    assert one == other


def test_diff_names_the_places_that_differ():
    one = default_recipe()
    assert one.diff(one) == {}
    assert one.diff(one.with_("stages.0.keep", 0.5)) == {"stages.0.params.keep": (0.25, 0.5)}


def test_the_name_says_nothing_about_what_is_computed():
    recipe = default_recipe()
    assert recipe.with_("name", "ours") == recipe
    assert recipe.with_("name", "ours").label == "ours"


def test_starters_differ_only_in_how_they_squeeze():
    starters = starter_recipes()
    assert DEFAULT in starters
    for recipe in starters.values():
        places = starters["all"].diff(recipe)
        assert all(p.startswith("stages") for p in places), places
    assert json.loads(default_recipe().to_json())["schema"] == SCHEMA
