"""Adaptive pooling: whatever comes, so many frames, rows and columns are left.

After MERV, "Unifying Specialized Visual Encoders for Video Language Models" (Chung et al., 2025,
arXiv:2501.01426), which brings four encoders to one grid of 16 x 8 x 8 in this way, and VideoGPT+
(Maaz et al., 2024, arXiv:2406.09418), which pools each frame to 12 x 12 or 8 x 8. As in the
adaptive average pooling of both: part i of k of an axis with n places runs from floor(i n / k) to
ceil((i + 1) n / k), so a place on a border counts in both of its neighbours.

What differs: an axis with fewer places than wanted is left as it is, where torch repeats them. The
linear layers that follow in both papers belong to the model. Tokens that were pooled before count
as often as they have cells.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import repeat
from jaxtyping import Int
from torch import Tensor

from vtk_notebooks.blocks.lattice import laid_out, parts
from vtk_notebooks.errors import VtkError
from vtk_notebooks.provenance import weighted_sums
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens

Size = tuple[int, int, int]


@register(
    "compressor",
    "adaptive_pool",
    title="Adaptive pool (MERV)",
    paper="Unifying Specialized Visual Encoders for Video Language Models",
    year=2025,
    arxiv="2501.01426",
    atlas=("merv", "videogpt_plus"),
)
@dataclass(frozen=True)
class AdaptivePool:
    """A grid of the wanted size, each token the mean of its part of the film.

    Args:
        size: frames, rows and columns wanted; 0 leaves an axis alone.
        keep: above 0, the part of the tokens that is wanted instead; axes with a size of 0 stay,
            the others shrink alike.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    size: Size = (16, 8, 8)
    keep: float = 0.0

    def __post_init__(self) -> None:
        if len(self.size) != 3 or min(self.size) < 0 or max(self.size) == 0:
            raise VtkError("AdaptivePool", "three sizes of 0 or more, one above 0", self.size)
        if not 0 <= self.keep <= 1:
            raise VtkError("AdaptivePool", "keep in [0, 1]", self.keep, "0 goes by `size`.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        table = laid_out(tokens, "AdaptivePool")
        t, h, w = table.shape
        new, place = _blocks((t, h, w), self.wanted((t, h, w))).to(table.device).T
        old = table.flatten()[place]
        weight = tokens.mass()[old].to(tokens.share.dtype)
        share = weight / weight.new_zeros(int(new.max()) + 1).index_add(0, new, weight)[new]
        x = weighted_sums(tokens.x, old, new, share)
        kind: Kind = "hard" if len(x) == len(old) else "mean"
        return tokens.derive(x, torch.stack([new, old], 1), share, kind)

    def wanted(self, grid: Size) -> Size:
        """Frames, rows and columns that are left of such a grid."""
        factor = self.keep ** (1 / sum(n > 0 for n in self.size))
        sizes = [max(1, round(n * factor)) for n in grid] if self.keep else self.size
        t, h, w = (
            min(n, k) if asked else n for n, k, asked in zip(grid, sizes, self.size, strict=True)
        )
        return t, h, w

    def count(self, grid: Size) -> tuple[int, int]:
        t, h, w = self.wanted(grid)
        return t * h * w, t * h * w

    def at(self, keep: float) -> "AdaptivePool":
        """The sizes that come nearest, all in proportion; keep=1 is the identity."""
        if not 0 < keep <= 1:
            raise VtkError("AdaptivePool.at", "keep in (0, 1]", keep, "0.25 keeps a quarter.")
        return replace(self, keep=keep)


def _blocks(grid: Size, wanted: Size) -> Int[Tensor, "p 2"]:
    """Which place goes into which new token, for all three axes: rows (token, place), in order."""
    pairs = torch.zeros(1, 2, dtype=torch.long)
    for have, want in zip(grid, wanted, strict=True):
        axis = parts(have, want)
        inner = repeat(axis, "p k -> (q p) k", q=len(pairs))
        outer = repeat(pairs, "q k -> (q p) k", p=len(axis))
        pairs = outer * torch.tensor([want, have]) + inner
    many = grid[0] * grid[1] * grid[2]
    return pairs[(pairs[:, 0] * many + pairs[:, 1]).argsort()]
