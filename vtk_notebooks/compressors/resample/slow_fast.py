"""SlowFast tokens: every frame as one mean token, a few frames in detail.

After LITA, "LITA: Language Instructed Temporal-Localization Assistant" (Huang et al., 2024,
arXiv:2403.19046). As there: the fast tokens are the means of the frames' patches; the slow ones are
4 frames at the rounded points of a line from first to last, pooled 2 x 2; fast come first. 100
frames of 256 patches become 100 + 4 x 64 = 356 tokens.

What differs: `keep` may set the number of slow frames; windows that do not divide a frame are
smaller at its edges; a film of fewer frames than `slow_frames` gives each of them once.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import repeat
from jaxtyping import Int
from torch import Tensor

from vtk_notebooks.blocks.mixtures import averaged
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@register(
    "compressor",
    "slow_fast",
    title="SlowFast tokens (LITA)",
    paper="LITA: Language Instructed Temporal-Localization Assistant",
    year=2024,
    arxiv="2403.19046",
    atlas=("lita",),
)
@dataclass(frozen=True)
class SlowFast:
    """All frames coarsely, then a few finely.

    Args:
        slow_frames: frames shown in detail.
        pool: side of the windows that a slow frame is averaged over, in cells.
        keep: above 0, the part of the tokens that the number of slow frames is chosen for.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    slow_frames: int = 4
    pool: int = 2
    keep: float = 0.0

    def __post_init__(self) -> None:
        if self.slow_frames < 0 or self.pool < 1:
            got = f"slow_frames={self.slow_frames}, pool={self.pool}"
            raise VtkError("SlowFast", "slow_frames of 0 or more and a pool of 1 or more", got)
        if not 0 <= self.keep <= 1:
            raise VtkError("SlowFast", "keep in [0, 1]", self.keep, "0 takes `slow_frames`.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        tokens.on_grid("SlowFast")
        t, h, w = tokens.grid
        cell, slow = torch.arange(t * h * w), self._slow_windows(tokens.grid)
        new = torch.cat([cell // (h * w), t + slow[slow >= 0]])
        old = torch.cat([cell, cell[slow >= 0]])
        return averaged(tokens, new.to(tokens.x.device), old.to(tokens.x.device))

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        n = grid[0] + self._slow(grid) * self._windows(grid)
        return n, n

    def at(self, keep: float) -> "SlowFast":
        """As many slow frames as come nearest; keep=1 shows all of them, still pooled."""
        if not 0 < keep <= 1:
            raise VtkError("SlowFast.at", "keep in (0, 1]", keep, "0.1 keeps a tenth.")
        return replace(self, keep=keep)

    def frames(self, grid: tuple[int, int, int]) -> Int[Tensor, "k"]:
        """Which frames are slow: the rounded points of a line from the first to the last."""
        line = torch.linspace(0, grid[0] - 1, self._slow(grid), dtype=torch.float64)
        return line.round().long()

    def _slow_windows(self, grid: tuple[int, int, int]) -> Int[Tensor, "n"]:
        """Each cell's window in the slow stream, -1 in frames that are not slow."""
        t, h, w = grid
        columns = -(-w // self.pool)
        row, column = torch.arange(h) // self.pool, torch.arange(w) // self.pool
        window = (row[:, None] * columns + column).flatten()
        number = torch.full((t,), -1)
        number[self.frames(grid)] = torch.arange(self._slow(grid))
        out = repeat(number, "t -> t s", s=h * w) * self._windows(grid) + window
        return torch.where(number[:, None] < 0, -1, out).flatten()

    def _windows(self, grid: tuple[int, int, int]) -> int:
        return -(-grid[1] // self.pool) * -(-grid[2] // self.pool)

    def _slow(self, grid: tuple[int, int, int]) -> int:
        t, h, w = grid
        if h * w == 1:
            hint = "Use an encoder with a grid of places."
            raise ShapeError("SlowFast", "frames of several cells", grid, hint)
        room = t * (h * w - 1) // self._windows(grid)  # never more tokens than there were
        wanted = round((self.keep * t * h * w - t) / self._windows(grid))
        return max(0, min(wanted if self.keep else self.slow_frames, t, room))
