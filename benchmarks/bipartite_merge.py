"""Bipartite merging: ours, provenance and all, against ToMe's own call, one thread.

The peer is written here from the paper's formulas (Bolya et al., 2022, arXiv:2210.09461): a batch
of frames, one round per call, size-weighted means by scatter, no record of what became of what.
Ours returns `Tokens`, in film order, with an edge for every cell. Runs are interleaved, so that a
busy machine slows both; the ratio is of medians.

    python benchmarks/bipartite_merge.py
"""

import statistics
import time
from collections.abc import Callable

import torch
from einops import rearrange
from torch import Tensor

from vtk_notebooks.compressors import BipartiteMerge
from vtk_notebooks.tokens import Tokens

FRAMES, SIDE, WIDTH = 32, 14, 384
"""6,272 tokens as wide as a ViT-S."""


def peer_round(x: Tensor, size: Tensor, r: int) -> tuple[Tensor, Tensor]:
    """One round: the r most alike pairs of each frame become their weighted mean."""
    unit = x / x.norm(dim=-1, keepdim=True)
    best, partner = (unit[:, ::2] @ unit[:, 1::2].mT).max(-1)
    ranked = best.argsort(dim=-1, descending=True)[..., None]
    alone, source = ranked[:, r:], ranked[:, :r]
    target = partner[..., None].gather(1, source)

    def merge(value: Tensor) -> Tensor:
        first, second = value[:, ::2], value[:, 1::2]
        c = value.shape[-1]
        stay, go = (first.gather(1, i.expand(-1, -1, c)) for i in (alone, source))
        second = second.scatter_reduce(1, target.expand(-1, -1, c), go, "sum")
        return torch.cat([stay, second], dim=1)

    total = merge(size)
    return merge(x * size) / total, total


def peer(x: Tensor, keep: float) -> Tensor:
    """Rounds until a part of each frame's tokens is left."""
    size, left = torch.ones_like(x[..., :1]), round(keep * x.shape[1])
    while x.shape[1] > left:
        x, size = peer_round(x, size, min(x.shape[1] - left, x.shape[1] // 2))
    return x


def once(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(keep: float, runs: int = 30) -> tuple[float, float]:
    """Median milliseconds of ours and of the peer."""
    draw = torch.Generator().manual_seed(0)
    tokens = Tokens.from_grid(
        torch.randn(FRAMES, SIDE, SIDE, WIDTH, generator=draw), torch.arange(FRAMES) / 2
    )
    batch = rearrange(tokens.x, "(t s) d -> t s d", t=FRAMES)
    ours = BipartiteMerge(keep)
    check_equal(ours(tokens).x, peer(batch, keep), keep)
    pairs = [(once(lambda: ours(tokens)), once(lambda: peer(batch, keep))) for _ in range(runs)]
    a, b = (1e3 * statistics.median(side) for side in zip(*pairs, strict=True))
    return a, b


def check_equal(ours: Tensor, theirs: Tensor, keep: float) -> None:
    """After one round both hold the same tokens, in another order."""
    if keep >= 0.5:
        a, b = (x.reshape(-1, x.shape[-1]) for x in (ours, theirs))
        a, b = (x[x[:, 0].argsort()] for x in (a, b))
        torch.testing.assert_close(a, b)


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(f"{FRAMES * SIDE**2} tokens of {WIDTH} channels, 1 thread, medians of 30 runs")
    for keep in (0.75, 0.5, 0.25, 0.1):
        ours_ms, peer_ms = ratio(keep)
        print(
            f"keep={keep:<5} ours {ours_ms:6.1f} ms  peer {peer_ms:6.1f} ms  "
            f"ratio {ours_ms / peer_ms:.2f}"
        )
