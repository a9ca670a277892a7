"""Random tokens: a draw without replacement. The baseline that shows how redundant a film is."""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch

from vtk_notebooks.arrays import generator
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@register("compressor", "random_tokens", title="Random", paper="baseline")
@dataclass(frozen=True)
class RandomTokens:
    """Keep a random part of the tokens, bit for bit and in their order.

    Args:
        keep: part that stays, in (0, 1].
        seed: of the draw; equal seeds and counts draw the same tokens, whatever they hold.
    """

    kind: ClassVar[Kind] = "hard"
    needs_text: ClassVar[bool] = False

    keep: float = 0.25
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.keep <= 1:
            raise VtkError("RandomTokens", "keep in (0, 1]", self.keep, "0.25 keeps a quarter.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        order = torch.randperm(len(tokens), generator=generator(self.seed))
        kept = order[: self._number(len(tokens))].sort().values
        return tokens.select(kept.to(tokens.x.device))

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        return self._number(t * h * w), self._number(t * h * w)

    def at(self, keep: float) -> "RandomTokens":
        """The same seed; keep=1 is the identity."""
        return replace(self, keep=keep)

    def _number(self, n: int) -> int:
        return max(1, round(self.keep * n))
