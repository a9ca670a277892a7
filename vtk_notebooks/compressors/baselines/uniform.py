"""Uniform: every so many frames, or every so many tokens. The baseline to beat.

Content plays no part, so whatever a learned or clever compressor gains, it gains over this.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from jaxtyping import Int
from torch import Tensor

from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register, unknown
from vtk_notebooks.tokens import Kind, Tokens

AXES = ("frames", "tokens")


@register("compressor", "uniform", title="Uniform", paper="baseline")
@dataclass(frozen=True)
class Uniform:
    """Keep the middle one of each of so many equal parts, bit for bit.

    Args:
        keep: part that stays, in (0, 1].
        axis: "frames" keeps whole frames, "tokens" counts through them in order. On a grid whose
            rows hold a multiple of 1/keep cells the latter picks the same columns in every row.
    """

    kind: ClassVar[Kind] = "hard"
    needs_text: ClassVar[bool] = False

    keep: float = 0.25
    axis: str = "frames"

    def __post_init__(self) -> None:
        if not 0 < self.keep <= 1:
            raise VtkError("Uniform", "keep in (0, 1]", self.keep, "0.25 keeps a quarter.")
        if self.axis not in AXES:
            raise unknown("Uniform", "axis", self.axis, AXES)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        if self.axis == "tokens":
            return tokens.select(_middles(len(tokens), self.keep).to(tokens.x.device))
        frame = tokens.centre()[:, 0].round().nan_to_num(-1)  # no cells: a frame of their own
        frames = frame.unique()
        chosen = frames[_middles(len(frames), self.keep).to(frames.device)]
        return tokens.select(torch.isin(frame, chosen).nonzero().squeeze(1))

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        whole = self.axis == "frames"
        n = len(_middles(t, self.keep)) * h * w if whole else len(_middles(t * h * w, self.keep))
        return n, n

    def at(self, keep: float) -> "Uniform":
        """The same axis; keep=1 is the identity."""
        return replace(self, keep=keep)


def _middles(n: int, keep: float) -> Int[Tensor, "k"]:
    """The middle of each of k equal parts of n things in a row, k nearest to keep * n."""
    k = max(1, round(keep * n))
    return (2 * torch.arange(k) + 1) * n // (2 * k)
