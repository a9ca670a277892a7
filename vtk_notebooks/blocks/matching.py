"""Bipartite soft matching: in lists of tokens, who merges with whom. It decides and never mixes.

After "Token Merging: Your ViT But Faster" (Bolya et al., 2022, arXiv:2210.09461): tokens are dealt
alternately into two sets, each of the first proposes its most alike (by cosine) of the second, and
the best proposals are accepted. A round merges half of the tokens at most.

The order in which a round leaves its tokens decides how the next one deals them. `merge_groups`
keeps the order of first members, frame by frame as a language model reads; `tome_groups` keeps the
published one. A token with a nan in it is like no other.
"""

from collections.abc import Callable
from functools import partial

import torch
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.blocks.kernels import precise
from vtk_notebooks.provenance import weighted_sums

_MOST_FLOATS = 2**22
"""Channels or similarities held at once, 16 MB: a long film is not copied, and a clip's full table
of 20,000 tokens would be 400 MB."""


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
    return _rounds(metric, mass, left, partial(_film_round, protect=protect), protect)[0]


@torch.no_grad()
def tome_groups(
    metric: Float[Tensor, "b n c"],
    mass: Float[Tensor, "b n"],
    left: int,
    *,
    forget_sizes: bool = False,
) -> tuple[Int[Tensor, "b n"], Float[Tensor, "b n"]]:
    """Group numbers 0..left-1 in ToMe's own order, and each token's share in its group's mean.

    Args:
        metric: what is compared; merged tokens are compared by their mean.
        mass: how much each token counts in a mean.
        left: groups wanted, after as many rounds as that takes.
        forget_sizes: every round counts what it is given as single tokens again.
    """
    return _rounds(metric, mass, left, tome_round, 0, forget_sizes=forget_sizes)


