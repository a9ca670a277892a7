"""A recipe as Python: running the text gives the recipe."""

import pytest

from vtk_notebooks import Part, Recipe, starter_recipes
from vtk_notebooks.sweep.recipe_code import recipe_code

RECIPES = {
    **starter_recipes(),
    "bare": Recipe(),
    "full": Recipe(
        "conse",
        [Part("pool_3d", {"kernel": [1, 2, 2]}), Part("mixer:ntk_positions", {"scale": 2.0})],
        Part("soft_masks", {"sharpness": [1.0, 2.0]}),
        frames=7,
        seed=3,
        name='it\'s "mine"\n',
    ),
}


@pytest.mark.parametrize("name", RECIPES)
def test_the_text_makes_the_recipe(name):
    said: dict = {}
    exec(recipe_code(RECIPES[name], "mine"), said)
    assert said["mine"] == RECIPES[name]
    assert said["mine"].name == RECIPES[name].name
