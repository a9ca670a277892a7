"""Object tokens: what lies under a mask becomes one token a frame, and alike frames become one.

After VideoRefer, "VideoRefer Suite: Advancing Spatial-Temporal Object Understanding with Video LLM"
(Yuan et al., 2024, arXiv:2501.00599). As there: in each frame the features under an object's mask
are averaged to one token; along time, neighbours that are most alike by cosine are merged until 4
tokens are left of an object. As in its released code all merges are chosen at once (`at_once`),
from the likenesses of single frames; one by one, as the text has it, means are compared again after
each merge. A merged token is the mean over its frames.

What differs: a mask counts a cell by the part of it that it covers, where theirs is resized to the
features; frames in which the object is not to be seen add nothing; the layers before the language
model are left to a model's projector. As a compressor it takes boxes, the same in all frames;
`of` takes masks.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d, cosine_similarity

from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.provenance import weighted_sums
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, as parts of the frame."""
_MOST_FLOATS = 2**24
"""Features looked at together, 64 MB."""


@register(
    "compressor",
    "object_tokens",
    title="Object tokens (VideoRefer)",
    paper="VideoRefer Suite: Advancing Spatial-Temporal Object Understanding with Video LLM",
    year=2025,
    arxiv="2501.00599",
    atlas=("videorefer",),
)
@dataclass(frozen=True)
class ObjectTokens:
    """A few tokens for each object, in order of time; one object after the other.

    Args:
        boxes: one for each object, the same in all frames; by default the whole frame is one.
        tokens: left of each object, at most.
        at_once: all merges are chosen from the likenesses of single frames.
        keep: above 0, the part of all tokens that is left instead.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    boxes: tuple[Box, ...] = ((0.0, 0.0, 1.0, 1.0),)
    tokens: int = 4
    at_once: bool = True
    keep: float = 0.0

    def __post_init__(self) -> None:
        for left, top, right, bottom in self.boxes:
            if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
                expected = "boxes of left < right and top < bottom in [0, 1]"
                raise VtkError("ObjectTokens", expected, (left, top, right, bottom))
        if not self.boxes or self.tokens < 1 or not 0 <= self.keep <= 1:
            got = f"{len(self.boxes)} boxes, tokens={self.tokens}, keep={self.keep}"
            raise VtkError("ObjectTokens", "a box, a token and a keep in [0, 1]", got)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        t, h, w = tokens.grid
        cover = torch.stack([_covered(box, h, w) for box in self.boxes])
        return self._of(tokens, cover[:, None].expand(-1, t, -1, -1).to(tokens.share))

    def of(
        self, tokens: Tokens, masks: Bool[Tensor, "o t y x"] | Float[Tensor, "o t y x"]
    ) -> Tokens:
        """The tokens of objects that masks show, of any size; at least one must be seen.

        Args:
            tokens: one per cell.
            masks: of each object in each frame; an object that is never seen has no token.
        """
        t, h, w = tokens.grid
        if masks.shape[1] != t:
            raise ShapeError("ObjectTokens", f"masks of {t} frames", masks.shape[1])
        cover = adaptive_avg_pool2d(masks.to(tokens.share), (h, w))
        if not cover.any():
            raise VtkError("ObjectTokens", "an object that is seen in some frame", "none")
        return self._of(tokens, cover)

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        each = len(self.boxes) * self._left(grid)
        return each, each

    def at(self, keep: float) -> "ObjectTokens":
        """That part of all tokens; keep=1 is one token for each object and frame, never more."""
        if not 0 < keep <= 1:
            raise VtkError("ObjectTokens.at", "keep in (0, 1]", keep)
        return replace(self, keep=keep)

    def _left(self, grid: tuple[int, int, int]) -> int:
        t, h, w = grid
        wanted = round(self.keep * t * h * w / len(self.boxes)) if self.keep else self.tokens
        return max(1, min(wanted, t))

    def _of(self, tokens: Tokens, cover: Float[Tensor, "o t h w"]) -> Tokens:
        x = tokens.on_grid("ObjectTokens")
        some = max(1, _MOST_FLOATS // x[0].numel())
        new, old, share, made = [], [], [], 0
        for one in cover:
            seen = one.flatten(1).any(1).nonzero().squeeze(1)
            if not len(seen):
                continue
            everywhere = len(seen) == len(x)  # then no frame need be copied
            parts = x.split(some) if everywhere else (x[i] for i in seen.split(some))
            frames = (rearrange(part.to(cover.dtype), "t h w d -> t d h w") for part in parts)
            masks = one[seen].split(some)
            pooled = torch.cat([mask_pool(*pair) for pair in zip(frames, masks, strict=True)])
            group = merge_in_time(pooled, self._left(tokens.grid), at_once=self.at_once)
            frame, row, column = one[seen].nonzero(as_tuple=True)
            area = one[seen].sum((1, 2))
            size = torch.bincount(group)[group[frame]]
            new.append(made + group[frame])
            old.append((seen[frame] * one.shape[1] + row) * one.shape[2] + column)
            share.append(one[seen][frame, row, column] / area[frame] / size)
            made += int(group[-1]) + 1
        step = torch.stack([torch.cat(new), torch.cat(old)], 1)
        shares = torch.cat(share)
        merged = weighted_sums(tokens.x, step[:, 1], step[:, 0], shares)
        return tokens.derive(merged, step, shares, "mean")


def mask_pool(
    features: Float[Tensor, "b c h w"], mask: Float[Tensor, "b h w"] | Bool[Tensor, "b h w"]
) -> Float[Tensor, "b c"]:
    """The mean of features under a mask, weighted by it; 0 where the mask is empty."""
    weight = mask.to(features.dtype).flatten(1)
    # A row times a matrix: the same as a column is ten times slower where channels lie together.
    total = (weight[:, None] @ features.flatten(2).mT)[:, 0]
    return total / weight.sum(1).clamp_min(torch.finfo(features.dtype).tiny)[:, None]


@torch.no_grad()
def merge_in_time(x: Float[Tensor, "t c"], left: int, *, at_once: bool = True) -> Int[Tensor, "t"]:
    """Group numbers, rising along time: the most alike neighbours merge until so many are left.

    Args:
        x: an object's tokens, frame by frame.
        left: groups wanted; as many as there are frames, at most.
        at_once: choose all merges from the likenesses of single frames; else one by one, from
            those of means.
    """
    stays = torch.ones(len(x), dtype=torch.bool, device=x.device)
    spare = len(x) - left
    if at_once and spare > 0:
        alike = cosine_similarity(x[1:], x[:-1], dim=-1)
        stays[1 + alike.argsort(descending=True, stable=True)[:spare]] = False
    elif spare > 0:
        for _ in range(spare):
            group = stays.cumsum(0) - 1
            means = _means(x, group)
            best = int(cosine_similarity(means[1:], means[:-1], dim=-1).argmax())
            stays[int((group == best + 1).nonzero()[0])] = False
    return stays.cumsum(0) - 1


def _means(x: Float[Tensor, "t c"], group: Int[Tensor, "t"]) -> Float[Tensor, "g c"]:
    total = x.new_zeros(int(group[-1]) + 1, x.shape[1]).index_add(0, group, x)
    return total / torch.bincount(group)[:, None]


def _covered(box: Box, h: int, w: int) -> Float[Tensor, "h w"]:
    """The part of each cell that lies in the box."""
    left, top, right, bottom = box
    return _part(top, bottom, h)[:, None] * _part(left, right, w)


def _part(start: float, end: float, cells: int) -> Float[Tensor, "n"]:
    edge = torch.arange(cells + 1, dtype=torch.float64)
    inside = torch.minimum(edge[1:], edge.new_tensor(end * cells)) - torch.maximum(
        edge[:-1], edge.new_tensor(start * cells)
    )
    return inside.clamp_min(0)
