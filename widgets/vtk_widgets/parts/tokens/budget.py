"""Runs at another budget than their own: what a slider shows, as something a figure can draw."""

from dataclasses import replace
from typing import Any

from vtk_notebooks import registry
from vtk_notebooks.errors import VtkError
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import Run
from vtk_notebooks.stage import Stage
from vtk_widgets.parts.tokens.levels import Rerun
from vtk_widgets.parts.tokens.rivals import kept, part


def run_at(source: Any, rerun: Rerun | None, keep: float) -> Run:
    """The run itself, or with the tokens that it would have ended with at that budget.

    Raises:
        VtkError: where the tokens came without a run.
    """
    if not isinstance(source, Run):
        got = type(source).__name__
        raise VtkError("TokenMap.figure", "a map of runs", got, "Show run(recipe, film, question).")
    own = len(source.tokens) / len(source.stages[0].tokens)
    if rerun is None or abs(own - keep) < 1e-6:
        return source
    last = replace(source.stages[-1], tokens=rerun(keep), address="")
    recipe = _at(source.recipe, keep)
    return replace(source, recipe=recipe, stages=(*source.stages[:-1], last))


def run_of_rival(run: Run, name: str, count: int) -> Run:
    """A baseline's tokens in the place of all stages of a run."""
    start, seed = run.stages[0], run.recipe.seed
    rival = part(name, count, start.tokens, seed)
    made = Stage(rival.label, kept(name, count, start.tokens, seed), 0.0, 0)
    recipe = run.recipe.with_("stages", (rival,)).with_("name", "")
    return replace(run, recipe=recipe, stages=(start, made))


def _at(recipe: Recipe, keep: float) -> Recipe:
    """The same recipe at another budget, where its last stage has a parameter of that name."""
    stage, number = recipe.stages[-1], len(recipe.stages) - 1
    if "keep" in registry.parameters(stage.kind, stage.name):
        return recipe.with_(f"stages.{number}.keep", keep)
    return recipe.with_("name", f"{recipe.label} at {keep:.3g}")
