"""Grounded-VideoLLM at work: two-stream segments of a film, its best moment in 301 time tokens."""

from pathlib import Path

from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("timecodec:relative_tokens", "compressor:segment_pack")
TESTS = (
    "tests/timecodecs/test_relative_tokens.py",
    "tests/compressors/resample/test_segment_pack.py",
)
DIFFERS = (
    "The language model and its training stages are not here: a training-free head finds the "
    "moments and the codec writes them. Both streams carry the channels of the recipe's image "
    "encoders instead of CLIP for the key frame and InternVideo2 for the motion; 32 frames in 4 "
    "segments by default instead of 96 in 12; the newline between segments is zero, not learnt."
)


def recipe() -> Recipe:
    """Segments of 8 frames as one key frame and a coarse grid of all, 301 time tokens."""
    segments = {"frames": 8, "spatial_pool": 2, "temporal_pool": 4, "newline": True}
    ruler = {"n": 301, "rounding": "floor", "token": "<{}>"}
    return Recipe(
        stages=(Part("segment_pack", segments),),
        timecodec=Part("relative_tokens", ruler),
        name="Grounded-VideoLLM",
    )


def demo(film: Path, query: str) -> Demo:
    """The moments that the packed segments still give, and what 301 marks cost in seconds."""
    return demo_of(run(recipe(), film, query))
