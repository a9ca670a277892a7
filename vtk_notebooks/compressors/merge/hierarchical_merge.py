"""Hierarchical merging: each stretch of film is merged round by round to a handful of tokens.

After LongVLM, "LongVLM: Efficient Long Video Understanding via Large Language Models" (Weng et al.,
2024, arXiv:2404.03384). As there: a film is cut into 10 segments of equally many frames, and all
tokens of a segment are merged by ToMe's bipartite matching, half of them in each round, until 30
are left; segments stay in order of time. Tokens are compared by the mean of their 16 heads, that
is, by channels averaged over 16 equal parts, and means are weighted by size. 100 frames of 256
tokens, 25,600 in all, become 300; with frames of 576 and 50 to a segment they become 500.

What differs: segments of a film that 10 does not divide differ by one frame. Within a segment
tokens stand as the last round leaves them, which is not the order of time; `order="film"` goes by
their first cells. The five global tokens of the paper are `layer_cls_memory`.

In the released code (at 9c9ab66) a constant says 305 tokens, for frames of 256, and the script
that extracts features leaves 500 of frames of 576. Which of them the paper's results come from
could not be resolved.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.blocks.lattice import gathered, lattice, within
from vtk_notebooks.blocks.matching import by_first_member, tome_groups
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register, unknown
from vtk_notebooks.tokens import Kind, Tokens

ORDERS = ("merged", "film")
_MOST_FLOATS = 2**24
"""Features that are averaged at once: a mean of 16 bits holds all it reads in 32."""


@register(
    "compressor",
    "hierarchical_merge",
    title="Segment merge (LongVLM)",
    paper="LongVLM: Efficient Long Video Understanding via Large Language Models",
    year=2024,
    arxiv="2404.03384",
    atlas=("longvlm",),
)
@dataclass(frozen=True)
class SegmentMerge:
    """So many tokens for each segment of the film.

    Args:
        segments: of equally many frames; as many as there are frames, at most.
        tokens_per_segment: that are left.
        heads: equal parts of the channels whose mean is compared.
        metric: the feature space whose channels say what is alike; None takes all channels.
        order: of a segment's tokens: as they were "merged", or of first cells in the "film".
        keep: above 0, the part of each segment's tokens that is left instead.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    segments: int = 10
    tokens_per_segment: int = 30
    heads: int = 16
    metric: str | None = None
    order: str = "merged"
    keep: float = 0.0

    def __post_init__(self) -> None:
        if min(self.segments, self.tokens_per_segment, self.heads) < 1:
            got = f"{self.segments}, {self.tokens_per_segment}, {self.heads}"
            raise VtkError("SegmentMerge", "segments, tokens and heads of 1 or more", got)
        if self.order not in ORDERS:
            raise unknown("SegmentMerge", "order", self.order, ORDERS)
        if not 0 <= self.keep <= 1:
            raise VtkError("SegmentMerge", "keep in [0, 1]", self.keep, "0 counts tokens.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        heads = self._compared(tokens)
        mass = tokens.mass().clamp_min(1).to(tokens.share.dtype)
        frame, size = lattice(tokens)

        def decide(rows: Int[Tensor, "b k"], left: int) -> Int[Tensor, "b k"]:
            group, _ = tome_groups(gathered(heads, rows), mass[rows], left)
            return by_first_member(group) if self.order == "film" else group

        return tokens.regroup(within(self._segment(frame[:, 0], size[0]), self._left, decide))

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        frames = torch.bincount(self._segment(torch.arange(t), t))
        n = sum(self._left(k * h * w) for k in frames.tolist())
        return n, n

    def at(self, keep: float) -> "SegmentMerge":
        """That part of each segment; keep=1 is the identity."""
        if not 0 < keep <= 1:
            raise VtkError("SegmentMerge.at", "keep in (0, 1]", keep, "0.1 keeps a tenth.")
        return replace(self, keep=keep)

    def _left(self, n: int) -> int:
        """How many of a segment's n tokens are left."""
        return max(1, round(self.keep * n)) if self.keep else min(n, self.tokens_per_segment)

    def _segment(self, frame: Int[Tensor, "n"], t: int) -> Int[Tensor, "n"]:
        """The segment of each token; -1 for one of no frame."""
        many = min(self.segments, t)
        return torch.where(frame < 0, -1, ((frame + 1) * many - 1) // t)

    def _compared(self, tokens: Tokens) -> Float[Tensor, "n c"]:
        """Channels averaged over heads."""
        x = tokens.x if self.metric is None else tokens.part(self.metric)
        if x.shape[1] % self.heads:
            hint = "Set `heads` to a divisor, 1 compares all channels."
            raise ShapeError("SegmentMerge", f"channels for {self.heads} heads", x.shape[1], hint)
        if self.heads == 1:
            return x.detach()
        parts = x.detach().split(max(1, _MOST_FLOATS // x.shape[1]))
        heads = (rearrange(part, "n (k c) -> n k c", k=self.heads) for part in parts)
        return torch.cat([part.mean(1, dtype=tokens.share.dtype) for part in heads])
