"""Free Video-LLM at work: the question picks frames and places, three paths share the tokens."""

from pathlib import Path

from vtk_notebooks.compressors.select.text_roi_crop import TextRoICrop
from vtk_notebooks.compressors.select.text_top_frames import TextTopFrames
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = (
    "compressor:text_top_frames",
    "compressor:text_roi_crop",
    "compressor:three_path",
)
TESTS = (
    "tests/compressors/select/test_text_top_frames.py",
    "tests/compressors/select/test_text_roi_crop.py",
    "tests/compressors/select/test_three_path.py",
    "tests/papers/compressors/test_free_video_llm.py",
)
DIFFERS = (
    "CLIP and the language model are not here: similarity to the question is ConSE's, on a grid "
    "of 7 cells along the short side that DINOv2's patches are laid over, and a frame is scored by "
    "its few best cells. 32 frames by default instead of 50. Crops are rectangles of the picture."
)


def recipe() -> Recipe:
    """Three frames of the question's, five at even steps, and all of them at 4 x 4."""
    return Recipe(stages=(Part("three_path", {"slow": 3, "middle": 5}),), name="Free Video-LLM")


def demo(film: Path, query: str) -> Demo:
    """The moments that three paths still give, the best frame's time, and what a crop leaves."""
    done = run(recipe(), film, query)
    tokens, (_, h, w) = done.stages[0].tokens, done.stages[0].tokens.grid
    best = int(TextTopFrames(frames=1)(tokens, done.query).edges[0, 1]) // (h * w)
    crop = len(TextRoICrop()(tokens, done.query)) / len(tokens)
    return demo_of(done, best_frame_s=tokens.times_s[best].item(), crop_left=crop)
