"""Three paths: a few frames the question picks, a few at even steps, and all frames coarsely.

After "Free Video-LLM: Prompt-guided Visual Perception for Efficient Training-free Video LLMs" (Han
et al., 2024, arXiv:2410.10441). As there: no training; the slow path has the 3 frames that answer
the question best, the middle path 5 at even steps; both are halved in width by a maximum over pairs
of cells, then cropped to the box of 0.8 of their area around what the question is about; the fast
path has all frames, averaged to 4 x 4. 50 frames of 24 x 24 become 3 x 231 + 5 x 231 + 50 x 16 =
2,648. (That count follows from the released settings; the paper does not state it.)

What differs: the released code crops the halved frame, 24 rows of 12, as if it were 12 rows of 24,
so that a row of its box is two half rows of the picture and the box is no rectangle. Here it is
one; `transposed=True` does as the released code does. A pair of a row with an odd number of cells
is one cell; `pool="mean"` averages pairs, so that a token says exactly what it is made of. A frame
is scored by its few best cells, as in `text_top_frames`. Where a film is too small for all three
paths, the fast path becomes coarser until it is no more than half of the tokens, then the middle
path gives up frames, then the slow one.
"""

from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor

from vtk_notebooks.blocks.mixtures import mixed, runs
from vtk_notebooks.blocks.relevance import asked, frame_relevance, token_relevance
from vtk_notebooks.blocks.windows import Size, box_around, box_size, windows
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register, unknown
from vtk_notebooks.tokens import Kind, Tokens

POOLS = ("max", "mean")


class Plan(NamedTuple):
    """Frames of the slow and the middle path, and the side of the fast one's grid."""

    slow: int
    middle: int
    side: int


