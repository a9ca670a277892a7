"""Temporal stride: every so many frames, counted from the first one.

After STORM, "Token-Efficient Long Video Understanding for Multimodal LLMs" (Jiang et al., 2025,
arXiv:2503.04130), which samples tokens in time at test time, at stride 2 behind a temporal pool of
4 frames: 32,768 tokens become 8,192 and then 4,096. There the frames that are left out have been
read by a state-space scan before, so that they still speak; here they do if the recipe says so.

The equation of the sampling counts with the pool's k where the text speaks of a rate s; it is read
as a stride of s. `uniform` keeps the middle frame of each part instead of the first.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from vtk_notebooks.blocks.lattice import lattice
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@register(
    "compressor",
    "temporal_stride",
    title="Temporal stride (STORM)",
    paper="Token-Efficient Long Video Understanding for Multimodal LLMs",
    year=2025,
    arxiv="2503.04130",
    atlas=("storm",),
)
@dataclass(frozen=True)
class TemporalStride:
    """Keep the tokens of frames 0, s, 2s, ... bit for bit.

    Args:
        stride: s, in frames, or in what an earlier stage left of them.
    """

    kind: ClassVar[Kind] = "hard"
    needs_text: ClassVar[bool] = False

    stride: int = 2

    def __post_init__(self) -> None:
        if self.stride < 1:
            raise VtkError("TemporalStride", "a stride of 1 or more", self.stride)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        frame = lattice(tokens).place[:, 0]
        kept = (frame % self.stride == 0) | (frame < 0)  # tokens of no frame stay
        return tokens.select(kept.nonzero().squeeze(1))

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        n = -(-t // self.stride) * h * w
        return n, n

    def at(self, keep: float) -> "TemporalStride":
        """The stride nearest to 1/keep; keep=1 is the identity."""
        if not 0 < keep <= 1:
            raise VtkError("TemporalStride.at", "keep in (0, 1]", keep, "0.5 keeps half.")
        near = int(1 / keep)
        return replace(self, stride=min((near, near + 1), key=lambda s: abs(1 / s - keep)))
