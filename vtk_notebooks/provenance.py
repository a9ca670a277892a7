"""Provenance: edges from tokens to cells, what their shares mean, and how steps compose."""

from collections.abc import Iterable, Iterator
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
Edges = tuple[Int[Tensor, "_"], Int[Tensor, "_"], Float[Tensor, "_"]]
"""Token, cell (or old token) and share of some edges."""

_MANY = 30  # cells a token, on average
_LEAN = 2**24
"""Provenance of more edges than this is numbered in 32 bits: 12 bytes an edge, not 20."""
AT_ONCE = 2**22
"""Edges looked at together, so that looking costs a few MB whatever the film."""
_SMALLEST = 2**-14
"""Below this float16 counts in steps of 2^-24: a share of a 700,000th would be 1 % off."""
_EXACT = 1e-6
"""Shares that add up to 1 as nearly as this are not scaled again."""


def weakest(*kinds: Kind) -> Kind:
    """The kind that a chain of these may still claim."""
    return max(kinds, key=KINDS.index)


def weighted_sums(
    x: Float[Tensor, "n d"],
    old: Int[Tensor, "s"],
    new: Int[Tensor, "s"],
    share: Float[Tensor, "s"],
    rows: int = 0,
) -> Float[Tensor, "m d"]:
    """Row k adds up `share` times row `old` of x wherever `new` is k; x itself is never copied.

    There are as many rows as `new` needs, or `rows` where these are more.
    """
    if not _rises(new):
        order = new.argsort(stable=True)
        old, new, share = old[order], new[order], share[order]
    size = torch.bincount(new, minlength=rows)
    start = size.cumsum(0) - size
    if x.dtype == torch.float16 and len(share) and share.amin() < _SMALLEST:
        return _wide_sums(x, old, new, share, len(size))
    return embedding_bag(old, x, start, mode="sum", per_sample_weights=share.to(x.dtype))


