"""ST-LLM at work: a few frames told of the mean of all; random drops; a loss that compares."""

from pathlib import Path

import torch
from torch import nn

from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.compressors.route.global_local import GlobalResidual
from vtk_notebooks.compressors.route.random_token_drop import RandomTokenDrop
from vtk_notebooks.objectives.masked_video import MaskedVideoLoss
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = (
    "compressor:random_token_drop",
    "objective:masked_video",
    "compressor:global_local",
)
TESTS = (
    "tests/compressors/route/test_random_token_drop.py",
    "tests/compressors/route/test_global_local.py",
    "tests/objectives/test_masked_video.py",
)
DIFFERS = (
    "The language model is not here: a training-free head reads what the global-local input "
    "leaves, and one transformer layer, as it is drawn, stands in for the two readings that the "
    "loss compares. Places are cells of the encoders' grid instead of 32 query tokens a frame."
)


def recipe() -> Recipe:
    """A quarter of the frames, as the paper's 16 of 64."""
    return Recipe(stages=(Part("global_local", {"keep": 0.25}),), name="ST-LLM")


def demo(film: Path, query: str) -> Demo:
    """The moments in the chosen frames; what a reading with drops costs, and one without."""
    done = run(recipe(), film, query)
    x = done.tokens.x[None, :1024].float()
    drop, keep_all = RandomTokenDrop(), RandomTokenDrop().at(1.0)
    width = x.shape[2]
    layer = drawn(lambda: nn.TransformerEncoderLayer(width, 8, width, batch_first=True), 0)
    costs = []
    with torch.no_grad():
        for stays in (drop.stays(x.shape[1]), keep_all.stays(x.shape[1])):
            some, whole = layer(x[:, stays[0]]), layer(x)
            costs.append(MaskedVideoLoss()(some, whole, stays)["mvm"].item())
        told = drawn(lambda: GlobalResidual(width), 0)(x[:, None])
    return demo_of(
        done,
        dropped_percent=100 * drop.part,
        loss_with_drops=costs[0],
        loss_without_drops=costs[1],
        told_before_training=told.abs().max().item(),
    )
