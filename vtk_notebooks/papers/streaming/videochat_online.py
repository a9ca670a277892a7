"""VideoChat-Online at work: a film in banks of falling resolution answers when."""

from pathlib import Path

from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run
from vtk_notebooks.streaming import remember
from vtk_notebooks.streaming.memory.pyramid import PyramidMemory

MECHANISMS = ("memory:pyramid", "metric:ovbench")
TESTS = (
    "tests/streaming/memory/test_pyramid.py",
    "tests/oracles/streaming/test_pyramid.py",
    "tests/metrics/questions/test_ovbench.py",
    "tests/papers/streaming/test_videochat_online.py",
)
DIFFERS = (
    "The language model and its training are not here: the banks hold the features of the recipe's "
    "encoders side by side, and a training-free head reads them. Banks of 4, 4 and 8 frames, not "
    "of 64 each, so that a film of 32 sampled frames fills them. OVBench is scored from files of "
    "answers; its films are not here."
)
CAPACITY = (4, 4, 8)


def recipe(frames: int = 32) -> Recipe:
    """The banks between the encoders and the head."""
    stages = Part("pyramid", {"capacity": CAPACITY})
    return Recipe(stages=stages, frames=frames, name="VideoChat-Online")


def demo(film: Path, query: str) -> Demo:
    """The moment that the banks still give, and how many frames are left in which bank."""
    done = run(recipe(), film, query)
    memory = PyramidMemory(CAPACITY)
    remember(memory, done.stages[0].tokens)
    counts = {f"bank_{i}_frames": float(len(bank)) for i, bank in enumerate(memory.banks)}
    kept = done.tokens.kept().flatten(1).any(1)
    return demo_of(done, frames_spoken_for=float(kept.sum()), **counts)
