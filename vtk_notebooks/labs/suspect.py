"""Suspect: a compressor that breaks one of the promises that all of them make.

The bug is a plausible one, and was published: the released code of EVAD (MCG-NJU/EVAD) orders what
it keeps by score and puts it back in the order of the film. Nothing crashes, and every count is
right.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.protocols import Compressor
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Kind, Tokens

PROMISES = {
    "count": "it returns as many tokens as its `count` says",
    "shares": "the shares of each token add up to 1",
    "same": "a token of kind 'hard' is the cell it speaks for, bit for bit",
    "once": "tokens of kind 'hard' speak for different cells",
    "again": "the same tokens in, the same tokens out",
    "alone": "what came in is left as it was",
}
"""What a compressor that keeps and drops promises, by a short name."""


@dataclass(frozen=True)
class Suspect:
    """Keep the tokens that stand out most. In no registry, for the reason that a lab asks for.

    Args:
        keep: part of the tokens that stays, in (0, 1].
    """

    kind: ClassVar[Kind] = "hard"
    needs_text: ClassVar[bool] = False

    keep: float = 0.25

    def __post_init__(self) -> None:
        if not 0 < self.keep <= 1:
            raise VtkError("Suspect", "keep in (0, 1]", self.keep, "0.25 keeps a quarter.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        score = (tokens.x - tokens.x.mean(0)).norm(dim=1)
        best = score.argsort(descending=True, stable=True)[: self._number(len(tokens))]
        kept = torch.zeros_like(score, dtype=torch.bool).index_fill(0, best, True)
        return replace(tokens.select(kept.nonzero().squeeze(1)), x=tokens.x[best])

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        n = self._number(grid[0] * grid[1] * grid[2])
        return n, n

    def at(self, keep: float) -> "Suspect":
        """As many; keep=1 is no identity."""
        return replace(self, keep=keep)

    def _number(self, n: int) -> int:
        return max(1, round(self.keep * n))


def holds(promise: str, suspect: Compressor, tokens: Tokens) -> bool:
    """Whether a compressor of kind "hard" keeps one of `PROMISES` on these tokens.

    Args:
        promise: its short name.
        suspect: who is asked.
        tokens: one per cell.
    """
    before = [x.clone() for x in (tokens.x, tokens.edges, tokens.share)]
    out, again = suspect(tokens), suspect(tokens)
    token, cell = out.edges.unbind(1)
    total = out.share.new_zeros(len(out)).index_add(0, token, out.share)
    fewest, most = suspect.count(tokens.grid)
    after = (tokens.x, tokens.edges, tokens.share)
    kept = {
        "count": fewest <= len(out) <= most,
        "shares": bool(((total - 1).abs() < 1e-5).all()),
        "same": torch.equal(out.x[token], tokens.x[cell]),
        "once": len(cell.unique()) == len(out),
        "again": torch.equal(out.x, again.x) and torch.equal(out.edges, again.edges),
        "alone": all(map(torch.equal, before, after)),
    }
    return kept[promise]
