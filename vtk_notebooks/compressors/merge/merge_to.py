"""Merge to a number: in each frame alike tokens merge until so many are left.

After B-VLLM, "B-VLLM: A Vision Large Language Model with Balanced Spatio-Temporal Tokens" (Lu et
al., 2024, arXiv:2412.09919). As there: the tokens of each frame (there: of each slot of a frame
selector) are merged by ToMe's bipartite matching, as many rounds as it takes, half at most in each,
until N are left. N follows from how many slots are left, so that few slots may speak at length:
N = int(max(1, 18 / slots * 32)), where 32 is the number of queries that read a slot and 18 is 576
patches over 32. As slots are 16 at most, N is 36 or more: more than the 32 tokens that a slot has,
so at the paper's numbers this merge never acts.

What differs: tokens come out in the order of their first cells.

In the released code (at 51ccbf0) every round counts what the round before has merged as one token
again, so that a token's features are no mean of its cells alike; `forget_sizes` does the same, and
provenance tells the weights.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from jaxtyping import Int
from torch import Tensor

from vtk_notebooks.blocks.lattice import frames, gathered, within
from vtk_notebooks.blocks.matching import by_first_member, tome_groups
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@register(
    "compressor",
    "merge_to",
    title="Merge to N (B-VLLM)",
    paper="B-VLLM: A Vision Large Language Model with Balanced Spatio-Temporal Tokens",
    year=2024,
    arxiv="2412.09919",
    atlas=("b_vllm",),
)
@dataclass(frozen=True)
class MergeTo:
    """So many tokens for each frame, or for each slot of a frame selector.

    Args:
        tokens_per_frame: that are left; 0 for what B-VLLM leaves of so many frames.
        metric: the feature space whose channels say what is alike; None takes all channels.
        forget_sizes: count merged tokens as single ones in the next round.
        keep: above 0, the part of each frame's tokens that is left instead.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    tokens_per_frame: int = 32
    metric: str | None = None
    forget_sizes: bool = False
    keep: float = 0.0

    def __post_init__(self) -> None:
        if self.tokens_per_frame < 0:
            raise VtkError("MergeTo", "tokens_per_frame of 0 or more", self.tokens_per_frame)
        if not 0 <= self.keep <= 1:
            raise VtkError("MergeTo", "keep in [0, 1]", self.keep, "0 counts tokens.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        x = (tokens.x if self.metric is None else tokens.part(self.metric)).detach()
        mass = tokens.mass().clamp_min(1).to(tokens.share.dtype)
        weight, frame = mass.clone(), frames(tokens)
        many = int(frame[-1]) + 1

        def decide(rows: Int[Tensor, "b k"], left: int) -> Int[Tensor, "b k"]:
            group, weight[rows] = tome_groups(
                gathered(x, rows), mass[rows], left, forget_sizes=self.forget_sizes
            )
            return by_first_member(group)

        return tokens.regroup(within(frame, lambda n: self._left(n, many), decide), weight)

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        return t * self._left(h * w, t), t * self._left(h * w, t)

    def at(self, keep: float) -> "MergeTo":
        """That part of each frame's tokens; keep=1 is the identity."""
        if not 0 < keep <= 1:
            raise VtkError("MergeTo.at", "keep in (0, 1]", keep, "0.25 keeps a quarter.")
        return replace(self, keep=keep)

    def _left(self, n: int, frames: int) -> int:
        """How many of the n tokens of one of so many frames are left."""
        if self.keep:
            return max(1, round(self.keep * n))
        return min(n, self.tokens_per_frame or balanced(frames))


def balanced(slots: int, queries: int = 32, full: int = 18) -> int:
    """B-VLLM's number of tokens for each of so many slots.

    Args:
        slots: that the temporal part left.
        queries: tokens of a slot, as the spatial part reads it.
        full: slots that could be read in full, 576 patches over 32.
    """
    return int(max(1, full / slots * queries))
