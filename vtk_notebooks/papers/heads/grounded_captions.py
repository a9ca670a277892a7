"""Cyclical captioning at work: words of a foreign tongue learn to point from captions alone."""

from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import normalize

from vtk_notebooks.arrays import generator
from vtk_notebooks.heads.cyclic_localiser import CyclicLocaliser
from vtk_notebooks.objectives.cycle_caption import CycleCaption
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.heads._planted import answered
from vtk_notebooks.papers.heads._planted import trained as train
from vtk_notebooks.query import Query
from vtk_notebooks.runs import counted
from vtk_notebooks.tokens import Tokens

MECHANISMS = ("head:cyclic_localiser", "objective:cycle_caption")
TESTS = (
    "tests/heads/test_cyclic_localiser.py",
    "tests/objectives/test_cycle_caption.py",
    "tests/papers/heads/test_grounded_captions.py",
)
DIFFERS = (
    "Captions are lists of two of eight made words and films are made of made things, instead of "
    "Flickr30k or ActivityNet Entities; regions are cells, not detected boxes. For a real film the "
    "head learns from planted moments' words in ConSE's space, and the localiser, which the paper "
    "throws away, answers."
)
THINGS, WIDTH = 8, 32


def captioned(seed: int, frames: int = 4, side: int = 5) -> tuple[Tokens, Query, Tensor]:
    """A film with two of eight things, its caption in words that are not alike, and both masks."""
    draw = generator(seed)
    looks, words = normalize(torch.randn(2, THINGS, WIDTH, generator=generator(77)), dim=-1)
    which = torch.randperm(THINGS, generator=draw)[:2].sort().values
    x = 0.5 * normalize(torch.randn(frames, side, side, WIDTH, generator=draw), dim=-1)
    masks = torch.zeros(2, frames, side, side, dtype=torch.bool)
    for k, thing in enumerate(which):  # the second one in front of the first
        row, column = torch.randint(0, side - 1, (2,), generator=draw).tolist()
        masks[:k, :, row : row + 2, column : column + 2] = False
        masks[k, :, row : row + 2, column : column + 2] = True
        x[masks[k]] += looks[thing]
    tokens = Tokens.from_grid(x, torch.arange(frames) / 1, space="made")
    names = tuple(f"thing {k}" for k in which.tolist())
    said = words[which]
    return tokens, Query(" and ".join(names), said.mean(0), said, names, "made"), masks


def taught(films: int = 128, steps: int = 150, reconstruct: float = 0.5) -> CyclicLocaliser:
    """A head that has read captions of made films, and was never told where anything is."""
    head = CyclicLocaliser.new("made", WIDTH, hidden=32)
    batch = head.collate([captioned(seed)[:2] for seed in range(films)])
    kernel, loss, draw = head.kernel.train(), CycleCaption(reconstruct=reconstruct), generator(0)
    optimiser = torch.optim.Adam(kernel.parameters(), 5e-3)
    for _ in counted(steps, "training"):
        aux = kernel(*batch.take(torch.randperm(films, generator=draw)[:16])).aux
        optimiser.zero_grad()
        terms = loss(aux["decoded"], aux["reconstructed"], aux["words"], aux["said"])
        terms["total"].backward()
        optimiser.step()
    kernel.eval()
    return head


def pointing(head: CyclicLocaliser, films: int = 16) -> float:
    """How much of what words of unseen films point at lies on what they name."""
    shares = []
    for seed in range(10_000, 10_000 + films):
        tokens, caption, masks = captioned(seed)
        seen = masks.flatten(1).any(1)
        shares.append(_on(head.words_at(tokens, caption), masks)[seen].mean())
    return torch.stack(shares).mean().item()


def demo(film: Path, query: str) -> Demo:
    """What the question finds in the film, and where words point before and after captions."""
    told = {
        "pointing_share": pointing(taught()),
        "pointing_share_without_cycle": pointing(taught(reconstruct=0.0)),
        "pointing_share_untaught": pointing(taught(steps=0)),
    }
    head = train(CyclicLocaliser, 24, 10)
    return answered(head, "cyclic_localiser", film, query, **told)


def _on(maps: Float[Tensor, "l t h w"], masks: Tensor) -> Float[Tensor, "l"]:
    return (maps * masks).flatten(1).sum(1)
