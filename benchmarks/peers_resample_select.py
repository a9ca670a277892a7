"""The peers that resample a film, and those that choose by frame or by question.

As `compressor_peers.py`: written from the papers' formulas, a few lines each, at the settings of
ours and in its order. What a paper trains is left out where ours, untrained, leaves it out too:
attention then has no weights but the layer norms of its queries and keys, and its values are the
features.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from math import sqrt

import torch
from einops import rearrange, reduce
from torch import Tensor
from torch.nn.functional import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    avg_pool2d,
    layer_norm,
    pad,
    scaled_dot_product_attention,
)


def learned_query_resampler(x: Tensor, asked: Tensor) -> Tensor:
    """32 queries ask each frame (BLIP-2); untrained, they are the means of 32 equal runs of it."""
    cells = x.flatten(1, 2)
    return _attend(_runs(cells, 32), cells).flatten(0, 1)


def local_attention_downsample(x: Tensor, asked: Tensor) -> Tensor:
    """The mean of each 2 x 2 cells asks them (Video-Panda); half of it, half of its answer."""
    cells = rearrange(x, "t (h i) (w j) d -> (t h w) (i j) d", i=2, j=2)
    mean = cells.mean(1, keepdim=True)
    return (0.5 * mean + 0.5 * _attend(mean, cells)).squeeze(1)


def region_packer(x: Tensor, asked: Tensor) -> Tensor:
    """LLaVA-ST's packing by 3 x 3; from it, by 5 frames, and behind that, again by 3 x 3."""
    packed = _packed(x, (1, 3, 3))
    slow, fast = _packed(packed, (5, 1, 1)), _packed(packed, (1, 3, 3))
    return torch.cat([slow.flatten(0, 2), fast.flatten(0, 2)])


def segment_pack(x: Tensor, asked: Tensor) -> Tensor:
    """Of each 8 frames the middle one by 2 x 2, then all of them by 4 x 4 (Grounded-VideoLLM)."""
    parts = list[Tensor]()
    for segment in x.split(8):
        middle = len(segment) // 2
        parts += [_means(segment[middle : middle + 1], 2), _means(segment, 4)]
    return torch.cat(parts)


def slow_fast(x: Tensor, asked: Tensor) -> Tensor:
    """Every frame's mean, then four frames from first to last by 2 x 2 (LITA)."""
    slow = torch.linspace(0, len(x) - 1, 4, dtype=torch.float64).round().long()
    return torch.cat([x.mean((1, 2)), _means(x[slow], 2)])


def sparse_dense(x: Tensor, asked: Tensor) -> Tensor:
    """Every frame's mean, then four frames whole, of a short film all but one (VideoLISA)."""
    many = min(4, len(x) - 1)
    dense = ((torch.arange(many) + 0.5) * len(x) / many).long()
    return torch.cat([x.mean((1, 2)), x[dense].flatten(0, 2)])


def static_plus_context(x: Tensor, asked: Tensor) -> Tensor:
    """TDC: of each 8 frames of a scene the first one whole, of the others 16 answers each."""
    film = x.flatten(1)
    norm = film.norm(dim=1)
    alike = (film[1:] * film[:-1]).sum(1) / (norm[1:] * norm[:-1])
    least = alike.argsort()[:24]
    cuts = sorted((least[alike[least] < 0.65] + 1).tolist())
    first, others, leaders = [0, *cuts, len(x)], list[int](), list[int]()
    for start, stop in pairwise(first):
        for frame in range(start, stop):
            if (frame - start) % 8:
                others.append(frame)
                leaders.append(frame - (frame - start) % 8)
    cells = x.flatten(1, 2)
    told = dict(zip(others, _attend(_runs(cells[leaders], 16), cells[others]), strict=True))
    return torch.cat([told.get(frame, cells[frame]) for frame in range(len(x))])