@register(
    "compressor",
    "three_path",
    title="Three paths (Free Video-LLM)",
    paper=(
        "Free Video-LLM: Prompt-guided Visual Perception for Efficient Training-free Video LLMs"
    ),
    year=2024,
    arxiv="2410.10441",
    atlas=("free_video_llm",),
)
@dataclass(frozen=True)
class ThreePath:
    """Slow, then middle, then fast.

    Args:
        slow: frames that the question picks.
        middle: frames at even steps.
        side: of the fast path's grid, in cells.
        ratio: of the box's area to the halved frame's, in (0, 1].
        pool: how two neighbours of a row become one cell in the slow and middle paths.
        best: part of a frame's cells, the most alike ones, that makes its score, in (0, 1].
        transposed: crop as the released code does, rows taken for columns.
        keep: above 0, the part of the tokens that slow and middle frames are chosen for.
    """

    kind: ClassVar[Kind] = "receptive"
    needs_text: ClassVar[bool] = True

    slow: int = 3
    middle: int = 5
    side: int = 4
    ratio: float = 0.8
    pool: str = "max"
    best: float = 0.05
    transposed: bool = False
    keep: float = 0.0

    def __post_init__(self) -> None:
        if min(self.slow, self.middle) < 0 or self.slow + self.middle < 1 or self.side < 1:
            got = f"slow={self.slow}, middle={self.middle}, side={self.side}"
            raise VtkError("ThreePath", "a side and frames of 1 or more", got)
        if not (0 < self.ratio <= 1 and 0 < self.best <= 1 and 0 <= self.keep <= 1):
            got = f"ratio={self.ratio}, best={self.best}, keep={self.keep}"
            raise VtkError("ThreePath", "ratio and best in (0, 1], keep in [0, 1]", got)
        if self.pool not in POOLS:
            raise unknown("ThreePath", "pool", self.pool, POOLS)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        query, (t, h, w) = asked("ThreePath", query, tokens), tokens.grid
        tokens.on_grid("ThreePath")
        plan = self.plan(tokens.grid)
        share = torch.kron(runs(h, min(plan.side, h)), runs(w, min(plan.side, w)))
        out = _each_frame(tokens, share.to(tokens.share))
        score = frame_relevance(tokens, query, self.best)
        picked = score.topk(plan.slow).indices.sort().values
        even = torch.arange(plan.middle, device=picked.device) * t // max(1, plan.middle)
        frames = torch.cat([picked, even])
        return self._detail(tokens, query, frames).joined(out) if len(frames) else out

    def count(self, grid: Size) -> tuple[int, int]:
        plan = self.plan(grid)
        n = (plan.slow + plan.middle) * self._box(grid) + grid[0] * _fast(grid, plan.side)
        return n, n

    def at(self, keep: float) -> "ThreePath":
        """As many slow and middle frames as come nearest; keep=1 shows each frame in both paths."""
        if not 0 < keep <= 1:
            raise VtkError("ThreePath.at", "keep in (0, 1]", keep, "0.1 keeps a tenth.")
        return replace(self, keep=keep)

    def plan(self, grid: Size) -> Plan:
        """How the tokens are shared out on that grid."""
        t, h, w = grid
        n, box = t * h * w, self._box(grid)
        sides = [s for s in range(self.side, 0, -1) if t * _fast(grid, s) <= n / 2] or [1]
        if not self.keep:
            room = (n - t * _fast(grid, sides[0])) // box
            slow = min(self.slow, t, room)
            return Plan(slow, min(self.middle, t, room - slow), sides[0])

        def frames(side: int) -> int:
            wanted, fast = self.keep * n, t * _fast(grid, side)
            return max(0, min(round((wanted - fast) / box), 2 * t, (n - fast) // box))

        def off(side: int) -> int:
            return round(abs(frames(side) * box + t * _fast(grid, side) - self.keep * n) / box)

        side = min(sides, key=off)  # of equally good ones, the finest
        many = frames(side)
        slow = round(many * self.slow / (self.slow + self.middle))
        slow = min(t, max(slow, many - t))
        return Plan(slow, many - slow, side)

    def _detail(self, tokens: Tokens, query: Query, frames: Int[Tensor, "f"]) -> Tokens:
        """These frames, halved in width and cropped."""
        t, h, _ = tokens.grid
        where = windows(tokens.grid, (1, 1, 2), tokens.x.device)
        member, inside = (
            rearrange(x, "(t c) m -> t c m", t=t)[frames].flatten(0, 1) for x in where
        )
        pairs = tokens.x[member]
        if self.pool == "max":
            other = torch.where(inside[:, 1:], pairs[:, 1], pairs[:, 0])
            x = torch.maximum(pairs[:, 0], other)
        else:
            x = (pairs * inside[..., None]).sum(1) / inside.sum(1, keepdim=True)
        new, place = inside.nonzero().unbind(1)
        step = torch.stack([new, member[new, place]], 1)
        share = torch.ones_like(new, dtype=tokens.share.dtype)
        halved = tokens.derive(x, step, share, "receptive" if self.pool == "max" else "mean")
        score = rearrange(token_relevance(halved, query), "(f h w) -> f h w", h=h, f=len(frames))
        return halved.select(self._crop(score).flatten().nonzero().squeeze(1))

    def _crop(self, score: Float[Tensor, "f h c"]) -> Bool[Tensor, "f h c"]:
        if not self.transposed:
            return box_around(score, self.ratio)
        taken_for = score.reshape(len(score), *self._seen_as(score.shape[1], score.shape[2]))
        return box_around(taken_for, self.ratio).view_as(score)

    def _seen_as(self, h: int, c: int) -> tuple[int, int]:
        """Rows and columns that a halved frame is cropped by."""
        if not self.transposed:
            return h, c
        if h % 2:
            raise ShapeError("ThreePath", "an even number of rows to take two for one", h)
        return h // 2, 2 * c

    def _box(self, grid: Size) -> int:
        """Tokens of a slow or middle frame."""
        tall, wide = box_size(*self._seen_as(grid[1], -(-grid[2] // 2)), self.ratio)
        return tall * wide


def _each_frame(tokens: Tokens, share: Float[Tensor, "k s"]) -> Tokens:
    """The same means of cells in every frame; a cell without a share has no say, whatever it is."""
    many, cells = share.shape
    new, cell = share.nonzero().unbind(1)
    frame = torch.arange(tokens.grid[0], device=share.device)[:, None]
    part = share[new, cell].repeat(len(frame))
    new, old = (frame * many + new).flatten(), (frame * cells + cell).flatten()
    return mixed(tokens, new, old, part, "mean")


def _fast(grid: Size, side: int) -> int:
    """Tokens of a fast frame."""
    return min(side, grid[1]) * min(side, grid[2])
