"""Threshold merging: frames that are alike enough become one frame, their mean, place by place.

After B-VLLM, "B-VLLM: A Vision Large Language Model with Balanced Spatio-Temporal Tokens" (Lu et
al., 2024, arXiv:2412.09919). As there: the cosine c of two frames is brought to [0, 1] by
(c + 1) / 2; each frame joins the most alike of the earlier ones where that is above the threshold,
0.75. A frame that joins one that has joined another belongs to them both.

What differs: there "frames" are the slots of a selector, and what is compared is the row of weights
with which a slot mixes the frames. `by="rows"` does so, for provenance remembers these weights;
`by="features"` compares the mean features of frames, which needs no selector before it, and for
which 0.75, a cosine of 0.5, is a low threshold.

In the released code (at 51ccbf0) a frame that joins one that has itself joined another is lost;
`transitive=False` does the same.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import normalize

from vtk_notebooks.blocks.lattice import frames
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register, unknown
from vtk_notebooks.tokens import Kind, Tokens

WAYS = ("features", "rows")
_MOST_FLOATS = 2**24
"""Features that are averaged at once: a mean of 16 bits holds all it reads in 32."""


@register(
    "compressor",
    "threshold_frame_merge",
    title="Frame merge (B-VLLM)",
    paper="B-VLLM: A Vision Large Language Model with Balanced Spatio-Temporal Tokens",
    year=2024,
    arxiv="2412.09919",
    atlas=("b_vllm",),
)
@dataclass(frozen=True)
class FrameMerge:
    """Average frames that are near-duplicates.

    Args:
        threshold: likeness, from 0 (opposite) to 1 (alike), above which frames become one.
        by: compare mean "features" of frames, or the "rows" of weights they were mixed with.
        metric: the feature space whose channels say what is alike; None takes all channels.
        transitive: a chain of alike frames is one group; False loses its later members.
        keep: above 0, as many frames as this part of them, whatever the threshold.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    threshold: float = 0.75
    by: str = "features"
    metric: str | None = None
    transitive: bool = True
    keep: float = 0.0

    def __post_init__(self) -> None:
        if self.by not in WAYS:
            raise unknown("FrameMerge", "way to compare", self.by, WAYS)
        if not 0 <= self.threshold <= 1:
            raise VtkError("FrameMerge", "a threshold in [0, 1]", self.threshold)
        if not 0 <= self.keep <= 1:
            raise VtkError("FrameMerge", "keep in [0, 1]", self.keep, "0 goes by `threshold`.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        frame = frames(tokens)
        size = torch.bincount(frame)
        if (size != size[0]).any():
            got = f"{int(size.min())} to {int(size.max())} tokens"
            raise ShapeError("FrameMerge", "as many tokens in each frame", got, "Put it first.")
        group = self.groups(self.likeness(tokens, frame))
        place = torch.arange(len(tokens), device=frame.device) % size[0]
        joined = group[frame]
        slots = (
            torch.ones_like(tokens.share[:1]).expand(len(joined)) if self.by == "rows" else None
        )  # each counts as one
        return tokens.regroup(torch.where(joined < 0, -1, joined * size[0] + place), slots)

    @torch.no_grad()
    def likeness(self, tokens: Tokens, frame: Int[Tensor, "n"]) -> Float[Tensor, "k k"]:
        """How alike frames are, from 0 to 1; not at all where there is a nan."""
        wide = tokens.share.dtype
        if self.by == "rows":
            row = _weights(tokens, frame)
        else:
            x = tokens.x if self.metric is None else tokens.part(self.metric)
            film = rearrange(x, "(k s) d -> k s d", k=int(frame[-1]) + 1)
            some = max(1, _MOST_FLOATS // film[0].numel())
            row = torch.cat([part.mean(1, dtype=wide) for part in film.split(some)])
        row = normalize(row.to(wide), dim=-1)
        return (row @ row.T + 1).nan_to_num(0.0) / 2

    def groups(self, likeness: Float[Tensor, "k k"]) -> Int[Tensor, "k"]:
        """The group of each frame, in order of first members; -1 for a frame that is lost."""
        k = len(likeness)
        own = torch.arange(k, device=likeness.device)
        best, target = likeness.tril(-1).max(1)
        best[0] = -1.0  # nothing is earlier than the first
        joins = torch.zeros_like(own, dtype=torch.bool)
        if self.keep:
            joins[best.argsort(descending=True, stable=True)[: k - self._left(k)]] = True
        else:
            joins = best > self.threshold
        root = torch.where(joins, target, own)
        for _ in range(k.bit_length() if self.transitive else 0):
            root = root[root]  # twice as far along the chain
        lost = joins[root]
        return torch.where(lost, -1, ((~joins).cumsum(0) - 1)[root])

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        fewest, most = (self._left(t),) * 2 if self.keep else (1, t)
        return fewest * h * w, most * h * w

    def at(self, keep: float) -> "FrameMerge":
        """As many frames as come nearest; keep=1 is the identity."""
        if not 0 < keep <= 1:
            raise VtkError("FrameMerge.at", "keep in (0, 1]", keep, "0.25 keeps a quarter.")
        return replace(self, keep=keep)

    def _left(self, t: int) -> int:
        return max(1, round(self.keep * t))


def _weights(tokens: Tokens, frame: Int[Tensor, "n"]) -> Float[Tensor, "k t"]:
    """How much of each film frame each slot is made of: the selector's rows, out of provenance."""
    t, h, w = tokens.grid
    token, cell = tokens.edges.unbind(1)
    table = tokens.share.new_zeros(int(frame[-1]) + 1, t)
    return table.index_put((frame[token], cell // (h * w)), tokens.share, accumulate=True)
