"""Peers of what crops, pools, merges and routes, in their plainest form (`compressor_peers.py`).

Written from the papers' formulas, at the defaults of ours. Weights that no training has touched are
drawn by the same seed.
"""

import math
from collections.abc import Callable, Mapping

import torch
from einops import rearrange, reduce
from torch import Tensor, nn
from torch.nn.functional import (
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    cosine_similarity,
    layer_norm,
    normalize,
)


def centre_crop(x: Tensor, asked: Tensor) -> Tensor:
    """Half of the rows and half of the columns, those in the middle."""
    h, w = x.shape[1:3]
    rows, columns = round(h / 2), round(w / 2)
    top, left = (h - rows) // 2, (w - columns) // 2
    return x[:, top : top + rows, left : left + columns].flatten(0, 2)


def first_tokens(x: Tensor, asked: Tensor) -> Tensor:
    """The first quarter; a copy, as ours is."""
    flat = x.flatten(0, 2)
    return flat[: round(len(flat) / 4)].clone()


def adaptive_pool(x: Tensor, asked: Tensor) -> Tensor:
    """16 x 8 x 8 means, as torch pools (MERV); no axis grows."""
    t, h, w, _ = x.shape
    size = (min(t, 16), min(h, 8), min(w, 8))
    pooled = adaptive_avg_pool3d(rearrange(x, "t h w d -> 1 d t h w"), size)
    return rearrange(pooled, "1 d t h w -> (t h w) d")


