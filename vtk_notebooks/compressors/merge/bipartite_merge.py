"""Bipartite merging: the most alike pairs of tokens become their mean, round after round.

After ToMe, "Token Merging: Your ViT But Faster" (Bolya et al., 2022, arXiv:2210.09461). As there:
tokens are dealt alternately into two sets, each token of the first proposes its most alike (by
cosine) of the second, the best r proposals are accepted, and a merged token is the mean of its
members weighted by size. A round merges at most half, so small budgets take several rounds.

What differs: ToMe merges inside every layer of a network and compares attention keys averaged
over heads; here finished tokens are merged, once, and compared by their features or by the
channels of one space. ToMe returns the unmerged tokens ranked by score, then the second set; here
the order is that of each group's first cell, frame by frame, because a language model reads it.
`scope="clip"` is not ToMe's, whose batch is the frame: there tokens are dealt place by place and in
time within a place, so that a cell can meet itself in the next frame.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from jaxtyping import Int
from torch import Tensor

from vtk_notebooks.blocks.lattice import batches, first_cells, gathered
from vtk_notebooks.blocks.matching import first_members, merge_groups
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register, unknown
from vtk_notebooks.tokens import Kind, Tokens

SCOPES = ("frame", "clip")


@register(
    "compressor",
    "bipartite_merge",
    title="Bipartite merge (ToMe)",
    paper="Token Merging: Your ViT But Faster",
    year=2022,
    arxiv="2210.09461",
    atlas=("auroracap", "longvlm"),
)
@dataclass(frozen=True)
class BipartiteMerge:
    """Merge alike tokens until a part of them is left.

    Args:
        keep: part of the tokens that is left, in (0, 1].
        scope: merge within each "frame", or across the whole "clip".
        metric: the feature space whose channels say what is alike; None takes all channels.
        protect: so many tokens at the start of each frame (or clip) never merge; they are dealt
            with the others, as ToMe's class token (1) and distillation token (2) are.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    keep: float = 0.25
    scope: str = "frame"
    metric: str | None = None
    protect: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.keep <= 1:
            raise VtkError("BipartiteMerge", "keep in (0, 1]", self.keep, "0.25 keeps a quarter.")
        if self.scope not in SCOPES:
            raise unknown("BipartiteMerge", "scope", self.scope, SCOPES)
        if self.protect < 0:
            raise VtkError("BipartiteMerge", "protect of 0 or more", self.protect)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        metric = tokens.x if self.metric is None else tokens.part(self.metric)
        leader = torch.empty(len(tokens), dtype=torch.long, device=metric.device)
        mass = tokens.mass().clamp_min(1).to(tokens.share.dtype)
        places, order = _places(tokens, self.scope)
        for rows in places:  # token numbers, (groups of equal size, their tokens)
            to = self._left(rows.shape[1])
            group = merge_groups(gathered(metric, rows), mass[rows], to, self.protect)
            leader[rows] = rows.gather(1, first_members(group, to).gather(1, group))  # its name
        return tokens.regroup(_numbered(leader, order))

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        n = t * self._left(h * w) if self.scope == "frame" else self._left(t * h * w)
        return n, n

    def at(self, keep: float) -> "BipartiteMerge":
        """The same scope and metric; keep=1 is the identity."""
        return replace(self, keep=keep)

    def _left(self, n: int) -> int:
        """How many of n tokens are left in one place of merging."""
        return min(n, max(1, round(self.keep * n), min(self.protect + 1, n)))


def _places(tokens: Tokens, scope: str) -> tuple[list[Int[Tensor, "b n"]], Int[Tensor, "k"]]:
    """Token numbers by place of merging, places of equal size together; and all in film order."""
    t, h, w = tokens.grid
    first = first_cells(tokens)
    order = first.argsort(stable=True)
    if scope == "clip":
        by_place = first % (h * w) * (t + 1) + first // (h * w)
        return [by_place.argsort(stable=True)[None]], order
    return [order[rows] for rows in batches(first[order] // (h * w))], order


def _numbered(leader: Int[Tensor, "n"], order: Int[Tensor, "n"]) -> Int[Tensor, "n"]:
    """Groups named by one of their members, numbered from 0 in film order of their first ones."""
    place = torch.empty_like(leader)
    place[order] = torch.arange(len(order), device=order.device)
    first = torch.full_like(leader, len(order)).scatter_reduce(0, leader, place, "amin")[leader]
    return (torch.zeros_like(leader).scatter(0, first, 1).cumsum(0) - 1)[first]
