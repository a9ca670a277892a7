"""X-Pool at work: a film as the question sees it, beside its plain mean."""

from pathlib import Path

from torch.nn.functional import cosine_similarity

from vtk_notebooks.compressors.select.text_frame_pool import TextFramePool
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("compressor:text_frame_pool",)
TESTS = (
    "tests/compressors/select/test_text_frame_pool.py",
    "tests/papers/compressors/test_x_pool.py",
)
DIFFERS = (
    "CLIP and the training on captioned films are not here: the attention runs as it starts, with "
    "every projection the identity, on the frames' means in ConSE's space. For the picture, eight "
    "parts of the film are pooled each by itself and keep their places; X-Pool makes one vector."
)


def recipe() -> Recipe:
    """Four frames at a time become one, weighted by the question."""
    pool = Part("text_frame_pool", {"segments": 8, "places": True})
    return Recipe(encoders=("conse",), stages=(pool,), name="X-Pool")


def demo(film: Path, query: str) -> Demo:
    """The moments that pooled frames still give, and the film's cosine with the question."""
    done = run(recipe(), film, query)
    tokens, asked = done.stages[0].tokens, done.query
    seen = TextFramePool()(tokens, asked).x[0]
    cosines = {"cosine_pooled": seen, "cosine_mean": tokens.x.mean(0)}
    told = {k: cosine_similarity(v, asked.vector, dim=0).item() for k, v in cosines.items()}
    return demo_of(done, **told)
