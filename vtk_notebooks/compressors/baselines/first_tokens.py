"""First tokens: whatever comes first, until the budget is spent. The baseline of a full context.

What a language model reads of a film when nobody compresses it: its beginning, and then its
window is full.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@register("compressor", "first_tokens", title="First tokens", paper="baseline")
@dataclass(frozen=True)
class FirstTokens:
    """Keep the first part of the tokens, bit for bit.

    Args:
        keep: part that stays, in (0, 1].
    """

    kind: ClassVar[Kind] = "hard"
    needs_text: ClassVar[bool] = False

    keep: float = 0.25

    def __post_init__(self) -> None:
        if not 0 < self.keep <= 1:
            raise VtkError("FirstTokens", "keep in (0, 1]", self.keep, "0.25 keeps a quarter.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        return tokens.select(torch.arange(self._number(len(tokens)), device=tokens.x.device))

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        n = self._number(grid[0] * grid[1] * grid[2])
        return n, n

    def at(self, keep: float) -> "FirstTokens":
        """As many; keep=1 is the identity."""
        return replace(self, keep=keep)

    def _number(self, n: int) -> int:
        return max(1, round(self.keep * n))
