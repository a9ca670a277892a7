"""What a token map shows, as a figure for a paper."""

import pytest
import torch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import Run
from vtk_notebooks.stage import Stage
from vtk_widgets import TokenMap


@pytest.fixture
def real_run(clip, tokens):
    recipe = Recipe(stages=["random_tokens"], seed=3)
    first = Stage("encode", tokens, 0.0, 0)
    last = Stage("squeeze", recipe.stages[0].with_(seed=3).build()(tokens), 0.0, 0)
    query = Query("red", torch.ones(4), torch.ones(1, 4), ("red",), "features")
    return Run(recipe, clip, query, (first, last), torch.ones(6), (), ("made",))


def said(fig):
    return " ".join(text.get_text() for text in fig.texts)


def test_a_figure_shows_the_recipe_and_the_baseline_at_the_budget_on_show(real_run):
    token_map = TokenMap.of(real_run, rerun=real_run.at)
    assert "9 of 36" in said(token_map.figure(width_mm=120.0))
    token_map.keep, token_map.rival = 0.5, "uniform"
    fig = token_map.figure(width_mm=120.0, film=False)
    assert said(fig).count("18 of 36") == 2
    assert len(fig.axes) % 2 == 0
    assert "keep=0.5" in said(fig)


def test_a_figure_of_bare_tokens_asks_for_a_run(tokens, clip):
    with pytest.raises(VtkError, match="a map of runs"):
        TokenMap.of((tokens, clip)).figure()
