"""VideoLISA at work: one token, taught by masks of made films, prompts a mask in every frame."""

from collections.abc import Sequence
from pathlib import Path

import torch

from vtk_notebooks.arrays import generator
from vtk_notebooks.compressors.resample.sparse_dense import SparseDense
from vtk_notebooks.heads.one_token_masks import OneTokenMasks
from vtk_notebooks.objectives.mask_prediction import MaskPrediction
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.heads._planted import WIDTH, answered
from vtk_notebooks.runs import counted
from vtk_notebooks.training.planted_object import Shown, planted_object

MECHANISMS = ("compressor:sparse_dense", "head:one_token_masks", "objective:mask_prediction")
TESTS = (
    "tests/compressors/resample/test_sparse_dense.py",
    "tests/heads/test_one_token_masks.py",
    "tests/objectives/test_mask_prediction.py",
    "tests/training/test_planted_object.py",
    "tests/papers/heads/test_videolisa.py",
)
DIFFERS = (
    "No language model and no SAM: a small transformer writes the token's state, and the decoder "
    "is a product with each cell, so that masks are as coarse as ConSE's cells. Both learn for "
    "seconds on made tokens with exact masks."
)


def films(first: int, many: int) -> list[Shown]:
    """Made films whose tokens are as wide as ConSE's."""
    make = {"frames": 8, "side": 6, "size": 2, "width": WIDTH}
    return [planted_object(first + i, space="conse", **make) for i in range(many)]


def trained(many: int = 24, steps: int = 40) -> OneTokenMasks:
    """A head for ConSE tokens that has seen the masks of made films."""
    head, made = OneTokenMasks.new("conse", WIDTH, seed=0), films(0, many)
    batch = head.collate([(f.tokens, f.query) for f in made])
    masks, kernel = torch.stack([f.masks for f in made]), head.kernel.train()
    optimiser, draw = torch.optim.AdamW(kernel.parameters(), 2e-3), generator(0)
    for _ in counted(steps, "training"):
        rows = torch.randperm(many, generator=draw)[:8]
        logits = kernel(*batch.take(rows)).aux["mask_logits"]
        optimiser.zero_grad()
        MaskPrediction()(logits.flatten(0, 1), masks[rows].flatten(0, 1))["total"].backward()
        optimiser.step()
    kernel.eval()
    return head


def mask_iou(head: OneTokenMasks, made: Sequence[Shown]) -> float:
    """The mean over films of the IoU of all masks of a film with the true ones."""
    found = [head.masks(f.tokens, f.query) > 0.5 for f in made]
    both = [(m & f.masks).sum() / (m | f.masks).sum() for m, f in zip(found, made, strict=True)]
    return torch.stack(both).mean().item()


def demo(film: Path, query: str) -> Demo:
    """What the question finds in the film, how sure its surest cell is, and masks of made films."""
    head, unseen = trained(), films(10_000, 12)
    untaught = OneTokenMasks.new("conse", WIDTH, seed=0)
    found = {
        "mask_iou": mask_iou(head, unseen),
        "untaught_mask_iou": mask_iou(untaught, unseen),
    }
    shown = answered(head, "one_token_masks", film, query, **found)
    if shown.run is None:
        return shown
    tokens, asked = shown.run.tokens, shown.run.query
    told = {
        "surest_cell": head.masks(tokens, asked).max().item(),
        "tokens_read": float(SparseDense().count(tokens.grid)[1]),
    }
    return Demo(shown.numbers | told, shown.run)
