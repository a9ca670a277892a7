"""VideoLLM-MoD at work: a fifth of each frame goes through the layer, the rest passes it by."""

from pathlib import Path

from vtk_notebooks.compressors.route.mixture_of_depths import MixtureOfDepths, routed_layers
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("compressor:mixture_of_depths",)
TESTS = ("tests/compressors/route/test_mixture_of_depths.py",)
DIFFERS = (
    "The language model is not here: one routed layer, as it is drawn before any training, runs on "
    "the tokens of the recipe's encoders and attends within a frame. In the paper the layers are "
    "those of Llama-3, every other one routed, and the scorer is trained with them."
)
_DEPTH = 32
"""Layers of the paper's language model, Llama-3 8B; from memory."""


def recipe() -> Recipe:
    """Four fifths of the vision tokens skip the layer."""
    return Recipe(stages=(Part("mixture_of_depths", {"keep": 0.2}),), name="VideoLLM-MoD")


def demo(film: Path, query: str) -> Demo:
    """The moments that are found behind the layer, what it left alone, and what routing saves."""
    done = run(recipe(), film, query)
    before, after = done.stages[0].tokens, done.tokens
    untouched = (before.x == after.x).all(1).float().mean().item()
    part = MixtureOfDepths(keep=0.2).computed(before.grid) / len(before)
    routed = len(routed_layers(_DEPTH)) / _DEPTH
    return demo_of(
        done,
        untouched_percent=100 * untouched,
        computed_percent=100 * part,
        token_layers_saved_percent=100 * routed * (1 - part),
    )
