"""Published compressors in their plainest form: features in, features out, no record of anything.

Written here from the papers' formulas, a few lines each, as the peers that
`benchmarks/compressors.py` times ours against. Each takes a film `(t h w d)` and the question's
vector `(d)`, and gives `(n d)` in the order of ours.
"""

from collections.abc import Callable, Mapping

import torch
from bipartite_merge import peer as merged
from einops import rearrange, reduce
from peers_pool_merge_route import PEERS as POOL_MERGE_ROUTE
from peers_resample_select import PEERS as RESAMPLE_SELECT
from torch import Tensor
from torch.nn.functional import cosine_similarity, normalize, pad

from vtk_notebooks import build

Peer = Callable[[Tensor, Tensor], Tensor]


def uniform(x: Tensor, asked: Tensor) -> Tensor:
    """The middle frame of every four."""
    return rearrange(x[2::4], "t h w d -> (t h w) d")


def random_tokens(x: Tensor, asked: Tensor) -> Tensor:
    """A quarter, drawn."""
    n = x.shape[0] * x.shape[1] * x.shape[2]
    draw = torch.randperm(n, generator=torch.Generator().manual_seed(0))
    return rearrange(x, "t h w d -> (t h w) d")[draw[: round(n / 4)].sort().values]


def temporal_stride(x: Tensor, asked: Tensor) -> Tensor:
    """Every other frame (STORM)."""
    return rearrange(x[::2], "t h w d -> (t h w) d")


def pool(t: int, h: int, w: int) -> Peer:
    """Means of windows; smaller ones at the far edges."""

    def pooled(x: Tensor, asked: Tensor) -> Tensor:
        after = [-n % k for n, k in zip(x.shape, (t, h, w), strict=False)]
        edge = [side for n in reversed(after) for side in (0, n)]
        axes, sizes = "(t i) (h j) (w k)", {"i": t, "j": h, "k": w}
        if not any(after):
            return reduce(x, f"{axes} d -> (t h w) d", "mean", **sizes)
        x, there = (pad(y, [0, 0, *edge]) for y in (x, torch.ones_like(x[..., :1])))
        total, many = (reduce(y, f"{axes} d -> (t h w) d", "sum", **sizes) for y in (x, there))
        return total / many

    return pooled


def token_shuffle(x: Tensor, asked: Tensor) -> Tensor:
    """Four neighbours side by side, through the first value of TimeSuite's projection: a mean."""
    return reduce(x, "t h w d -> (t h w) d", "mean").view(-1, 4, x.shape[-1]).mean(1)


def bipartite_merge(x: Tensor, asked: Tensor) -> Tensor:
    """ToMe's own call on a batch of frames; its order is by score."""
    return merged(rearrange(x, "t h w d -> t (h w) d"), 0.25).flatten(0, 1)


def run_length(x: Tensor, asked: Tensor) -> Tensor:
    """The mean of each run of frames in which a place changes by less than a tenth (RLT)."""
    change = (x[1:] - x[:-1]).norm(dim=-1) / x[:-1].norm(dim=-1)
    starts = torch.cat([torch.ones_like(change[:1]), change]) > 0.1
    number = (starts.flatten().cumsum(0) - 1).view_as(starts)
    run = torch.where(starts, number, -1).cummax(0).values.flatten()
    total = x.new_zeros(int(run.max()) + 1, x.shape[-1]).index_add(0, run, x.flatten(0, 2))
    return total / torch.bincount(run)[:, None]


def threshold_frame_merge(x: Tensor, asked: Tensor) -> Tensor:
    """Frames join the most alike earlier one, if alike enough; groups of frames become means."""
    mean = normalize(reduce(x, "t h w d -> t d", "mean"), dim=-1)
    alike, group = (mean @ mean.T + 1) / 2, list[int]()
    for i, row in enumerate(alike):
        best = int(row[:i].argmax()) if i else 0
        group.append(group[best] if i and row[best] > 0.75 else max(group, default=-1) + 1)
    number = torch.tensor(group)
    total = x.new_zeros(max(group) + 1, *x.shape[1:]).index_add(0, number, x)
    return rearrange(total / torch.bincount(number)[:, None, None, None], "k h w d -> (k h w) d")


def slot_sampler(x: Tensor, asked: Tensor) -> Tensor:
    """Each slot's softmax over all tokens (VTG-LLM), the same slots as ours."""
    flat = x.flatten(0, 2)
    slots = build("compressor", "slot_sampler").kernel(x.shape[-1], 256).slots.detach()
    return (flat @ slots).softmax(0).T @ flat


def text_top_frames(x: Tensor, asked: Tensor) -> Tensor:
    """The three frames whose best twentieth of cells is most like the question."""
    cosine = cosine_similarity(x.flatten(1, 2), asked, dim=-1)
    best = cosine.topk(-(-cosine.shape[1] // 20), dim=1).values.mean(1)
    return x[best.topk(3).indices.sort().values].flatten(0, 2)


def prompt_guided_pool(x: Tensor, asked: Tensor) -> Tensor:
    """PPLLaVA's softmax over the clip, then inside each window of 2 x 3 x 3."""
    cosine = cosine_similarity(x, asked, dim=-1)
    weight = (100 * cosine).flatten().softmax(0).view_as(cosine) / 0.01
    after = [-n % k for n, k in zip(weight.shape, (2, 3, 3), strict=True)]
    edge = [side for n in reversed(after) for side in (0, n)]
    weight, x = pad(weight, edge, value=-torch.inf), pad(x, [0, 0, *edge])
    windows = "(t i) (h j) (w k)", "(t h w) (i j k)"
    share = rearrange(weight, f"{windows[0]} -> {windows[1]}", i=2, j=3, k=3).softmax(1)
    cells = rearrange(x, f"{windows[0]} d -> {windows[1]} d", i=2, j=3, k=3)
    return torch.einsum("n m, n m d -> n d", share, cells)


PEERS: Mapping[str, Peer] = {
    "bipartite_merge": bipartite_merge,
    "pool_3d": pool(2, 3, 3),
    "prompt_guided_pool": prompt_guided_pool,
    "random_tokens": random_tokens,
    "run_length": run_length,
    "slot_sampler": slot_sampler,
    "spatial_pool": pool(1, 2, 2),
    "temporal_pool": pool(4, 1, 1),
    "temporal_stride": temporal_stride,
    "text_top_frames": text_top_frames,
    "threshold_frame_merge": threshold_frame_merge,
    "token_shuffle": token_shuffle,
    "uniform": uniform,
    **RESAMPLE_SELECT,
    **POOL_MERGE_ROUTE,
}
"""By the name of ours, at the same settings."""
UNORDERED = ("bipartite_merge",)
"""Peers whose tokens come in another order, so that later rounds match others."""
