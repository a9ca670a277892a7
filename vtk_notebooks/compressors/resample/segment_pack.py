"""Segment packing: for each stretch of film one key frame in detail and all its frames coarsely.

After Grounded-VideoLLM, "Grounded-VideoLLM: Sharpening Fine-grained Temporal Grounding in Video
Large Language Models" (Wang et al., 2024, arXiv:2410.03290). As there: a film is cut into segments
of 8 frames (96 frames, 12 segments); a segment is packed as [spatial | temporal], spatial being one
key frame merged 2 x 2 and temporal all 8 frames pooled to 4 x 4 places; a newline token may stand
between segments.

What differs: the paper reads the streams with two encoders (CLIP and InternVideo2) and pools each
to a fixed size. Here both streams carry the channels of all encoders of the recipe (a model's
projector reads those it wants) and pooling is by window: on 16 x 16 places its 4 x 4 places are a
`temporal_pool` of 4. The newline is a zero vector, not a learned one. That the key frame is the
middle one could not be verified.
"""

from dataclasses import dataclass, replace
from itertools import product
from typing import ClassVar

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from vtk_notebooks.blocks.mixtures import averaged
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@register(
    "compressor",
    "segment_pack",
    title="Two-stream segments (Grounded-VideoLLM)",
    paper=(
        "Grounded-VideoLLM: Sharpening Fine-grained Temporal Grounding in Video Large Language "
        "Models"
    ),
    year=2024,
    arxiv="2410.03290",
    atlas=("grounded_videollm",),
)
@dataclass(frozen=True)
class SegmentPack:
    """Segment by segment: the key frame's tokens, then those of all its frames.

    Args:
        frames: in a segment; the last one may be shorter.
        spatial_pool: side of the windows that the key frame is averaged over, in cells.
        temporal_pool: likewise for every frame of the segment.
        newline: put a token that stands for no cell between segments.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    frames: int = 8
    spatial_pool: int = 2
    temporal_pool: int = 4
    newline: bool = False

    def __post_init__(self) -> None:
        if min(self.frames, self.spatial_pool, self.temporal_pool) < 1:
            got = f"{self.frames}, {self.spatial_pool}, {self.temporal_pool}"
            raise VtkError("SegmentPack", "frames and pools of 1 or more", got)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        tokens.on_grid("SegmentPack")
        self._fits(tokens.grid)
        frame = torch.arange(tokens.grid[0])
        key = torch.isin(frame, self.key_frames(tokens.grid[0]))
        spatial, at_key = _windows(tokens.grid, self.spatial_pool, key)
        temporal, at_all = _windows(tokens.grid, self.temporal_pool, torch.ones_like(key))
        place = self._places(torch.cat([at_key, at_all]) // self.frames)
        window = torch.cat([spatial, temporal + len(at_key)])
        taken = torch.cat([spatial >= 0, temporal >= 0]).nonzero().squeeze(1)
        new, old = place[window[taken]], taken % len(tokens)
        return averaged(tokens, new.to(tokens.x.device), old.to(tokens.x.device))

    def key_frames(self, t: int) -> Int[Tensor, "k"]:
        """The middle frame of each segment."""
        first = torch.arange(0, t, self.frames)
        return first + (t - first).clamp_max(self.frames) // 2

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        segments = -(-t // self.frames)
        fine, coarse = (
            -(-h // pool) * -(-w // pool) for pool in (self.spatial_pool, self.temporal_pool)
        )
        n = segments * fine + t * coarse + self.newline * (segments - 1)
        return n, n

    def at(self, keep: float) -> "SegmentPack":
        """The two pools that come nearest; keep=1 gives the finest pair that still saves tokens."""
        if not 0 < keep <= 1:
            raise VtkError("SegmentPack.at", "keep in (0, 1]", keep, "0.1 keeps a tenth.")

        def far(pools: tuple[int, int]) -> tuple[float, int]:
            spatial, temporal = pools
            part = 1 / (self.frames * spatial**2) + 1 / temporal**2
            return round(abs(part - keep), 9), abs(temporal - 2 * spatial)

        pools = ((s, t) for s, t in product(range(1, 17), range(2, 17)) if s <= t)
        spatial, temporal = min(pools, key=far)
        return replace(self, spatial_pool=spatial, temporal_pool=temporal)

    def _places(self, segment: Int[Tensor, "n"]) -> Int[Tensor, "n"]:
        """Where the tokens of both streams stand, segment by segment, newlines in between."""
        place = torch.empty_like(segment)
        place[segment.argsort(stable=True)] = torch.arange(len(segment))
        return place + segment * self.newline

    def _fits(self, grid: tuple[int, int, int]) -> None:
        t, h, w = grid
        if self.count(grid)[1] > t * h * w:
            hint = "Use larger pools, or an encoder with a finer grid."
            expected = "a grid in which two streams are fewer tokens than one"
            raise ShapeError("SegmentPack", expected, grid, hint)


def _windows(
    grid: tuple[int, int, int], pool: int, wanted: Bool[Tensor, "t"]
) -> tuple[Int[Tensor, "n"], Int[Tensor, "k"]]:
    """Each cell's window, -1 outside the wanted frames; and the frame of each window."""
    t, h, w = grid
    columns = -(-w // pool)
    window = (torch.arange(h)[:, None] // pool * columns + torch.arange(w) // pool).flatten()
    many = int(window.max()) + 1
    number = torch.where(wanted, wanted.cumsum(0) - 1, -1)
    group = torch.where(number[:, None] < 0, -1, number[:, None] * many + window).flatten()
    return group, torch.arange(t)[wanted].repeat_interleave(many)
