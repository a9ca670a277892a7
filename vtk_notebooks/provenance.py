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


def weakest(*kinds: Kind) -> Kind:
    """The kind that a chain of these may still claim."""
    return max(kinds, key=KINDS.index)


def weighted_sums(
    x: Float[Tensor, "n d"], old: Int[Tensor, "s"], new: Int[Tensor, "s"], share: Float[Tensor, "s"]
) -> Float[Tensor, "m d"]:
    """Row k adds up `share` times row `old` of x wherever `new` is k; x itself is never copied."""
    order = new.argsort(stable=True)
    size = torch.bincount(new)
    start, share = size.cumsum(0) - size, share[order].to(x.dtype)
    return embedding_bag(old[order], x, start, mode="sum", per_sample_weights=share)


def compose(
    step: Int[Tensor, "s 2"],
    step_share: Float[Tensor, "s"],
    edges: Int[Tensor, "e 2"],
    edge_share: Float[Tensor, "e"],
    sizes: tuple[int, int, int],
) -> tuple[Int[Tensor, "k 2"], Float[Tensor, "k"]]:
    """Sparse (new, old) x (old, cell), rows scaled to 1; entries of exactly 0 are left out."""
    new, old, cells = sizes
    order = edges[:, 0].argsort(stable=True)
    degree = torch.bincount(edges[:, 0], minlength=old)
    first = degree.cumsum(0) - degree
    fan = degree[step[:, 1]]  # how many cells each taken token brings along
    row = torch.arange(len(step), device=step.device).repeat_interleave(fan)
    rank = torch.arange(len(row), device=step.device) - (fan.cumsum(0) - fan)[row]
    edge = order[first[step[row, 1]] + rank]
    key = step[row, 0] * cells + edges[edge, 1]
    pair, slot = key.unique(return_inverse=True)
    share = edge_share.new_zeros(len(pair))
    share = share.index_add(0, slot, step_share.to(share.dtype)[row] * edge_share[edge])
    pair, share = pair[share > 0], share[share > 0]
    total = share.new_zeros(new).index_add(0, pair // cells, share)
    return torch.stack([pair // cells, pair % cells], 1), share / total[pair // cells]
