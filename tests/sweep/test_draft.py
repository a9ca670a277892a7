"""A draft is a recipe being edited: parts off, values wrong, and every fault at its place."""

import pytest

from vtk_notebooks.errors import RecipeError
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.sweep.draft import draft_of, parts_of, read, recipe_of

RECIPE = Recipe(stages=[Part("bipartite_merge", {"keep": 0.25}), "run_length"], frames=16)


def test_a_recipe_survives_being_drafted():
    assert recipe_of(draft_of(RECIPE)) == RECIPE


def test_what_is_off_is_not_in_the_recipe_but_stays_in_the_draft():
    draft = draft_of(RECIPE)
    draft["stages"][0]["on"] = False
    assert [p.name for p in recipe_of(draft).stages] == ["run_length"]
    assert [place for place, _ in parts_of(draft)][2:4] == ["stages.0", "stages.1"]


def test_every_fault_is_told_with_its_place_and_its_field():
    draft = draft_of(RECIPE)
    draft["frames"] = 0
    draft["stages"][0]["params"]["keep"] = 1.5
    draft["stages"][1]["params"]["tau"] = "much"
    recipe, faults = read(draft)
    assert recipe is None
    assert {f.place for f in faults} == {"frames", "stages.0.keep", "stages.1.tau"}
    for fault in faults:
        assert fault.place.split(".")[-1] in fault.text


@pytest.mark.parametrize("frames", [True, 2.5, None, "many"])
def test_frames_are_a_whole_number(frames):
    [fault] = read({**draft_of(RECIPE), "frames": frames})[1]
    assert fault.place == "frames"


def test_a_mechanism_stands_only_where_its_kind_may():
    draft = draft_of(RECIPE)
    draft["stages"].append({"name": "best_span", "kind": "head", "params": {}, "on": True})
    [fault] = read(draft)[1]
    assert fault.place == "stages.2"


def test_a_recipe_needs_a_head_and_an_encoder():
    draft = draft_of(RECIPE)
    draft["head"]["on"] = False
    for part in draft["encoders"]:
        part["on"] = False
    assert {f.place for f in read(draft)[1]} == {"head", "encoders"}


@pytest.mark.parametrize("bad", [{}, {"stages": 3}, {**draft_of(RECIPE), "stages": [{}]}])
def test_what_is_no_draft_at_all_is_a_fault_too(bad):
    with pytest.raises(RecipeError):
        recipe_of(bad)
