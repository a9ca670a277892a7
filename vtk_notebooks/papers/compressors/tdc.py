"""Temporal Dynamic Context at work: static frames with context tokens, thoughts of each part."""

from pathlib import Path

from vtk_notebooks.compressors.resample.static_plus_context import StaticContext
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.pipelines.segment_thoughts import SegmentThoughts
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("compressor:static_plus_context", "pipeline:segment_thoughts")
TESTS = (
    "tests/compressors/resample/test_static_plus_context.py",
    "tests/pipelines/test_segment_thoughts.py",
    "tests/papers/compressors/test_tdc.py",
)
DIFFERS = (
    "SigLIP, the audio encoders, the trained Q-Former and the language model are not here: context "
    "tokens are one step of attention over a frame's own cells, scenes are cut by DINOv2 alone, "
    "sound plays no part, and thoughts are the words ConSE has for what answers best. 32 frames by "
    "default instead of one a second."
)


def recipe() -> Recipe:
    """Scenes cut by DINOv2; in groups of 8 frames one in full, the others as 16 tokens each."""
    scenes = {"group": 8, "context": 16, "metric": "dinov2"}
    return Recipe(stages=(Part("static_plus_context", scenes),), name="TDC")


def demo(film: Path, query: str) -> Demo:
    """The moments that are left, how many frames are static, and the part thought best of."""
    done = run(recipe(), film, query)
    static = StaticContext(metric="dinov2").static_frames(done.stages[0].tokens)
    parts = SegmentThoughts(segments=4)(done.clip, query).parts
    best = max(parts, key=lambda m: m.score)
    told = {"thought_start_s": best.start_s, "thought_end_s": best.end_s, "thought": best.score}
    return demo_of(done, static_frames=float(static.sum()), **told)
