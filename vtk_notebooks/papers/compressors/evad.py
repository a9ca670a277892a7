"""EVAD at work: the middle frame whole, the others where attention falls, then all read again."""

from pathlib import Path

from vtk_notebooks.compressors.route.keyframe_token_drop import KeyframeDrop
from vtk_notebooks.mixers.context_refiner import ContextRefiner
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("compressor:keyframe_token_drop", "mixer:context_refiner")
TESTS = (
    "tests/compressors/route/test_keyframe_token_drop.py",
    "tests/mixers/test_context_refiner.py",
)
DIFFERS = (
    "The paper drops inside a trained vision transformer and reads actions of people whom a "
    "detector found; here finished tokens are dropped by the attention of their features, one box "
    "stands for the whole frame, and the decoder is as it is drawn, before any training. No action "
    "is named: the refined tokens are read by a training-free head."
)


def recipe() -> Recipe:
    """Three rounds that keep 0.7 each, then six layers of refinement."""
    stages = (Part("keyframe_token_drop", {"keep": 0.7, "rounds": 3}), Part("context_refiner"))
    return Recipe(stages=stages, frames=16, name="EVAD")


def demo(film: Path, query: str) -> Demo:
    """What is left of the film, and how many tokens the released remap would put wrongly."""
    done = run(recipe(), film, query)
    tokens, (t, h, w) = done.stages[0].tokens, done.tokens.grid
    held = KeyframeDrop(order="score")(tokens)
    right, wrong = (ContextRefiner(remap=way).places(held) for way in ("cell", "released"))
    others = right // (h * w) != t // 2
    kept = done.stages[1].tokens.kept().flatten(1).float().mean(1)
    return demo_of(
        done,
        key_frame_kept_percent=100 * kept[t // 2].item(),
        other_frames_kept_percent=100 * (kept.sum() - kept[t // 2]).item() / max(1, t - 1),
        misplaced_as_released_percent=100 * (right != wrong)[others].float().mean().item(),
    )
