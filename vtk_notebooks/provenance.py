"""Provenance: edges from tokens to cells, what their shares mean, and how steps compose."""

from typing import Literal, get_args

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import embedding_bag

Kind = Literal["hard", "mean", "attn", "concat", "receptive", "none"]
"""What a share means, strongest first.

hard: the token is the cell. mean: its part in an average. attn: its part in a soft mixture.
concat: the cell was stacked in, features are no mean. receptive: the cell could have had an
influence. none: a new token that stands for no cell.
"""
KINDS: tuple[Kind, ...] = get_args(Kind)

_MANY = 30  # cells a token, on average
_EXACT = 1e-6
"""Shares that add up to 1 as nearly as this are not scaled again."""


def weakest(*kinds: Kind) -> Kind:
    """The kind that a chain of these may still claim."""
    return max(kinds, key=KINDS.index)


def weighted_sums(
    x: Float[Tensor, "n d"], old: Int[Tensor, "s"], new: Int[Tensor, "s"], share: Float[Tensor, "s"]
) -> Float[Tensor, "m d"]:
    """Row k adds up `share` times row `old` of x wherever `new` is k; x itself is never copied."""
    if not _rises(new):
        order = new.argsort(stable=True)
        old, new, share = old[order], new[order], share[order]
    size = torch.bincount(new)
    start = size.cumsum(0) - size
    return embedding_bag(old, x, start, mode="sum", per_sample_weights=share.to(x.dtype))


def totals(share: Float[Tensor, "e"], of: Int[Tensor, "e"], count: int) -> Float[Tensor, "n"]:
    """What the shares of each token add up to; those of many cells in double precision.

    A token of a hundred thousand cells is the sum of so many roundings.
    """
    wide = share.double() if len(share) > _MANY * count else share
    return wide.new_zeros(count).scatter_add(0, of, wide)


def compose(
    step: Int[Tensor, "s 2"],
    step_share: Float[Tensor, "s"],
    edges: Int[Tensor, "e 2"],
    edge_share: Float[Tensor, "e"],
    sizes: tuple[int, int, int],
) -> tuple[Int[Tensor, "k 2"], Float[Tensor, "k"]]:
    """Sparse (new, old) x (old, cell), rows scaled to 1; entries of exactly 0 are left out.

    Sorting is most of the work, so what is in order already is not sorted again: on a full grid
    each token is one cell, and most stages tell what they took token by token.
    """
    made, old, cells = sizes
    pairs, share = _stepped(step, step_share.to(edge_share.dtype), edges, edge_share, old)
    key = torch.add(pairs[:, 1], pairs[:, 0], alpha=cells)
    if not _rises(key, strictly=True):
        key, slot = key.unique(return_inverse=True)
        pairs = torch.stack([key // cells, key % cells], 1)
        share = share.new_zeros(len(key)).index_add(0, slot, share)
    if len(share) and not share.amin() > 0:
        there = share > 0
        pairs, share = pairs[there], share[there]
    total = totals(share, pairs[:, 0], made)
    if ((total - 1).abs() < _EXACT).logical_or(total == 0).all():
        return pairs, share
    return pairs, (share / total.index_select(0, pairs[:, 0])).to(share)


def _stepped(
    step: Int[Tensor, "s 2"],
    share: Float[Tensor, "s"],
    edges: Int[Tensor, "e 2"],
    edge_share: Float[Tensor, "e"],
    old: int,
) -> tuple[Int[Tensor, "k 2"], Float[Tensor, "k"]]:
    """New token, cell and share, once for each way from the one to the other."""
    (new, edge), (token, cell) = step.unbind(1), edges.unbind(1)
    if not _counts(token, old):
        row, edge = _fanned(edge, token, old)
        new, share = new[row], share[row]
    elif torch.equal(token, cell) and (edge_share == 1).all():  # tokens are cells
        return step, share
    return torch.stack([new, cell[edge]], 1), share * edge_share[edge]


def _fanned(
    taken: Int[Tensor, "s"], token: Int[Tensor, "e"], many: int
) -> tuple[Int[Tensor, "k"], Int[Tensor, "k"]]:
    """For each taken token each of its edges: the row of `taken`, and the number of the edge."""
    degree = torch.bincount(token, minlength=many)
    first = degree.cumsum(0) - degree
    fan = degree[taken]  # how many cells each taken token brings along
    row = torch.arange(len(taken), device=taken.device).repeat_interleave(fan)
    edge = torch.arange(len(row), device=taken.device) - (fan.cumsum(0) - fan - first[taken])[row]
    return row, edge if _rises(token) else token.argsort(stable=True)[edge]


def _counts(x: Int[Tensor, "e"], many: int) -> bool:
    """Whether these are the numbers 0, 1, 2, ... below `many`, each once and in order."""
    return len(x) == many and torch.equal(x, torch.arange(many, device=x.device))


def _rises(x: Int[Tensor, "e"], strictly: bool = False) -> bool:
    """Whether no number is below the one before it, or even equal."""
    return bool(((x[1:] > x[:-1]) if strictly else (x[1:] >= x[:-1])).all())
