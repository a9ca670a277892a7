"""PPLLaVA at work: windows pooled as the question has it, and a question as long as a page."""

from pathlib import Path

from vtk_notebooks.encoders.conse import ConSE
from vtk_notebooks.encoders.long_text import LongText
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("compressor:prompt_guided_pool", "encoder:long_text")
TESTS = (
    "tests/compressors/select/test_prompt_guided_pool.py",
    "tests/encoders/test_long_text.py",
    "tests/papers/compressors/test_ppllava.py",
)
DIFFERS = (
    "CLIP, the language model and their training are not here: cells and question meet in ConSE's "
    "space, and the text encoder whose places are stretched is MiniLM, untrained for it. Windows "
    "of 2 x 3 x 3 on DINOv2's grid, ConSE's coarser cells laid over it."
)
PLACES = 250  # all that a text encoder with 256 can read, but for its markers


def recipe() -> Recipe:
    """Windows of 2 x 3 x 3 cells, weighted by a question of any length."""
    pool = Part("prompt_guided_pool", {"kernel": (2, 3, 3)})
    return Recipe(encoders=("dinov2", "long_text"), stages=(pool,), name="PPLLaVA")


def demo(film: Path, query: str) -> Demo:
    """The moments that are left, and what a page means at stretched places and at the old ones."""
    done = run(recipe(), film, query)
    often = PLACES // (len(done.query.tokens) + 1)
    page, same = (e.read(f"{query}. " * often) for e in (LongText(), ConSE()))
    longer = LongText().read(f"{query}. " * 3 * often)
    return demo_of(
        done,
        page_likeness=(page.vector @ same.vector).item(),
        longest_word_pieces=float(len(longer.tokens)),
    )
