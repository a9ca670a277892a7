"""Lattice: where tokens stand in time and on the frame, whatever earlier stages did to them.

On a full grid a token stands where its cell is. Behind a pool, tokens still stand in frames, rows
and columns, only fewer of them; behind a merge, they stand about where the middle of their cells
is. So a mechanism that counts frames or rows works anywhere in a chain, and one that needs every
place taken (`laid_out`) can say so.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.errors import ShapeError
from vtk_notebooks.tokens import Tokens

_FINE = 64
"""Middles are read to 1/64 of a cell, so that sums in another order give the same one."""


class Lattice(NamedTuple):
    """Frame, row and column of each token, counted among those that are left; -1 without cells."""

    place: Int[Tensor, "n 3"]
    size: tuple[int, int, int]


def lattice(tokens: Tokens) -> Lattice:
    """The frames, rows and columns that tokens stand in: the cells of their middles, renumbered."""
    middle = (tokens.centre() * _FINE).round() / _FINE
    there = ~middle.isnan()
    cell = torch.where(there, (middle + 0.5).floor(), 0).long()  # half a cell: the later one
    columns = [
        _renumbered(c, known, many)
        for c, known, many in zip(cell.T, there.T, tokens.grid, strict=True)
    ]
    t, h, w = (int(c.max()) + 1 for c in columns)
    return Lattice(torch.stack(columns, 1), (t, h, w))


def laid_out(tokens: Tokens, who: str) -> Int[Tensor, "t h w"]:
    """The token at each place; refused unless there is exactly one everywhere.

    Args:
        tokens: of a full grid, or of one that was pooled or thinned evenly.
        who: asks, for the error.
    """
    place, (t, h, w) = lattice(tokens)
    number = (place[:, 0] * h + place[:, 1]) * w + place[:, 2]
    order = number.argsort(stable=True)
    if not torch.equal(number[order], torch.arange(t * h * w, device=order.device)):
        got = f"{len(tokens)} tokens on {t} x {h} x {w} places"
        raise ShapeError(who, "one token for each frame, row and column", got, "Put it first.")
    return rearrange(order, "(t h w) -> t h w", t=t, h=h, w=w)


def frames(tokens: Tokens) -> Int[Tensor, "n"]:
    """Which frame each token belongs to, numbered from 0; read off the order of the tokens.

    A new one begins where the first cell of a token lies in another frame than that of the token
    before, or no further along the same one. So soft mixtures of frames, whose tokens all have
    cells in every frame, count as one frame each.
    """
    _, h, w = tokens.grid
    first = first_cells(tokens)
    frame, place = first // (h * w), first % (h * w)
    new = (frame[1:] != frame[:-1]) | (place[1:] <= place[:-1])
    return torch.cat([new.new_zeros(1), new]).long().cumsum(0)


def first_cells(tokens: Tokens) -> Int[Tensor, "n"]:
    """The first cell of each token; one behind the last cell where it has none."""
    t, h, w = tokens.grid
    none = tokens.edges.new_full((len(tokens),), t * h * w)
    return none.scatter_reduce(0, tokens.edges[:, 0], tokens.edges[:, 1], "amin")


def pooled(tokens: Tokens, kernel: tuple[int, int, int]) -> Tokens:
    """One token per window of so many frames, rows and columns; smaller windows at the far edges.

    A token counts as often as it has cells. Tokens without cells stay as they are, at the end.
    """
    place, size = lattice(tokens)
    window = place // place.new_tensor(kernel)
    many = [-(-n // k) for n, k in zip(size, kernel, strict=True)]
    number = (window[:, 0] * many[1] + window[:, 1]) * many[2] + window[:, 2]
    return tokens.regroup(_without_gaps(torch.where(place[:, 0] < 0, -1, number)))


def parts(have: int, want: int) -> Int[Tensor, "p 2"]:
    """Which of `have` places on a line go into which of `want` equal parts: rows (part, place).

    A place that lies across a border goes into both parts, as in adaptive average pooling.
    """
    place = torch.arange(have)
    first, last = place * want // have, ((place + 1) * want - 1) // have
    pairs = [
        torch.stack([first + k, place], 1)[first + k <= last] for k in range(-(-want // have) + 1)
    ]
    both = torch.cat(pairs)
    return both[(both[:, 0] * have + both[:, 1]).argsort()]


def batches(part: Int[Tensor, "n"]) -> list[Int[Tensor, "b k"]]:
    """Token numbers by part, parts of equal size together; -1 is no part."""
    order = part.argsort(stable=True)
    order = order[part[order] >= 0]
    size = torch.bincount(part[order])
    start = size.cumsum(0) - size
    return [
        order[start[size == k][:, None] + torch.arange(k, device=order.device)]
        for k in size.unique().tolist()
        if k
    ]


def gathered(x: Float[Tensor, "n d"], rows: Int[Tensor, "b k"]) -> Float[Tensor, "b k d"]:
    """x[rows]; a view where that is all of x in order, as on a full grid."""
    whole = torch.equal(rows.flatten(), torch.arange(len(x), device=rows.device))
    return x.view(*rows.shape, -1) if whole else x[rows]


def within(
    part: Int[Tensor, "n"],
    left: Callable[[int], int],
    decide: Callable[[Tensor, int], Tensor],
) -> Int[Tensor, "n"]:
    """Group numbers for all tokens, made of decisions within each part; parts stay in order.

    Args:
        part: of each token, numbered from 0; tokens of part -1 stay alone, at the end.
        left: how many groups are left of a part of that size.
        decide: gets token numbers (b parts of k tokens each) and the groups wanted of each, and
            gives group numbers from 0 within each part.
    """
    group = torch.full_like(part, -1)
    size = torch.bincount(part[part >= 0])
    many = torch.tensor([left(k) if k else 0 for k in size.tolist()], device=part.device)
    start = many.cumsum(0) - many
    for rows in batches(part):
        group[rows] = start[part[rows[:, :1]]] + decide(rows, left(rows.shape[1]))
    return _without_gaps(group)


def _renumbered(cell: Int[Tensor, "n"], known: Tensor, many: int) -> Int[Tensor, "n"]:
    """Numbers of those of `many` cells that occur, counted from 0; -1 where not known."""
    seen = torch.zeros(many, dtype=torch.long, device=cell.device)
    seen[cell[known]] = 1
    return torch.where(known, (seen.cumsum(0) - 1)[cell], -1)


def _without_gaps(group: Int[Tensor, "n"]) -> Int[Tensor, "n"]:
    """The same groups numbered without gaps; -1 is a group of its own, behind the others."""
    alone = torch.where(group < 0, (group < 0).cumsum(0) + group.amax(), group)
    return alone.unique(return_inverse=True)[1]
