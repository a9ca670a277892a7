"""ReKV at work: the whole film is put aside, and a question fetches a quarter of its frames."""

from pathlib import Path

import torch

from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("memory:kv_retrieval",)
TESTS = (
    "tests/streaming/memory/test_kv_retrieval.py",
    "tests/models/test_fetched_cache.py",
    "tests/papers/streaming/test_rekv.py",
)
DIFFERS = (
    "In the demo, tokens of the recipe's encoders stand for keys and values, a frame is a block, "
    "and one retrieval serves instead of one in each layer, by vectors of a space that words and "
    "frames share. `models.fetched_cache` puts aside and fetches the cache of a language model "
    "that rotates by one position; those that rotate by three, as Qwen-VL does, are refused. The "
    "sliding window that encodes the stream, the prompt that is always kept, and the disk are not "
    "here."
)


def recipe(frames: int = 32) -> Recipe:
    """Retrieval between the encoders and the head."""
    return Recipe(stages=Part("kv_retrieval", {"topk": frames // 4}), frames=frames, name="ReKV")


def demo(film: Path, query: str) -> Demo:
    """The moment among the fetched frames, and how much better they fit than those left out."""
    done = run(recipe(), film, query)
    kept = done.tokens.kept().flatten(1).any(1)
    t, h, w = done.tokens.grid
    keys = done.stages[0].tokens.part(done.query.space).float().view(t, h * w, -1).mean(1)
    score = keys @ done.query.words.to(keys).mean(0)
    fit = (score - score.mean()) / score.std().clamp_min(torch.finfo(score.dtype).tiny)
    return demo_of(
        done,
        frames_fetched=float(kept.sum()),
        fit_of_fetched_sigmas=fit[kept].mean().item(),
        fit_of_others_sigmas=fit[~kept].mean().item(),
    )
