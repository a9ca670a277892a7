"""Temporal pooling: a few frames in a row become one, the mean of each place over time.

After STORM, "Token-Efficient Long Video Understanding for Multimodal LLMs" (Jiang et al., 2025,
arXiv:2503.04130), which averages every 4 frames once a state-space scan has written the film's
history into them: 128 frames of 256 tokens, 32,768 in all, become 8,192.

What differs: a last group of frames may be shorter. What stands before it in a recipe is up to the
recipe; behind another pool it pools the frames that are left.
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
    "temporal_pool",
    title="Temporal pool (STORM)",
    paper="Token-Efficient Long Video Understanding for Multimodal LLMs",
    year=2025,
    arxiv="2503.04130",
    atlas=("storm",),
)
@dataclass(frozen=True)
class TemporalPool:
    """One frame of tokens for every `frames` frames.

    Args:
        frames: that become one.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    frames: int = 4

    def __post_init__(self) -> None:
        if self.frames < 1:
            raise VtkError("TemporalPool", "1 frame or more", self.frames)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        return pooled(tokens, (self.frames, 1, 1))

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        n = -(-t // self.frames) * h * w
        return n, n

    def at(self, keep: float) -> "TemporalPool":
        """The number of frames nearest to 1/keep; keep=1 is the identity."""
        if not 0 < keep <= 1:
            raise VtkError("TemporalPool.at", "keep in (0, 1]", keep, "0.25 keeps a quarter.")
        near = int(1 / keep)
        return replace(self, frames=min((near, near + 1), key=lambda k: abs(1 / k - keep)))
