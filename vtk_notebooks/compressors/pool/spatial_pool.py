"""Spatial pooling: square windows of each frame become their mean.

After STORM, "Token-Efficient Long Video Understanding for Multimodal LLMs" (Jiang et al., 2025,
arXiv:2503.04130), which pools 16 x 16 tokens of a frame to 8 x 8 once a state-space scan has
written the film's history into them: 256 tokens become 64.

What differs: windows that do not divide the frame are smaller at its far edges. What stands
before it in a recipe is up to the recipe; behind another pool it pools what that one left.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from vtk_notebooks.blocks.lattice import pooled
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@register(
    "compressor",
    "spatial_pool",
    title="Spatial pool (STORM)",
    paper="Token-Efficient Long Video Understanding for Multimodal LLMs",
    year=2025,
    arxiv="2503.04130",
    atlas=("storm",),
)
@dataclass(frozen=True)
class SpatialPool:
    """One token per square of `side` x `side` places, frame by frame.

    Args:
        side: of a window, in cells, or in the tokens that an earlier pool left.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    side: int = 2

    def __post_init__(self) -> None:
        if self.side < 1:
            raise VtkError("SpatialPool", "a side of 1 or more", self.side)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        return pooled(tokens, (1, self.side, self.side))

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        n = t * -(-h // self.side) * -(-w // self.side)
        return n, n

    def at(self, keep: float) -> "SpatialPool":
        """The side whose square comes nearest to 1/keep; keep=1 is the identity."""
        if not 0 < keep <= 1:
            raise VtkError("SpatialPool.at", "keep in (0, 1]", keep, "0.25 keeps a quarter.")
        near = int(keep**-0.5)
        return replace(self, side=min((near, near + 1), key=lambda s: abs(1 / s**2 - keep)))
