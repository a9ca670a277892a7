"""LLaVA-ST at work: cells are told their place in words, packed in two streams, answered so."""

from pathlib import Path

import torch

from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.compressors.resample.region_packer import RegionPacker
from vtk_notebooks.mixers.language_aligned_pe import CoordinateWords
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import Run, run
from vtk_notebooks.tokens import Tokens

MECHANISMS = (
    "compressor:region_packer",
    "timecodec:coordinate_tokens",
    "mixer:language_aligned_pe",
)
TESTS = (
    "tests/compressors/resample/test_region_packer.py",
    "tests/timecodecs/test_coordinate_tokens.py",
    "tests/mixers/test_language_aligned_pe.py",
    "tests/oracles/test_llavast_lape.py",
    "tests/papers/compressors/test_llava_st.py",
)
DIFFERS = (
    "SigLIP, the language model and their training are not here: the packer attends without "
    "weights of its own, and there are no words whose embeddings could tell a cell its place, so "
    "none are added before the packer; the demo shows with random words that what would be told "
    "is still read off the packed tokens. 32 frames by default instead of 100."
)


def recipe() -> Recipe:
    """Positions in words (none without a trained file), regions of 3 x 3, 5 frames or 3 x 3."""
    stages = (Part("language_aligned_pe"), Part("region_packer"))
    return Recipe(stages=stages, timecodec=Part("coordinate_tokens"), name="LLaVA-ST")


def demo(film: Path, query: str) -> Demo:
    """The moments that are left, in words, and how far off times read off packed words are."""
    done = run(recipe(), film, query)
    return demo_of(done, word_off_s=_read_off(done))


@torch.no_grad()
def _read_off(done: Run) -> float:
    """Random words are told to every cell and packed; the nearest word's time, at the worst."""
    before, words = done.stages[0].tokens, drawn(lambda: CoordinateWords(256), 0)
    told = words(torch.zeros(1, *before.grid, 256))[0]
    packed = RegionPacker(blend=0.0)(Tokens.from_grid(told, before.times_s, before.duration_s))
    word = (packed.x @ words.vectors("temporal").T).argmax(1)
    said = (word + 0.5) / 100 * before.grid[0] - 0.5  # in frames, as interpolation counts
    off = (said - packed.centre()[:, 0]).abs().max().item()
    return off * before.duration_s / before.grid[0]
