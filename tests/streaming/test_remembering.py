import pytest
import torch

from vtk_notebooks import Recipe, recipe
from vtk_notebooks.errors import VtkError
from vtk_notebooks.streaming import remember, remembered
from vtk_notebooks.streaming.memory.star import StarMemory
from vtk_notebooks.sweep.recipe_code import recipe_code
from vtk_notebooks.tokens import Tokens


def film(t=12, start_s=3.0):
    x = torch.randn(t, 4, 4, 8, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, start_s + torch.arange(t) / 3, 20.0, space="made")


def test_what_is_remembered_is_tied_to_the_whole_film():
    tokens = film()
    out = remember(StarMemory(), tokens)
    assert out.grid == tokens.grid
    assert torch.equal(out.times_s, tokens.times_s)
    assert (out.duration_s, out.spaces, out.view) == (20.0, tokens.spaces, tokens.view)


def test_frames_that_were_not_seen_yet_have_no_token():
    for seen, out in enumerate(remembered(StarMemory(), film(), chunk=4), 1):
        assert out.kept().flatten(1).any(1).tolist() == [True] * 4 * seen + [False] * (
            12 - 4 * seen
        )


def test_the_last_chunk_may_be_shorter():
    assert len(list(remembered(StarMemory(), film(), chunk=5))) == 3


@pytest.mark.parametrize("chunk", [0, -1])
def test_a_chunk_has_a_frame(chunk):
    with pytest.raises(VtkError, match="1 frame or more"):
        remember(StarMemory(), film(), chunk=chunk)


def test_the_honesty_of_the_film_is_kept():
    from dataclasses import replace

    assert remember(StarMemory(), replace(film(), kind="receptive")).kind == "receptive"


def test_a_memory_stands_in_a_recipe_and_its_code_and_schema_say_so():
    made = Recipe(stages="star")
    assert made.stages[0].kind == "memory"
    assert "stages=['star']" in recipe_code(made)
    assert "memory:star" in str(recipe.Recipe.schema()["$defs"]["stages"])
    assert Recipe.from_json(made.to_json()) == made


def test_the_seed_of_the_recipe_reaches_the_memory():
    from vtk_notebooks.stage import seeded

    assert dict(seeded(Recipe(stages="star").stages[0], 7).params) == {"seed": 7}
