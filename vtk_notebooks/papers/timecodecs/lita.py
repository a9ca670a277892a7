"""LITA at work: SlowFast tokens of a film, its best moment in relative time tokens."""

from pathlib import Path

from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("timecodec:relative_tokens", "compressor:slow_fast")
TESTS = (
    "tests/timecodecs/test_relative_tokens.py",
    "tests/compressors/resample/test_slow_fast.py",
)
DIFFERS = (
    "The language model that writes the time tokens is not here: a training-free head finds the "
    "moments and the codec writes them. 32 frames by default instead of 100; times are clamped to "
    "the film before they are written."
)


def recipe() -> Recipe:
    """Every frame as one token, four frames in detail, 100 time tokens."""
    return Recipe(
        stages=(Part("slow_fast", {"slow_frames": 4, "pool": 2}),),
        timecodec=Part("relative_tokens", {"n": 100, "decimals": 2}),
        name="LITA",
    )


def demo(film: Path, query: str) -> Demo:
    """The moments that the SlowFast tokens still give, and what 100 marks cost in seconds."""
    return demo_of(run(recipe(), film, query))
