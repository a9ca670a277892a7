"""TVTS at work: what is said of a film's moments is shuffled and put in order by what is seen."""

from pathlib import Path

import torch
from einops import repeat
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import normalize

from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.encoders import ConSE
from vtk_notebooks.models.labels import label_vectors
from vtk_notebooks.objectives.transcript_sorting import (
    TranscriptSorter,
    TranscriptSorting,
    shuffled,
)
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.runs import counted
from vtk_notebooks.video import open_clip

MECHANISMS = ("objective:transcript_sorting",)
TESTS = (
    "tests/objectives/test_transcript_sorting.py",
    "tests/papers/objectives/test_tvts.py",
)
DIFFERS = (
    "Nobody speaks in the film and no video encoder is trained: ConSE's words for a frame stand "
    "for what is said, its vectors for what is seen, brought to 48 channels by a random "
    "projection. The sorter alone learns, for seconds, with 4 heads instead of 12, from every "
    "other frame, and is asked about the rest. The film is cut anew each time, in any order: of "
    "one film alone, words would soon tell their place by themselves. No contrast, and no patches "
    "are hidden."
)
FRAMES, WIDTH, STEPS, BATCH = 32, 48, 90, 48


def demo(film: Path, query: str) -> Demo:
    """Percent of pieces put where they belong: seen, with the film left out, and by chance."""
    seen, said = _frames(film)
    kernel = drawn(lambda: TranscriptSorter(WIDTH, heads=4), 0)
    learnt, asked = (torch.arange(start, FRAMES, 2) for start in (0, 1))
    losses = _train(kernel, seen[learnt], said[learnt])
    right, blind = (
        _right(kernel, seen[asked] if sight else torch.zeros_like(seen[asked]), said[asked])
        for sight in (True, False)
    )
    return Demo(
        {
            "loss_at_first": losses[0],
            "loss_at_last": losses[-1],
            "sorted_percent": right,
            "sorted_blind_percent": blind,
            "chance_percent": 25.0,
        }
    )


@torch.no_grad()
def _frames(film: Path) -> tuple[Float[Tensor, "t d"], Float[Tensor, "t d"]]:
    """What is seen in each frame, and what is said of it: the mean of its three best words."""
    tokens = ConSE()(open_clip(film).sample(FRAMES, short_side=224))
    seen = tokens.on_grid("TVTS").mean((1, 2))
    best = (seen @ label_vectors().T).topk(3, dim=1).indices
    said = label_vectors()[best].mean(1)
    mean = seen.mean(0)
    into = torch.randn(seen.shape[1], WIDTH, generator=torch.Generator().manual_seed(0))
    small = (normalize((x - x.mean(0)) @ into, dim=1) for x in (seen - mean, said))
    seen, said = (WIDTH**0.5 * x for x in small)
    return seen, said


def _batch(
    seen: Float[Tensor, "t d"], said: Float[Tensor, "t d"], n: int, draw: torch.Generator
) -> tuple[Float[Tensor, "b k d"], Float[Tensor, "b k d"], Int[Tensor, "b k"]]:
    """Four frames with their place told; what is said of them, shuffled; the places of that."""
    at = torch.rand(n, len(seen), generator=draw).argsort(1)[:, :4]
    code = 2 * torch.randn(4, WIDTH, generator=torch.Generator().manual_seed(1))
    text, place = shuffled(said[at], draw)
    return seen[at] + repeat(code, "k d -> b k d", b=n), text, place


def _train(
    kernel: TranscriptSorter, seen: Float[Tensor, "t d"], said: Float[Tensor, "t d"]
) -> list[float]:
    draw, losses = torch.Generator().manual_seed(2), list[float]()
    optimizer = torch.optim.AdamW(kernel.parameters(), 3e-3)
    for _ in counted(STEPS, "training"):
        video, text, place = _batch(seen, said, BATCH, draw)
        loss = TranscriptSorting()(kernel(video, text), place)["total"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@torch.no_grad()
def _right(
    kernel: TranscriptSorter, seen: Float[Tensor, "t d"], said: Float[Tensor, "t d"]
) -> float:
    video, text, place = _batch(seen, said, 256, torch.Generator().manual_seed(3))
    return 100 * (kernel(video, text).argmax(-1) == place).float().mean().item()
