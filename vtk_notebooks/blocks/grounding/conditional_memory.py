"""Conditional memory: masks of past frames, corrected where another object answers better.

After SAMWISE, "SAMWISE: Infusing wisdom in SAM2 for Text-Driven Video Segmentation" (Cuttano et
al., 2025, arXiv:2411.17646). As there: a learned token, the token of the tracked mask and that of
the mask which is found without memory attend to one another, and a linear layer says from the first
whether they are two objects; then the memory-free mask is written with ten times its weight over
the tracked one (P = 10 P_l M + P_m (1 - M), M where P_l > 0). The answer that the decision learns
is whether the two overlap by less than a tenth of the smaller.

Ours, in place of SAM 2's memory: a cell takes the masks of the remembered cells it looks like, or
"no object" where it looks like none; a remembered mask counts relative to its strongest cell, and a
frame by the strength of that cell, so that what was written tenfold outweighs older frames. A frame
in which nothing was found says nothing. A token is how the mean of a mask's cells differs from the
frame's, and the linear layer is told the cosine of the two besides, so that the decision is learnt
in seconds.
"""

from typing import NamedTuple

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity, normalize


class Remembered(NamedTuple):
    """A past frame."""

    cells: Float[Tensor, "b n c"]
    """As unit vectors."""
    mask: Float[Tensor, "b n"]
    """In [0, 1], 1 in its strongest cell."""
    strength: Float[Tensor, "b"]
    """Of that cell; 0 where nothing was found."""


def remembered(cells: Float[Tensor, "b h w c"], logits: Float[Tensor, "b h w"]) -> Remembered:
    """A frame as the memory keeps it."""
    flat = logits.detach().flatten(1).clamp_min(0)
    top = flat.amax(1)
    keys = normalize(rearrange(cells.detach(), "b h w c -> b (h w) c"), dim=-1)
    return Remembered(keys, flat / top[:, None].clamp_min(1e-6), top)


def other_object(
    tracked: Bool[Tensor, "b h w"], fresh: Bool[Tensor, "b h w"], least: float = 0.1
) -> Bool[Tensor, "b"]:
    """Whether two masks show two objects: they overlap by less than that part of the smaller.

    No object is not another one; one that appears while none is tracked is.
    """
    both, ours, theirs = (m.flatten(1).sum(1) for m in (tracked & fresh, tracked, fresh))
    return (theirs > 0) & (both < least * torch.minimum(ours, theirs).clamp_min(1))


def corrected(
    tracked: Float[Tensor, "b h w"], fresh: Float[Tensor, "b h w"], weight: float | int = 10
) -> Float[Tensor, "b h w"]:
    """The tracked mask's logits with the fresh mask written over them."""
    return torch.where(fresh > 0, weight * fresh, tracked)


class MemoryReader(nn.Module):
    """What the memory says of a frame's cells: how clear it is, from -clarity to clarity."""

    def __init__(self) -> None:
        super().__init__()
        self.sharpness = nn.Parameter(torch.tensor(20.0))
        self.unlike = nn.Parameter(torch.tensor(0.5))
        self.clarity = nn.Parameter(torch.tensor(6.0))

    def forward(
        self, cells: Float[Tensor, "b h w c"], memory: list[Remembered]
    ) -> Float[Tensor, "b h w"]:
        """A logit for each cell; anything where no strength is above 0."""
        asking = normalize(rearrange(cells, "b h w c -> b (h w) c"), dim=-1)
        keys, masks = (torch.cat([m[i] for m in memory], 1) for i in (0, 1))
        strength = torch.stack([m.strength for m in memory], 1)
        share = strength / strength.amax(1, keepdim=True).clamp_min(1e-6)
        each = memory[0].mask.shape[1]
        weight = share.clamp_min(1e-12).log().repeat_interleave(each, 1)
        points = self.sharpness * torch.einsum("b n c, b m c -> b n m", asking, keys)
        points = points + weight[:, None]
        nothing = (self.sharpness * self.unlike).expand_as(points[..., :1])
        part = torch.cat([points, nothing], 2).softmax(2)[..., :-1]
        found = torch.einsum("b n m, b m -> b n", part, masks)
        return self.clarity * (2 * found.view(cells.shape[:3]) - 1)


class Decision(nn.Module):
    """Whether the mask found without memory shows another object than the tracked one."""

    def __init__(self, width: int, heads: int = 4) -> None:
        super().__init__()
        self.decide = nn.Parameter(0.02 * torch.randn(width))
        self.attend = nn.MultiheadAttention(width, heads, batch_first=True)
        self.judge = nn.Linear(width + 1, 1)
        with torch.no_grad():  # it starts out as a threshold on the cosine
            self.judge.weight[0, -1], self.judge.bias[0] = -10.0, 5.0

    def forward(
        self,
        cells: Float[Tensor, "b h w c"],
        tracked: Float[Tensor, "b h w"],
        fresh: Float[Tensor, "b h w"],
    ) -> Float[Tensor, "b"]:
        """A logit; above 0 it is another one.

        Args:
            cells: of a frame.
            tracked: logits of the mask that the memory leads to.
            fresh: of the one found without it.
        """
        tokens = [mask_token(cells, logits) for logits in (tracked, fresh)]
        x = torch.stack([self.decide.expand_as(tokens[0]), *tokens], 1)
        read, _ = self.attend(x, x, x, need_weights=False)
        alike = cosine_similarity(*tokens, dim=-1)[:, None]
        return self.judge(torch.cat([self.decide + read[:, 0], alike], 1))[:, 0]


def mask_token(
    cells: Float[Tensor, "b h w c"], logits: Float[Tensor, "b h w"]
) -> Float[Tensor, "b c"]:
    """How the mean of a mask's cells differs from the frame's."""
    share = logits.sigmoid()[..., None]
    mean = (share * cells).sum((1, 2)) / share.sum((1, 2)).clamp_min(1e-6)
    return mean - cells.mean((1, 2))
