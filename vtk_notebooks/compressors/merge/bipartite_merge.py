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
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.errors import VtkError
from vtk_notebooks.provenance import weighted_sums
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register, unknown
from vtk_notebooks.tokens import Kind, Tokens

SCOPES = ("frame", "clip")
_MOST_FLOATS = 2**22
"""Similarities held at once, 16 MB; a clip's full table of 20,000 tokens would be 400 MB."""


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
        protect: so many tokens at the start of each frame (or clip) never merge.
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
        mass = tokens.mass().clamp_min(1).to(metric.dtype)
        places, order = _places(tokens, self.scope)
        for rows in places:  # token numbers, (groups of equal size, their tokens)
            to = self._left(rows.shape[1])
            group = merge_groups(_rows(metric, rows), mass[rows], to, self.protect)
            leader[rows] = rows.gather(1, _first_of(group, to).gather(1, group))  # names the group
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


@torch.no_grad()
def merge_groups(
    metric: Float[Tensor, "b n c"], mass: Float[Tensor, "b n"], left: int, protect: int = 0
) -> Int[Tensor, "b n"]:
    """Group numbers 0..left-1 for every token of a batch, in order of their first members.

    Args:
        metric: what is compared; merged tokens are compared by their weighted mean.
        mass: how much each token counts in that mean.
        left: groups wanted; half of the unprotected tokens merge in a round, at most.
        protect: tokens at the start that stay alone.
    """
    group = torch.arange(metric.shape[1], device=metric.device).expand(metric.shape[:2])
    now = metric.shape[1]
    while now > left:
        merged = min(now - left, (now - protect) // 2)
        step, now = _round(metric, merged, protect), now - merged
        group = step.gather(1, group)
        if now > left:
            metric, mass = _average(metric, mass, step, now)
    return group


def _round(metric: Float[Tensor, "b n c"], merged: int, protect: int) -> Int[Tensor, "b n"]:
    """New group numbers after one round of proposals and `merged` acceptances."""
    score, partner = _best_partner(metric[:, protect::2], metric[:, protect + 1 :: 2])
    source = score.topk(merged, dim=1).indices
    target = protect + 1 + 2 * partner.gather(1, source)
    own = torch.arange(metric.shape[1], device=metric.device).repeat(len(metric), 1)
    joined = own.scatter(1, protect + 2 * source, target)
    first = _first_of(joined, metric.shape[1]).gather(1, joined)
    starts = torch.zeros_like(own).scatter(1, first, 1)
    return (starts.cumsum(1) - 1).gather(1, first)


def _best_partner(
    a: Float[Tensor, "b p c"], b: Float[Tensor, "b q c"]
) -> tuple[Float[Tensor, "b p"], Int[Tensor, "b p"]]:
    """Each a's most alike b, by cosine; the table is made a few rows at a time."""
    rows = max(1, _MOST_FLOATS // (b.shape[0] * b.shape[1]))
    a_norm, b_norm = (x.norm(dim=-1).clamp_min(1e-12) for x in (a, b))
    best = [((part @ b.mT) / b_norm[:, None]).max(dim=-1) for part in a.split(rows, dim=1)]
    value = torch.cat([m.values for m in best], 1) / a_norm
    return value, torch.cat([m.indices for m in best], 1)


def _average(
    metric: Float[Tensor, "b n c"], mass: Float[Tensor, "b n"], group: Int[Tensor, "b n"], left: int
) -> tuple[Float[Tensor, "b m c"], Float[Tensor, "b m"]]:
    """The merged tokens' metric (means weighted by mass) and mass."""
    b, _, c = metric.shape
    slot = (group + left * torch.arange(b, device=group.device)[:, None]).flatten()
    total = mass.new_zeros(b * left).index_add(0, slot, mass.flatten())
    share = mass.flatten() / total[slot]
    mean = weighted_sums(metric.flatten(0, 1), torch.arange(len(slot)).to(slot), slot, share)
    return mean.view(b, left, c), total.view(b, left)


def _first_of(group: Int[Tensor, "b n"], groups: int) -> Int[Tensor, "b m"]:
    """The first member of each group; n for a number that nobody has."""
    b, n = group.shape
    own = torch.arange(n, device=group.device).expand(b, n)
    return own.new_full((b, groups), n).scatter_reduce(1, group, own, "amin")


def _places(tokens: Tokens, scope: str) -> tuple[list[Int[Tensor, "b n"]], Int[Tensor, "k"]]:
    """Token numbers by place of merging, places of equal size together; and all in film order."""
    t, h, w = tokens.grid
    first = tokens.edges.new_full((len(tokens),), t * h * w)  # no cells: behind the last frame
    first = first.scatter_reduce(0, tokens.edges[:, 0], tokens.edges[:, 1], "amin")
    order = first.argsort(stable=True)
    if scope == "clip":
        by_place = first % (h * w) * (t + 1) + first // (h * w)
        return [by_place.argsort(stable=True)[None]], order
    size = torch.bincount(first // (h * w))
    start = size.cumsum(0) - size
    return [
        order[start[size == n][:, None] + torch.arange(n, device=order.device)]
        for n in size.unique().tolist()
        if n
    ], order


def _rows(x: Float[Tensor, "k c"], rows: Int[Tensor, "b n"]) -> Float[Tensor, "b n c"]:
    """x[rows]; a view where that is all of x in order, as on a full grid."""
    whole = torch.equal(rows.flatten(), torch.arange(len(x), device=rows.device))
    return x.view(*rows.shape, -1) if whole else x[rows]


def _numbered(leader: Int[Tensor, "n"], order: Int[Tensor, "n"]) -> Int[Tensor, "n"]:
    """Groups named by one of their members, numbered from 0 in film order of their first ones."""
    place = torch.empty_like(leader)
    place[order] = torch.arange(len(order), device=order.device)
    first = torch.full_like(leader, len(order)).scatter_reduce(0, leader, place, "amin")[leader]
    return (torch.zeros_like(leader).scatter(0, first, 1).cumsum(0) - 1)[first]