def gumbel_frame_select(x: Tensor, asked: Tensor) -> Tensor:
    """Of each sixteenth of the film the frame most like the question (B-VLLM, untrained)."""
    score, slots = _relevance(x, asked), min(16, len(x))
    bounds = [-(-slot * len(x) // slots) for slot in range(slots + 1)]
    chosen = [start + int(score[start:stop].argmax()) for start, stop in pairwise(bounds)]
    return x[chosen].flatten(0, 2)


def hierarchical_frame_select(x: Tensor, asked: Tensor) -> Tensor:
    """Twice the 0.72 of frames with the highest softmax of their scores (TW-BERT, untrained)."""
    score, left = _relevance(x, asked), torch.arange(len(x))
    for _ in range(2):
        best = score[left].softmax(0).topk(int(0.72 * len(left))).indices
        left = left[best.sort().values]
    return x[left].flatten(0, 2)


def text_frame_pool(x: Tensor, asked: Tensor) -> Tensor:
    """The question asks the frames' means (X-Pool): the film as one token."""
    return _attend(asked[None], x.mean((1, 2)))


def text_roi_crop(x: Tensor, asked: Tensor) -> Tensor:
    """Of each frame the box of 0.8 of its area around what the question is about."""
    return _cropped(x, asked)


def three_path(x: Tensor, asked: Tensor) -> Tensor:
    """Three frames by question and five by time, halved and cropped, then all by 4 x 4."""
    slow, middle = min(3, len(x)), min(5, len(x))
    picked = _relevance(x, asked).topk(slow).indices.sort().values
    even = torch.arange(middle) * len(x) // middle
    halved = reduce(x[torch.cat([picked, even])], "f h (w i) d -> f h w d", "max", i=2)
    fast = adaptive_avg_pool2d(rearrange(x, "t h w d -> t d h w"), 4)
    return torch.cat([_cropped(halved, asked), rearrange(fast, "t d h w -> (t h w) d")])


def _attend(query: Tensor, x: Tensor) -> Tensor:
    """Attention without weights: `(... q d)` asks `(... m d)`."""
    width = x.shape[-1:]
    return scaled_dot_product_attention(layer_norm(query, width), layer_norm(x, width), x)


def _runs(x: Tensor, many: int) -> Tensor:
    """The means of so many equal runs of each frame."""
    return adaptive_avg_pool1d(x.mT, many).mT


def _means(x: Tensor, side: int) -> Tensor:
    """The means of each frame's windows; smaller ones at the far edges."""
    pooled = avg_pool2d(rearrange(x, "t h w d -> t d h w"), side, ceil_mode=True)
    return rearrange(pooled, "t d h w -> (t h w) d")


def _packed(x: Tensor, size: tuple[int, int, int]) -> Tensor:
    """Each region's middle asks the region; half of it, half of its answer."""
    point, i, j, k = x, *size
    for axis, side in enumerate(size):
        first = torch.arange(0, x.shape[axis], side)
        last = (first + side).clamp_max(x.shape[axis]) - 1
        low, high = (first + last) // 2, (first + last + 1) // 2
        if side > 1:
            point = (point.index_select(axis, low) + point.index_select(axis, high)) / 2
    there = torch.ones_like(x[..., 0])
    if any(after := [-n % side for n, side in zip(x.shape, size, strict=False)]):
        edge = [many for n in reversed(after) for many in (0, n)]
        x, there = pad(x, [0, 0, *edge]), pad(there, edge)
    cells = rearrange(x, "(t i) (h j) (w k) d -> t h w (i j k) d", i=i, j=j, k=k)
    there = rearrange(there, "(t i) (h j) (w k) -> t h w (i j k)", i=i, j=j, k=k)
    asked, told = (layer_norm(y, x.shape[-1:]) for y in (point, cells))
    logits = torch.einsum("t h w d, t h w m d -> t h w m", asked, told) / sqrt(x.shape[-1])
    share = logits.masked_fill(there == 0, -torch.inf).softmax(-1)
    return 0.5 * point + 0.5 * torch.einsum("t h w m, t h w m d -> t h w d", share, cells)


def _cosine(x: Tensor, asked: Tensor) -> Tensor:
    return x @ asked / (x.norm(dim=-1) * asked.norm())


def _relevance(x: Tensor, asked: Tensor) -> Tensor:
    """The mean cosine of the best twentieth of each frame's cells."""
    cosine = _cosine(x, asked).flatten(1)
    return cosine.topk(-(-cosine.shape[1] // 20), dim=1).values.mean(1)


def _cropped(x: Tensor, asked: Tensor) -> Tensor:
    """Free Video-LLM's boxes: around the mean place of the best 0.8 of cells, moved inside."""
    h, w = x.shape[1:3]
    tall, wide = round(h * sqrt(0.8)), round(w * sqrt(0.8))
    best = _cosine(x, asked).flatten(1).topk(int(0.8 * h * w), dim=1).indices
    tops = ((best // w).float().mean(1).long() - tall // 2).clamp(0, h - tall).tolist()
    lefts = ((best % w).float().mean(1).long() - wide // 2).clamp(0, w - wide).tolist()
    boxes = [
        frame[top : top + tall, left : left + wide].flatten(0, 1)
        for frame, top, left in zip(x, tops, lefts, strict=True)
    ]
    return torch.cat(boxes)


PEERS: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "gumbel_frame_select": gumbel_frame_select,
    "hierarchical_frame_select": hierarchical_frame_select,
    "learned_query_resampler": learned_query_resampler,
    "local_attention_downsample": local_attention_downsample,
    "region_packer": region_packer,
    "segment_pack": segment_pack,
    "slow_fast": slow_fast,
    "sparse_dense": sparse_dense,
    "static_plus_context": static_plus_context,
    "text_frame_pool": text_frame_pool,
    "text_roi_crop": text_roi_crop,
    "three_path": three_path,
}
"""By the name of ours, at the same settings."""