def image_grid(x: Tensor, asked: Tensor) -> Tensor:
    """Six frames, each made as small as its tile, in one picture of two columns (IG-VLM)."""
    t, h, w, d = x.shape
    n = min(6, t)
    columns = round(n**0.5)
    rows = -(-n // columns)
    picture, drawn = x.new_zeros(h, w, d), torch.zeros(h, w, dtype=torch.bool)
    for k in range(n):
        i, j = divmod(k, columns)
        top, bottom = i * h // rows, (i + 1) * h // rows
        left, right = j * w // columns, (j + 1) * w // columns
        frame = rearrange(x[k * (t // n)], "h w d -> 1 d h w")
        tile = adaptive_avg_pool2d(frame, (bottom - top, right - left))
        picture[top:bottom, left:right] = rearrange(tile, "1 d h w -> h w d")
        drawn[top:bottom, left:right] = True
    return picture[drawn]


def object_tokens(x: Tensor, asked: Tensor) -> Tensor:
    """The whole frame as one object: of its means the most alike neighbours join (VideoRefer)."""
    frames = x.mean((1, 2))
    alike = cosine_similarity(frames[1:], frames[:-1], dim=-1)
    starts = torch.ones(len(frames), dtype=torch.long)
    starts[1 + alike.topk(max(0, len(frames) - 4)).indices] = 0
    group = starts.cumsum(0) - 1
    total = x.new_zeros(int(group[-1]) + 1, x.shape[-1]).index_add(0, group, frames)
    return total / torch.bincount(group)[:, None]


def layer_cls_memory(x: Tensor, asked: Tensor) -> Tensor:
    """One layer, as the film has no class tokens: its mean (LongVLM)."""
    return reduce(x, "t h w d -> 1 d", "mean")


State = tuple[Tensor, Tensor, Tensor]
"""Tokens `(b n d)`; how many each stands for, and the first of these, `(b n 1)`."""


def single(x: Tensor) -> State:
    """Tokens that stand for themselves."""
    numbers = torch.arange(x.shape[1])[:, None].expand(len(x), -1, 1)
    return x, torch.ones_like(x[..., :1]), numbers


def tome(state: State, compared: Tensor, r: int) -> State:
    """One round of ToMe (arXiv:2210.09461): the r most alike pairs become their weighted means."""
    x, size, first = state
    unit = normalize(compared, dim=-1)
    best, partner = (unit[:, ::2] @ unit[:, 1::2].mT).max(-1)
    ranked = best.argsort(dim=-1, descending=True, stable=True)
    alone, source = ranked[:, r:], ranked[:, :r]
    target = partner.gather(1, source)

    def merge(value: Tensor, how: str = "sum") -> Tensor:
        stay, go, to = (
            i[..., None].expand(-1, -1, value.shape[-1]) for i in (alone, source, target)
        )
        a, b = value[:, ::2], value[:, 1::2]
        b = b.scatter_reduce(1, to, a.gather(1, go), how)
        return torch.cat([a.gather(1, stay), b], 1)

    total = merge(size)
    return merge(x * size) / total, total, merge(first, "amin")


def in_film_order(state: State) -> Tensor:
    """Each frame's tokens by the first that they stand for, as ours come."""
    x, _, first = state
    return x.gather(1, first.argsort(1).expand_as(x)).flatten(0, 1)


def hierarchical_merge(x: Tensor, asked: Tensor) -> Tensor:
    """Ten segments, each merged to 30 by the means of 16 heads, half in a round (LongVLM)."""
    t, many, out = len(x), min(10, len(x)), list[Tensor]()
    for k in range(many):
        state = single(x[k * t // many : (k + 1) * t // many].flatten(0, 2)[None])
        while (now := state[0].shape[1]) > 30:
            heads = reduce(state[0], "b n (k c) -> b n c", "mean", k=16)
            state = tome(state, heads, min(now // 2, now - 30))
        out.append(state[0][0])
    return torch.cat(out)


def merge_to(x: Tensor, asked: Tensor) -> Tensor:
    """Rounds until 32 tokens of each frame are left (B-VLLM)."""
    state = single(x.flatten(1, 2))
    while (now := state[0].shape[1]) > 32:
        state = tome(state, state[0], min(now // 2, now - 32))
    return in_film_order(state)


def in_layer_merge(x: Tensor, asked: Tensor) -> Tensor:
    """31 layers that merge int(0.9 n / 32) each, by keys: normed tokens (AuroraCap)."""
    state = single(x.flatten(1, 2))
    r = int(state[0].shape[1] * 0.9 / 32)
    for _ in range(31):
        state = tome(state, layer_norm(state[0], x.shape[-1:], eps=1e-6), r)
    return in_film_order(state)


def global_local(x: Tensor, asked: Tensor) -> Tensor:
    """The frames at the centres of 16 segments (ST-LLM); an untrained residual adds nothing."""
    many = min(16, len(x))
    size = len(x) / many
    return x[[int(size / 2 + round(size * i)) for i in range(many)]].flatten(0, 2)


def keyframe_token_drop(x: Tensor, asked: Tensor) -> Tensor:
    """Thrice 0.7 of the tokens: the middle frame's, and what all attend to the most (EVAD)."""
    t, h, w = x.shape[:3]
    unit, left = normalize(x.flatten(0, 2), dim=-1), torch.arange(t * h * w)
    for _ in range(3):
        received = (unit[left] @ unit[left].T / 0.1).softmax(1).sum(0)
        received[left // (h * w) == t // 2] = torch.inf
        most = max(h * w, math.ceil(0.7 * len(left)))
        left = left[received.topk(most).indices.sort().values]
    return x.flatten(0, 2)[left]


def mixture_of_depths(x: Tensor, asked: Tensor) -> Tensor:
    """A layer and a scorer: of each frame the best fifth goes through (VideoLLM-MoD).

    What an untrained layer adds counts a tenth of the token's loudness, as in ours.
    """
    d = x.shape[-1]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layer = nn.TransformerEncoderLayer(
            d, 8, 4 * d, 0.0, "gelu", batch_first=True, norm_first=True
        )
        scorer = nn.Linear(d, 1, bias=False).to(x.dtype)
    frames = x.flatten(1, 2)
    with torch.no_grad():
        score = scorer(frames)
        best = score.topk(math.ceil(0.2 * frames.shape[1]), dim=1).indices
        rows = best.expand(-1, -1, d)
        part = frames.gather(1, rows)
        added = score.gather(1, best) * (layer.eval().to(x.dtype)(part) - part)
        loud = part.square().mean(-1, keepdim=True).sqrt()
        return frames.scatter(1, rows, part + 0.1 * loud * added).flatten(0, 1)


def random_token_drop(x: Tensor, asked: Tensor) -> Tensor:
    """What a drawn part, normal around a half and cut to [0.1, 0.7], leaves at random (ST-LLM)."""
    n, draw = x.shape[0] * x.shape[1] * x.shape[2], torch.Generator().manual_seed(0)
    drawn = torch.randn((), generator=draw, dtype=torch.float64).item()
    goes = int(min(max(0.5 + 0.1 * drawn, 0.1), 0.7) * n)
    order = torch.rand(n, generator=draw, dtype=torch.float64).argsort()
    return x.flatten(0, 2)[order[: n - goes].sort().values]


PEERS: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "adaptive_pool": adaptive_pool,
    "centre_crop": centre_crop,
    "first_tokens": first_tokens,
    "global_local": global_local,
    "hierarchical_merge": hierarchical_merge,
    "image_grid": image_grid,
    "in_layer_merge": in_layer_merge,
    "keyframe_token_drop": keyframe_token_drop,
    "layer_cls_memory": layer_cls_memory,
    "merge_to": merge_to,
    "mixture_of_depths": mixture_of_depths,
    "object_tokens": object_tokens,
    "random_token_drop": random_token_drop,
}
"""By the name of ours, at the same settings."""
