"""COSMO at work: a small text tower contrasts below, and writes above what it is shown."""

from pathlib import Path

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor

from vtk_notebooks.blocks.gated_text import PartitionedText, media_mask
from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.objectives.symmetric_infonce import SymmetricInfoNCE
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import Run, counted, run

MECHANISMS = ("objective:symmetric_infonce", "mixer:gated_cross_attention")
TESTS = (
    "tests/objectives/test_symmetric_infonce.py",
    "tests/mixers/test_gated_cross_attention.py",
    "tests/blocks/test_gated_text.py",
    "tests/papers/objectives/test_cosmo.py",
)
DIFFERS = (
    "A text tower of four layers and 48 channels learns for seconds instead of a large language "
    "model. Its texts name the quarter of the film that a frame is from; it is taught with every "
    "other frame and asked about the rest. As four texts serve all frames, the contrast cannot go "
    "below log 4. The picture's vector is the mean of a frame's cells instead of the first one of "
    "a resampler."
)
WIDTH, STEPS, QUARTERS = 48, 60, 4


def recipe() -> Recipe:
    """Frames told of the frame before them through gates that are open a little."""
    stages = (Part("mixer:gated_cross_attention", {"gate": 0.1, "inner": 64}),)
    return Recipe(stages=stages, name="COSMO")


def demo(film: Path, query: str) -> Demo:
    """Both losses before and after; how often the tower writes the right quarter, seeing or not."""
    done = run(recipe(), film, query)
    x, words = _documents(done)
    learnt, asked = (torch.arange(start, len(x), 2) for start in (0, 1))
    tower = drawn(lambda: PartitionedText(QUARTERS + 3, WIDTH, WIDTH), 0)
    eye = drawn(lambda: torch.nn.Linear(WIDTH, WIDTH), 1)
    first, last = _train(tower, eye, x[learnt], words[learnt])
    right, blind = (
        _right(tower, x[asked] if sight else torch.zeros_like(x[asked]), words[asked])
        for sight in (True, False)
    )
    gate = max(abs(p.tanh().item()) for n, p in tower.named_parameters() if n.endswith("read_gate"))
    return demo_of(
        done,
        contrast_at_first=first[0],
        contrast_at_last=last[0],
        language_at_first=first[1],
        language_at_last=last[1],
        written_percent=right,
        written_blind_percent=blind,
        gate_opened=gate,
    )


@torch.no_grad()
def _documents(done: Run) -> tuple[Float[Tensor, "t m d"], Int[Tensor, "t l"]]:
    """The cells of each frame, pooled to 3 x 3, and a text that names its quarter of the film."""
    grid = done.tokens.on_grid("COSMO")
    pooled = torch.nn.functional.adaptive_avg_pool2d(rearrange(grid, "t h w d -> t d h w"), 3)
    x = rearrange(pooled, "t d h w -> t (h w) d").float()
    x = (x - x.mean((0, 1))) / (x.std((0, 1)) + 1e-6)
    into = torch.randn(x.shape[2], WIDTH, generator=torch.Generator().manual_seed(0))
    quarter = torch.arange(len(x)) * QUARTERS // len(x)
    begin, is_, end = (torch.full_like(quarter, QUARTERS + i) for i in range(3))
    return x @ into / x.shape[2] ** 0.5, torch.stack([begin, is_, quarter, end], 1)


def _may(x: Float[Tensor, "b m d"], words: Int[Tensor, "b l"]) -> Bool[Tensor, "b l m"]:
    """Every word stands behind the one picture."""
    return media_mask(torch.ones_like(words), torch.ones(x.shape[:2], dtype=torch.long))


def _train(
    tower: PartitionedText,
    eye: torch.nn.Linear,
    x: Float[Tensor, "b m d"],
    words: Int[Tensor, "b l"],
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Contrast and language, at the first and at the last step."""
    optimizer = torch.optim.AdamW([*tower.parameters(), *eye.parameters()], 3e-3)
    losses = list[tuple[float, float]]()
    for _ in counted(STEPS, "training"):
        lower = tower.unimodal(words)
        logits = tower(lower, x, _may(x, words))
        terms = SymmetricInfoNCE()(eye(x.mean(1)), tower.said(lower), logits, words)
        optimizer.zero_grad()
        terms["total"].backward()
        optimizer.step()
        losses.append((terms["contrast"].item(), terms["language"].item()))
    return losses[0], losses[-1]


@torch.no_grad()
def _right(tower: PartitionedText, x: Float[Tensor, "b m d"], words: Int[Tensor, "b l"]) -> float:
    """Percent of frames whose quarter is the most likely third word."""
    logits = tower(tower.unimodal(words), x, _may(x, words))
    return 100 * (logits[:, 1].argmax(-1) == words[:, 2]).float().mean().item()
