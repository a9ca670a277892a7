"""Centre crop: the middle of every frame. The baseline that bets on the cameraman.

People film what matters in the middle, so whatever crops by the question has to beat this.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@register("compressor", "centre_crop", title="Centre crop", paper="baseline")
@dataclass(frozen=True)
class CentreCrop:
    """Keep the tokens whose middle lies in a box around the middle of the frame, bit for bit.

    Args:
        keep: part of the frame's area that the box covers, in (0, 1]; it is shaped like the frame.
    """

    kind: ClassVar[Kind] = "hard"
    needs_text: ClassVar[bool] = False

    keep: float = 0.25

    def __post_init__(self) -> None:
        if not 0 < self.keep <= 1:
            raise VtkError("CentreCrop", "keep in (0, 1]", self.keep, "0.25 keeps a quarter.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        top, left, bottom, right = self.box(tokens.grid)
        row, column = (tokens.centre()[:, 1:] + 0.5).unbind(1)  # middles of cells
        inside = (top <= row) & (row < bottom) & (left <= column) & (column < right)
        if not inside.any():
            got = f"{len(tokens)} tokens elsewhere"
            raise ShapeError("CentreCrop", "tokens in the middle", got, "Put it first in a recipe.")
        return tokens.select(inside.nonzero().squeeze(1))

    def box(self, grid: tuple[int, int, int]) -> tuple[int, int, int, int]:
        """Top, left, bottom and right of what is kept, in cells."""
        _, h, w = grid
        rows, columns = (max(1, round(n * self.keep**0.5)) for n in (h, w))
        top, left = (h - rows) // 2, (w - columns) // 2
        return top, left, top + rows, left + columns

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        top, left, bottom, right = self.box(grid)
        n = grid[0] * (bottom - top) * (right - left)
        return n, n

    def at(self, keep: float) -> "CentreCrop":
        """The box with that part of the area; keep=1 is the identity."""
        return replace(self, keep=keep)
