"""TimeSuite (VideoChat-T) at work: time codes are added, then neighbours are shuffled into one."""

from pathlib import Path

import torch
from einops import reduce

from vtk_notebooks.compressors.pool.token_shuffle import ShuffleProjection
from vtk_notebooks.mixers.temporal_adaptive_pe import Tape
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("compressor:token_shuffle", "mixer:temporal_adaptive_pe")
TESTS = (
    "tests/compressors/pool/test_token_shuffle.py",
    "tests/mixers/test_temporal_adaptive_pe.py",
)
DIFFERS = (
    "The video encoder, the language model and the grounded tuning data are not here: both "
    "mechanisms run as they start, before any training, on the patches of the recipe's encoders "
    "instead of 96 query tokens per clip. The time code is added before the shuffle, not after."
)


def recipe() -> Recipe:
    """Four neighbours, in order of time, become one token; the head reads what is left."""
    return Recipe(
        stages=(Part("temporal_adaptive_pe"), Part("token_shuffle", {"group": 4})),
        name="TimeSuite",
    )


def demo(film: Path, query: str) -> Demo:
    """The moments that are left, and how exactly both trainable kernels start as the paper says."""
    done = run(recipe(), film, query)
    x = done.stages[0].tokens.x[None, :64].float()
    with torch.no_grad(), torch.random.fork_rng(devices=[]):  # nn.Module draws globally
        mean = reduce(x, "b (k m) d -> b k d", "mean", m=4)
        shuffle = ShuffleProjection(x.shape[2], 4)(x) - mean
        code = Tape(x.shape[2], merge=4)(x)
    off = {"shuffle_off_the_mean": shuffle, "code_at_start": code}
    return demo_of(done, **{name: v.abs().max().item() for name, v in off.items()})
