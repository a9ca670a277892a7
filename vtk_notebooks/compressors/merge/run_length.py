"""Run-length merging: a place that did not change since the last frame needs no new token.

After RLT, "Don't Look Twice: Faster Video Transformers with Run-Length Tokenization" (Choudhury et
al., 2024, arXiv:2411.05222). As there: each place is compared with itself one frame before; while
it stays alike, the run goes on, and only the first patch of a run is kept. A token knows how long
it lasts: there by a learned code for the length of its run, here by its provenance.

What differs: theirs compares pixels before the encoder, so that static patches are never computed;
here finished features are compared, by the length of their difference relative to the one before.
A run is averaged unless `first` says otherwise, so that a token is the mean of the cells it speaks
for. Slow drift is one run, as in the paper: frames are compared with the one before, not with the
first of the run. The details of theirs are from memory and could not be verified.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor

from vtk_notebooks.blocks.lattice import laid_out
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@register(
    "compressor",
    "run_length",
    title="Run-length (RLT)",
    paper="Don't Look Twice: Faster Video Transformers with Run-Length Tokenization",
    year=2024,
    arxiv="2411.05222",
)
@dataclass(frozen=True)
class RunLength:
    """One token for each run of frames over which a place stays still.

    Args:
        tau: change, relative to the length of the feature one frame before, above which a new run
            starts; a nan always starts one.
        first: keep the first token of a run bit for bit and drop the others, instead of their mean.
        metric: the feature space whose channels say what has changed; None takes all channels.
        keep: above 0, as many runs as this part of the tokens, whatever tau: those that start with
            the largest changes.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    tau: float = 0.1
    first: bool = False
    metric: str | None = None
    keep: float = 0.0

    def __post_init__(self) -> None:
        if not self.tau >= 0:
            raise VtkError("RunLength", "tau of 0 or more", self.tau, "0.1 is a tenth.")
        if not 0 <= self.keep <= 1:
            raise VtkError("RunLength", "keep in [0, 1]", self.keep, "0 goes by `tau`.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        table = laid_out(tokens, "RunLength")
        starts = self._starts(self.change(tokens, table))
        if self.first:
            return tokens.select(table[starts])
        number = rearrange(starts, "t h w -> (t h w)").cumsum(0) - 1  # runs, as they start
        number = torch.where(starts, number.view_as(table), -1)
        run = torch.empty(len(tokens), dtype=torch.long, device=table.device)
        run[table.flatten()] = number.cummax(0).values.flatten()  # carried to later frames
        return tokens.regroup(run)

    @torch.no_grad()
    def change(self, tokens: Tokens, table: Int[Tensor, "t h w"]) -> Float[Tensor, "t h w"]:
        """How much each place changed since the frame before; infinitely in the first frame."""
        x = tokens.x if self.metric is None else tokens.part(self.metric)
        wide = tokens.share.dtype
        out = torch.full(table.shape, torch.inf, dtype=wide, device=x.device)
        before = x[table[0]].to(wide)
        for i, rows in enumerate(table[1:], start=1):  # a frame at a time: the film is not copied
            now = x[rows].to(wide)
            out[i] = (now - before).norm(dim=-1) / before.norm(dim=-1).clamp_min(1e-9)
            before = now
        return out

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        if self.keep:
            return self._runs(grid), self._runs(grid)
        return h * w, t * h * w

    def at(self, keep: float) -> "RunLength":
        """That part of the tokens, at least one for each place; keep=1 is the identity."""
        if not 0 < keep <= 1:
            raise VtkError("RunLength.at", "keep in (0, 1]", keep, "0.25 keeps a quarter.")
        return replace(self, keep=keep)

    def _starts(self, change: Float[Tensor, "t h w"]) -> Bool[Tensor, "t h w"]:
        if not self.keep:
            return ~(change <= self.tau)
        t, h, w = change.shape
        rank = change.nan_to_num(torch.inf, posinf=torch.inf).flatten()
        best = rank.argsort(descending=True, stable=True)[: self._runs((t, h, w))]
        return torch.zeros_like(rank, dtype=torch.bool).index_fill(0, best, True).view(t, h, w)

    def _runs(self, grid: tuple[int, int, int]) -> int:
        t, h, w = grid
        return max(h * w, round(self.keep * t * h * w))
