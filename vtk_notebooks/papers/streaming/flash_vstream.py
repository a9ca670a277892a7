"""Flash-VStream at work: a film passes by once, and 681 tokens of it answer when."""

from pathlib import Path

from vtk_notebooks.blocks.streaming.ledger import held_bytes
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run
from vtk_notebooks.streaming import remember
from vtk_notebooks.streaming.memory.star import StarMemory

MECHANISMS = ("memory:star",)
TESTS = (
    "tests/streaming/memory/test_star.py",
    "tests/blocks/streaming/test_clusters.py",
    "tests/oracles/streaming/test_flash_vstream.py",
    "tests/papers/streaming/test_flash_vstream.py",
)
DIFFERS = (
    "The language model, its projector and the training are not here: the memory holds the "
    "features of the recipe's encoders side by side, and a training-free head reads it. The "
    "abstract's attention is drawn, not trained. Frames are sampled evenly, not at 1 per second; "
    "the memory of the later Qwen version is not here."
)


def recipe(frames: int = 32) -> Recipe:
    """The memory between the encoders and the head."""
    return Recipe(stages=(Part("star"),), frames=frames, name="Flash-VStream")


def demo(film: Path, query: str) -> Demo:
    """The moment that the memory still gives, and what the memory holds of half and all frames."""
    done = run(recipe(), film, query)
    memory = StarMemory()
    seen = done.stages[0].tokens
    remember(memory, seen)
    recalled = (done.tokens.owner() >= 0).flatten(1).any(1)
    return demo_of(
        done,
        held_mb=held_bytes(memory) / 2**20,
        film_mb=seen.x.nbytes / 2**20,
        frames_spoken_for=float(recalled.sum()),
    )