def _wide_sums(
    x: Float[Tensor, "n d"],
    old: Int[Tensor, "s"],
    new: Int[Tensor, "s"],
    share: Float[Tensor, "s"],
    rows: int,
) -> Float[Tensor, "m d"]:
    """The same in 32 bits, a few rows of x at a time."""
    total = torch.zeros(rows, x.shape[1], device=x.device)
    some = max(1, AT_ONCE // x.shape[1])
    for part in zip(new.split(some), old.split(some), share.split(some), strict=True):
        total.index_add_(0, part[0], x[part[1]].float() * part[2][:, None].float())
    return total.to(x.dtype)


def totals(share: Float[Tensor, "e"], of: Int[Tensor, "e"], count: int) -> Float[Tensor, "n"]:
    """What the shares of each token add up to; those of many cells in double precision.

    A token of a hundred thousand cells is the sum of so many roundings.
    """
    wide = torch.double if len(share) > _MANY * count else share.dtype
    total = share.new_zeros(count, dtype=wide)
    for part, token in zip(share.split(AT_ONCE), of.split(AT_ONCE), strict=True):
        total = total.scatter_add(0, token.long(), part.to(wide))
    return total


def one_each(edges: Int[Tensor, "e 2"], tokens: int, cells: int) -> bool:
    """Whether so many tokens are the cells, one by one and in order."""
    return tokens == cells and all(_counts(of, cells) for of in edges.unbind(1))


def numbers(edges: int) -> torch.dtype:
    """What so many edges are numbered in."""
    return torch.int32 if edges > _LEAN else torch.long


def edge_table(parts: Iterable[Edges], most: int) -> tuple[Int[Tensor, "s 2"], Float[Tensor, "s"]]:
    """Edges that come part by part, in one table; never twice in memory.

    Args:
        parts: some of them each.
        most: rows there can be; only those that are there take memory.
    """
    step, share, done = torch.empty(0, 2, dtype=numbers(most)), torch.empty(0), 0
    for new, old, part in parts:
        if not done:
            step, share = step.new_empty(most, 2, device=new.device), part.new_empty(most)
        stop = done + len(new)
        step[done:stop, 0], step[done:stop, 1], share[done:stop] = new, old, part
        done = stop
    step, share = step[:done], share[:done]
    return (step, share) if 2 * done > most else (step.clone(), share.clone())


def by_part(edges: Int[Tensor, "e 2"], share: Float[Tensor, "e"]) -> Iterator[Edges]:
    """Some edges at a time, numbered in 64 bits as indices must be."""
    for some, its in zip(edges.split(AT_ONCE), share.split(AT_ONCE), strict=True):
        token, cell = some.long().unbind(1)
        yield token, cell, its


def owners(
    edges: Int[Tensor, "e 2"], share: Float[Tensor, "e"], cells: int
) -> Int[Tensor, "cells"]:
    """For each cell, the token it gives the largest part to; -1 where there is none."""
    best = share.new_zeros(cells)
    for _, cell, part in by_part(edges, share):
        best = best.scatter_reduce(0, cell, part, "amax")
    owner = torch.full_like(best, -1, dtype=torch.long)
    for token, cell, part in by_part(edges, share):
        wins = part == best[cell]
        owner = owner.scatter_reduce(0, cell[wins], token[wins], "amax")
    return owner


def spread(
    value: Float[Tensor, "n"], edges: Int[Tensor, "e 2"], share: Float[Tensor, "e"], cells: int
) -> Float[Tensor, "cells"]:
    """For each cell, the mean of its tokens' values by share; nan where there is none."""
    total, told = share.new_zeros(2, cells)
    for token, cell, part in by_part(edges, share):
        total = total.index_add(0, cell, part)
        told = told.index_add(0, cell, part * value[token])
    return torch.where(total > 0, told / total.clamp_min(1e-12), torch.nan)


def centres(
    edges: Int[Tensor, "e 2"], share: Float[Tensor, "e"], tokens: int, frame: tuple[int, int]
) -> Float[Tensor, "n 3"]:
    """Mean (frame, row, column) of each token's cells by share; nan for one without cells.

    In double: nine float ninths of 5 are not 5, and tokens of a frame would fall into two.
    """
    h, w = frame
    total = share.new_zeros(4, tokens, dtype=torch.double)
    for token, cell, part in by_part(edges, share):
        wide, at = part.double(), (1, cell // (h * w), cell // w % h, cell % w)
        parts = [o.index_add(0, token, wide * p) for o, p in zip(total, at, strict=True)]
        total = torch.stack(parts)
    return (total[1:] / total[0]).T.to(share.dtype)


def best_means(value: Float[Tensor, "t s"], best: float) -> Float[Tensor, "t"]:
    """The mean of the best part of each row's numbers; nan where all are nan."""
    there = ~value.isnan()
    count = (there.sum(1) * best).ceil().clamp_min(1)
    ranked = value.nan_to_num(-torch.inf).sort(dim=1, descending=True).values
    rank = torch.arange(value.shape[1], device=value.device)
    total = torch.where(rank < count[:, None], ranked, 0).sum(1)
    return torch.where(there.any(1), total / count, torch.nan)


def compose(
    step: Int[Tensor, "s 2"],
    step_share: Float[Tensor, "s"],
    tied: tuple[Int[Tensor, "e 2"], Float[Tensor, "e"]] | None,
    sizes: tuple[int, int, int],
) -> tuple[Int[Tensor, "k 2"], Float[Tensor, "k"]]:
    """Sparse (new, old) x (old, cell), rows scaled to 1; entries of exactly 0 are left out.

    Sorting is most of the work, so what is in order already is not sorted again: most stages tell
    what they took token by token.

    Args:
        step: new and old token.
        step_share: of the old one in the new one.
        tied: old token and cell, and the share of the cell; None where each old token is one cell.
        sizes: how many new tokens, old tokens and cells there are.
    """
    made, old, cells = sizes
    pairs, share = (step, step_share) if tied is None else _stepped(step, step_share, *tied, old)
    if not _in_order(pairs, cells):
        key, slot = _keys(pairs, cells).unique(return_inverse=True)
        pairs = torch.stack([key // cells, key % cells], 1).to(numbers(len(key)))
        share = share.new_zeros(len(key)).index_add(0, slot, share)
    if len(share) and not share.amin() > 0:
        there = share > 0
        pairs, share = pairs[there], share[there]
    total = totals(share, pairs[:, 0], made)
    if ((total - 1).abs() < _EXACT).logical_or(total == 0).all():
        return pairs, share
    parts = zip(share.split(AT_ONCE), pairs[:, 0].split(AT_ONCE), strict=True)
    scaled = [(part / total.index_select(0, token)).to(share) for part, token in parts]
    return pairs, torch.cat(scaled)


def _stepped(
    step: Int[Tensor, "s 2"],
    share: Float[Tensor, "s"],
    edges: Int[Tensor, "e 2"],
    edge_share: Float[Tensor, "e"],
    old: int,
) -> tuple[Int[Tensor, "k 2"], Float[Tensor, "k"]]:
    """New token, cell and share, once for each way from the one to the other."""
    (new, edge), (token, cell) = step.unbind(1), edges.long().unbind(1)
    if not _counts(token, old):
        row, edge = _fanned(edge, token, old)
        new, share = new[row], share[row]
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


def _keys(pairs: Int[Tensor, "k 2"], cells: int) -> Int[Tensor, "k"]:
    """One number for each pair, which rises as they do."""
    wide = pairs.long()
    return torch.add(wide[:, 1], wide[:, 0], alpha=cells)


def _in_order(pairs: Int[Tensor, "k 2"], cells: int) -> bool:
    """Whether the pairs rise strictly, by token and then by cell; a part of them at a time."""
    return all(
        _rises(_keys(pairs[first : first + AT_ONCE + 1], cells), strictly=True)
        for first in range(0, len(pairs), AT_ONCE)
    )


def _rises(x: Int[Tensor, "e"], strictly: bool = False) -> bool:
    """Whether no number is below the one before it, or even equal."""
    return bool(((x[1:] > x[:-1]) if strictly else (x[1:] >= x[:-1])).all())
