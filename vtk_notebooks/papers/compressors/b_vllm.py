"""B-VLLM at work: slots choose frames, alike ones become one, what is left shares the tokens."""

from pathlib import Path

from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = (
    "compressor:gumbel_frame_select",
    "compressor:threshold_frame_merge",
    "compressor:merge_to",
)
TESTS = (
    "tests/compressors/select/test_gumbel_frame_select.py",
    "tests/compressors/merge/test_threshold_frame_merge.py",
    "tests/compressors/merge/test_merge_to.py",
    "tests/papers/compressors/test_b_vllm.py",
)
DIFFERS = (
    "EVA-CLIP, both Q-Formers and the language model are not here: without trained queries a slot "
    "chooses from its own part of the film, by ConSE, so frames are compared by their features "
    "(DINOv2, at a likeness of 0.97) and not by their slots' weights; and cells are merged, not "
    "asked by 32 queries, to the paper's number of tokens for so many frames."
)


def recipe() -> Recipe:
    """Sixteen frames chosen, near-duplicates averaged, 576 tokens shared out among the rest."""
    return Recipe(
        stages=(
            Part("gumbel_frame_select", {"slots": 16}),
            Part("threshold_frame_merge", {"threshold": 0.97, "metric": "dinov2"}),
            Part("merge_to", {"tokens_per_frame": 0, "metric": "dinov2"}),
        ),
        name="B-VLLM",
    )


def demo(film: Path, query: str) -> Demo:
    """The moments that are left, and how many frames were chosen and are left of them."""
    done = run(recipe(), film, query)
    _, h, w = done.tokens.grid
    chosen, left = (len(stage.tokens) / (h * w) for stage in done.stages[1:3])
    return demo_of(done, frames_chosen=chosen, frames_left=left)
