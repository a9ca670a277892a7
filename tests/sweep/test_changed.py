"""What changed from one run to the next, and the recipe behind a budget."""

import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.part import Part
from vtk_notebooks.runs import run
from vtk_notebooks.sweep.changed import at_budget, changed


@pytest.fixture
def both(recipe, film):
    clip = film("one")
    merged = recipe.with_("stages", Part("bipartite_merge", {"keep": 0.5}))
    return [run(r, clip, "red") for r in (recipe, merged)]


def test_tokens_moment_and_score_are_held_side_by_side(both):
    it = changed(*both)
    assert it.tokens == (48, 24)
    assert it.best == tuple(r.moments[0] for r in both)
    assert it.score == both[1].moments[0].score - both[0].moments[0].score
    assert it.places["stages.0.params.keep"] == (None, 0.5)
    assert "tokens 48 → 24" in str(it)
    assert f"({it.score:+.3f})" in str(it)


def test_runs_of_two_questions_are_not_compared(both, recipe, film):
    with pytest.raises(VtkError, match="one film and question"):
        changed(both[0], run(recipe, film("two"), "red"))


@pytest.mark.parametrize(
    "part",
    [Part("bipartite_merge", {"keep": 0.25}), Part("token_shuffle", {"group": 4}), Part("uniform")],
)
@pytest.mark.parametrize("keep", [0.5, 0.25])
def test_a_budget_has_a_recipe_that_leaves_as_many_tokens(recipe, film, part, keep):
    done = run(recipe.with_("stages", part), film("one"), "red")
    again = run(at_budget(done.recipe, keep), done.clip, "red")
    assert len(again.tokens) == len(done.at(keep))


def test_without_a_compressor_there_is_no_budget(recipe):
    with pytest.raises(VtkError, match="compressor as last stage"):
        at_budget(recipe, 0.5)


def test_a_budget_says_nothing_that_the_recipe_left_open(recipe):
    at_half = at_budget(recipe.with_("stages", Part("bipartite_merge", {"protect": 1})), 0.5)
    assert dict(at_half.stages[-1].params) == {"protect": 1, "keep": 0.5}
