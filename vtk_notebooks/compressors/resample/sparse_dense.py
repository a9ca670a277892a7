"""Sparse and dense: every frame as one mean token, then a few frames with all of theirs.

After VideoLISA, "One Token to Seg Them All: Language Instructed Reasoning Segmentation in Videos"
(Bai et al., 2024, arXiv:2409.19603). As in its released code: the sparse tokens are the means of
the frames' patches, in order of time; behind them come the dense frames, whole, which are among the
sparse ones too. 32 frames of 576 patches, 4 of them dense, become 32 + 4 x 576 = 2336 tokens.

What differs: the dense frames are those in the middle of equal parts of the film; how the paper
draws them could not be verified. `keep` may set their number.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from jaxtyping import Int
from torch import Tensor

from vtk_notebooks.blocks.mixtures import averaged
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@register(
    "compressor",
    "sparse_dense",
    title="Sparse and dense frames (VideoLISA)",
    paper="One Token to Seg Them All: Language Instructed Reasoning Segmentation in Videos",
    year=2024,
    arxiv="2409.19603",
    atlas=("videolisa",),
)
@dataclass(frozen=True)
class SparseDense:
    """All frames as means, then a few whole.

    Args:
        dense: frames that are shown whole.
        keep: above 0, the part of the tokens that the number of dense frames is chosen for.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    dense: int = 4
    keep: float = 0.0

    def __post_init__(self) -> None:
        if self.dense < 0 or not 0 <= self.keep <= 1:
            got = f"dense={self.dense}, keep={self.keep}"
            raise VtkError("SparseDense", "dense of 0 or more and keep in [0, 1]", got)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        tokens.on_grid("SparseDense")
        t, h, w = tokens.grid
        cell, place = torch.arange(t * h * w), torch.arange(h * w)
        whole = (self.frames(tokens.grid)[:, None] * h * w + place).flatten()
        new = torch.cat([cell // (h * w), t + torch.arange(len(whole))])
        old = torch.cat([cell, whole])
        return averaged(tokens, new.to(tokens.x.device), old.to(tokens.x.device))

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        n = grid[0] + self._dense(grid) * grid[1] * grid[2]
        return n, n

    def at(self, keep: float) -> "SparseDense":
        """As many dense frames as come nearest; keep=1 shows all but a few of them whole."""
        if not 0 < keep <= 1:
            raise VtkError("SparseDense.at", "keep in (0, 1]", keep, "0.1 keeps a tenth.")
        return replace(self, keep=keep)

    def frames(self, grid: tuple[int, int, int]) -> Int[Tensor, "k"]:
        """Which frames are dense: the middles of equal parts."""
        k = self._dense(grid)
        return ((torch.arange(k) + 0.5) * grid[0] / max(1, k)).long()

    def _dense(self, grid: tuple[int, int, int]) -> int:
        t, h, w = grid
        if h * w == 1:
            hint = "Use an encoder with a grid of places."
            raise ShapeError("SparseDense", "frames of several cells", grid, hint)
        room = t * (h * w - 1) // (h * w)  # never more tokens than there were
        wanted = round(self.keep * t - t / (h * w))
        return max(0, min(wanted if self.keep else self.dense, room))