@torch.no_grad()
def tome_round(
    metric: Float[Tensor, "b n c"], merged: int, class_token: bool = False
) -> Int[Tensor, "b n"]:
    """Group numbers after a round, in ToMe's order: what stayed of the first set, then the second.

    Args:
        metric: what is compared.
        merged: proposals to accept, at most half of the tokens.
        class_token: the first token never merges, and what stayed is in order of place, not score.
    """
    b, n, _ = metric.shape
    group = torch.arange(n, device=metric.device).repeat(b, 1)
    merged = min(merged, (n - class_token) // 2)
    if merged < 1:
        return group
    score, partner = best_partner(metric[:, ::2], metric[:, 1::2])
    if class_token:
        score[:, 0] = -torch.inf
    ranked = score.argsort(dim=1, descending=True, stable=True)
    joins, stays = ranked[:, :merged], ranked[:, merged:]
    stays = stays.sort(1).values if class_token else stays
    many = stays.shape[1]
    first = torch.empty_like(score, dtype=torch.long)
    first = first.scatter(1, stays, group[:, :many]).scatter(
        1, joins, many + partner.gather(1, joins)
    )
    group[:, 1::2] = many + group[:, : n // 2]
    group[:, ::2] = first
    return group


def best_partner(
    a: Float[Tensor, "b p c"], b: Float[Tensor, "b q c"]
) -> tuple[Float[Tensor, "b p"], Int[Tensor, "b p"]]:
    """Each a's most alike b, the first of several, by the cosine in single precision or better.

    Both are brought to length 1 and multiplied a block at a time: in 16 bits half of all pairs
    would be equally alike, and neither the table nor a wide copy is ever whole.
    """
    columns = max(1, _MOST_FLOATS // (b.shape[0] * b.shape[2]))
    rows = max(1, min(columns, _MOST_FLOATS // (b.shape[0] * min(columns, b.shape[1]))))
    exact = torch.promote_types(a.dtype, torch.float32)
    score = a.new_full(a.shape[:2], -torch.inf, dtype=exact)
    partner = torch.zeros_like(score, dtype=torch.long)
    for first in range(0, b.shape[1], columns):
        others = _unit(b[:, first : first + columns]).mT
        for top in range(0, a.shape[1], rows):
            here = slice(top, top + rows)
            value, index = (_unit(a[:, here]) @ others).max(dim=-1)
            better = value > score[:, here]
            # Written where it belongs: small results kept one by one would lie between the tables
            # in memory, which then could not be used again.
            score[:, here] = torch.where(better, value, score[:, here])
            partner[:, here] = torch.where(better, index + first, partner[:, here])
    return score, partner


def by_first_member(group: Int[Tensor, "b n"]) -> Int[Tensor, "b n"]:
    """The same groups, numbered in order of their first members."""
    first = first_members(group, group.shape[1]).gather(1, group)
    starts = torch.zeros_like(group).scatter(1, first, 1)
    return (starts.cumsum(1) - 1).gather(1, first)


def first_members(group: Int[Tensor, "b n"], groups: int) -> Int[Tensor, "b m"]:
    """The first member of each group; n for a number that nobody has."""
    b, n = group.shape
    own = torch.arange(n, device=group.device).expand(b, n)
    return own.new_full((b, groups), n).scatter_reduce(1, group, own, "amin")


def average(
    x: Float[Tensor, "b n c"], mass: Float[Tensor, "b n"], group: Int[Tensor, "b n"], left: int
) -> tuple[Float[Tensor, "b m c"], Float[Tensor, "b m"]]:
    """Each group's mean, weighted by mass, and its mass."""
    b, _, c = x.shape
    total = mass.new_zeros(b, left).scatter_add(1, group, mass)
    share = (mass / total.gather(1, group)).flatten()
    slot = (group + left * torch.arange(b, device=group.device)[:, None]).flatten()
    mean = weighted_sums(x.flatten(0, 1), torch.arange(len(slot)).to(slot), slot, share)
    return mean.view(b, left, c), total


def _rounds(
    metric: Float[Tensor, "b n c"],
    mass: Float[Tensor, "b n"],
    left: int,
    one: Callable[[Tensor, int], Tensor],
    protect: int,
    *,
    forget_sizes: bool = False,
) -> tuple[Int[Tensor, "b n"], Float[Tensor, "b n"]]:
    """Rounds until `left` are left: group numbers, and shares in the groups' means."""
    many = max(1, _MOST_FLOATS // metric[0].numel())
    parts = [
        _rounds_of(some, its, left, one, protect, forget_sizes)
        for some, its in zip(metric.split(many), mass.split(many), strict=True)
    ]
    group, share = zip(*parts, strict=True)
    return torch.cat(group), torch.cat(share)


def _rounds_of(
    metric: Float[Tensor, "b n c"],
    mass: Float[Tensor, "b n"],
    left: int,
    one: Callable[[Tensor, int], Tensor],
    protect: int,
    forget_sizes: bool,
) -> tuple[Int[Tensor, "b n"], Float[Tensor, "b n"]]:
    """The same for a few lists; means of 16 bits in between only where one list is too long."""
    now = metric.shape[1]
    metric = precise(metric) if metric.numel() <= _MOST_FLOATS else metric
    group = torch.arange(now, device=metric.device).repeat(len(metric), 1)
    share = torch.ones_like(mass)
    while now > left:
        merged = min(now - left, (now - protect) // 2)
        step, now = one(metric, merged), now - merged
        total = mass.new_zeros(len(mass), now).scatter_add(1, step, mass)
        share = share * (mass / total.gather(1, step)).gather(1, group)
        group = step.gather(1, group)
        if now > left:  # who comes next compares means
            metric, mass = average(metric, mass, step, now)
            mass = torch.ones_like(mass) if forget_sizes else mass
    return group, share


def _film_round(metric: Float[Tensor, "b n c"], merged: int, protect: int) -> Int[Tensor, "b n"]:
    """New group numbers, by first members, after one round of `merged` acceptances."""
    even, odd = protect + protect % 2, protect + 1 - protect % 2  # the first that are free
    score, partner = best_partner(metric[:, even::2], metric[:, odd::2])
    source = score.argsort(dim=1, descending=True, stable=True)[:, :merged]
    target = odd + 2 * partner.gather(1, source)
    own = torch.arange(metric.shape[1], device=metric.device).repeat(len(metric), 1)
    return by_first_member(own.scatter(1, even + 2 * source, target))


def _unit(x: Float[Tensor, "b n c"]) -> Float[Tensor, "b n c"]:
    """Vectors of length 1; one with a nan becomes a zero vector, which is like no other."""
    x = precise(x)
    norm = x.norm(dim=-1, keepdim=True)
    return (x / norm.clamp_min(1e-12)).masked_fill(norm.isnan(), 0.0)
