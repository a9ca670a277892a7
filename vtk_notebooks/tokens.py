"""Tokens: features plus the memory of which pixels they speak for.

A token is tied to cells of the frame grid by edges (token, cell, share). Stages compose by a
sparse product of their edges, so the tie survives any chain of mechanisms. Each stage says how
its shares are meant (`Kind`); a chain is as honest as its weakest member.
"""

from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import NamedTuple

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor

from vtk_notebooks.errors import ShapeError, SpaceError
from vtk_notebooks.provenance import KINDS as KINDS
from vtk_notebooks.provenance import Kind as Kind
from vtk_notebooks.provenance import (
    best_means,
    centres,
    compose,
    one_each,
    owners,
    spread,
    totals,
    weighted_sums,
)
from vtk_notebooks.provenance import weakest as weakest


class Space(NamedTuple):
    """A run of channels and the feature space they live in (the model that made them)."""

    name: str
    width: int


@dataclass(frozen=True)
class Tokens:
    """Features and their provenance, for one clip.

    Row k of `edges` says: token `edges[k, 0]` speaks for cell `edges[k, 1]`, with the part
    `share[k]`. The parts of one token add up to 1; a token without edges speaks for no cell.
    Cells are numbered frame by frame, then row by row.

    Args:
        grid: (t, h, w) in cells.
        times_s: presentation time of each grid frame, rising.
        duration_s: of the film, where the last frame ends.
        kind: the weakest kind of share in the chain so far.
        spaces: which channels came from which model, in order; widths add up to d.
        view: part of the frame that the grid covers: left, top, right, bottom, in [0, 1].
    """

    x: Float[Tensor, "n d"]
    edges: Int[Tensor, "e 2"]
    share: Float[Tensor, "e"]
    grid: tuple[int, int, int]
    times_s: Float[Tensor, "t"]
    duration_s: float
    kind: Kind = "hard"
    spaces: tuple[Space, ...] = ()
    view: tuple[float, float, float, float] = field(default=(0.0, 0.0, 1.0, 1.0))

    def __post_init__(self) -> None:
        t, h, w = self.grid
        if not self.spaces:
            object.__setattr__(self, "spaces", (Space("features", self.x.shape[1]),))
        self._fits()
        if len(self.times_s) != t:
            raise ShapeError("Tokens", f"{t} times for a grid of {t} frames", len(self.times_s))
        if len(self.edges):
            low, high = torch.aminmax(self.edges, dim=0)
            if low.min() < 0 or high[0] >= len(self.x) or high[1] >= t * h * w:
                got = f"edges up to {high.tolist()} for {len(self.x)} tokens in {self.grid}"
                raise ShapeError("Tokens", "edges from its tokens into its grid", got)
        total = totals(self.share, self.edges[:, 0], len(self.x))
        if not ((total - 1).abs() < 1e-3).logical_or(total == 0).all():
            got = f"sums from {total.min():.4f} to {total.max():.4f}"
            raise ShapeError("Tokens", "shares of a token that add up to 1 (or no edge)", got)

    @classmethod
    def from_grid(
        cls,
        x: Float[Tensor, "t h w d"],
        times_s: Float[Tensor, "t"],
        duration_s: float | None = None,
        *,
        space: str = "features",
    ) -> "Tokens":
        """One token per cell, each made of exactly that cell."""
        t, h, w, d = x.shape
        cell = torch.arange(t * h * w, device=x.device)
        return cls(
            rearrange(x, "t h w d -> (t h w) d"),
            torch.stack([cell, cell], dim=1),
            torch.ones_like(cell, dtype=torch.promote_types(x.dtype, torch.float32)),
            (t, h, w),
            times_s,
            _last_end(times_s) if duration_s is None else duration_s,
            spaces=(Space(space, d),),
        )

    def __len__(self) -> int:
        return len(self.x)

    def _fits(self) -> None:
        if sum(s.width for s in self.spaces) != self.x.shape[1]:
            raise ShapeError("Tokens", f"channels of {self.spaces}", self.x.shape[1])

    def _with(self, **changed: object) -> "Tokens":
        """The same but for these; its edges are right by construction and not looked at again."""
        made = object.__new__(Tokens)
        vars(made).update({f.name: getattr(self, f.name) for f in fields(self)} | changed)
        made._fits()
        return made

    # -- reading ---------------------------------------------------------------------------

    def part(self, space: str) -> Float[Tensor, "n p"]:
        """The channels that live in one space; refuses to compare apples with pears."""
        start = 0
        for name, width in self.spaces:
            if name == space:
                return self.x[:, start : start + width]
            start += width
        have = " + ".join(name for name, _ in self.spaces)
        hint = f"Add {space!r} to the recipe's encoders, or ask with a query of {have!r}."
        raise SpaceError("Tokens.part", f"tokens with channels of {space!r}", have, hint)

    def on_grid(self, who: str) -> Float[Tensor, "t h w d"]:
        """Features on the grid; only while there is one token per cell, in order."""
        t, h, w = self.grid
        if not self._one_per_cell:
            expected = f"one token per cell of {self.grid}"
            hint = "Put it first in the recipe."
            raise ShapeError(who, expected, f"{len(self)} merged or selected tokens", hint)
        return rearrange(self.x, "(t h w) d -> t h w d", t=t, h=h, w=w)

    def mass(self) -> Int[Tensor, "n"]:
        """How many cells each token speaks for."""
        return torch.bincount(self.edges[:, 0], minlength=len(self))

    def centre(self) -> Float[Tensor, "n 3"]:
        """Mean (frame, row, column) of a token's cells, weighted by share; nan without cells."""
        return centres(self.edges, self.share, len(self), self.grid[1:])

    def ends_s(self) -> Float[Tensor, "t"]:
        """When each grid frame gives way to the next one; the last stands until the film ends."""
        told = self.duration_s > self.times_s[-1].item()
        last = self.duration_s if told else _last_end(self.times_s)
        return torch.cat([self.times_s[1:], self.times_s.new_tensor([last])])

    # -- making fewer or other tokens ------------------------------------------------------

    def derive(
        self,
        x: Float[Tensor, "m c"],
        step: Int[Tensor, "s 2"],
        share: Float[Tensor, "s"],
        kind: Kind,
        spaces: tuple[Space, ...] | None = None,
    ) -> "Tokens":
        """Tokens made by any stage: row k of `step` says new token `step[k, 0]` took
        `share[k]` of old token `step[k, 1]`. Provenance is the sparse product of both steps.

        Shares are scaled to add up to 1 for every new token that has any.
        """  # noqa: D205
        n, cells = len(self), self._cells
        cell_each = self._one_per_cell and bool((self.share == 1).all())
        old = None if cell_each else (self.edges, self.share)
        edges, part = compose(step, share.to(self.share.dtype), old, (len(x), n, cells))
        low, high = torch.aminmax(edges[:, 1]) if len(edges) else (0, 0)
        if low < 0 or high >= cells:
            raise ShapeError("Tokens.derive", f"steps from {n} tokens", f"one from {int(high)}")
        return self._with(
            x=x,
            edges=edges,
            share=part,
            kind=weakest(self.kind, kind),
            spaces=self.spaces if spaces is None else spaces,
        )

    def select(self, index: Int[Tensor, "m"]) -> "Tokens":
        """Keep these tokens, in this order, bit for bit."""
        new = torch.arange(len(index), device=index.device)
        one = torch.ones_like(new, dtype=self.share.dtype)
        x = self.x.index_select(0, index)  # row by row; `x[index]` takes several times longer
        return self.derive(x, torch.stack([new, index], 1), one, "hard")

    def regroup(
        self, group: Int[Tensor, "n"], weight: Float[Tensor, "n"] | None = None
    ) -> "Tokens":
        """Average the tokens that share a group number; -1 drops a token.

        Group numbers run from 0 without gaps and give the order of the result. A token counts
        as often as it has cells unless `weight` says otherwise, so that merging in rounds
        equals merging at once.
        """
        kept = group >= 0
        if not kept.any():
            raise ShapeError("Tokens.regroup", "at least one kept token", "only -1")
        old = kept.nonzero().squeeze(1)
        old = old[group[old].argsort(stable=True)]  # group by group: nothing is sorted again
        new, count = group[old], int(group.max()) + 1
        share = self.mass().clamp_min(1) if weight is None else weight
        share = share[old].to(self.share.dtype)
        total = share.new_zeros(count).index_add(0, new, share)
        if (torch.bincount(new, minlength=count) == 0).any():
            raise ShapeError("Tokens.regroup", "group numbers without gaps", count, "Renumber.")
        share = share / total.clamp_min(1e-12)[new]
        x = weighted_sums(self.x, old, new, share)
        kind: Kind = "hard" if len(old) == count else "mean"
        return self.derive(x, torch.stack([new, old], 1), share, kind)

    def joined(self, other: "Tokens") -> "Tokens":
        """These tokens, then the other ones; both from the same clip and grid."""
        if self.grid != other.grid or not torch.equal(self.times_s, other.times_s):
            raise ShapeError("Tokens.joined", f"tokens of grid {self.grid}", other.grid)
        if self.spaces != other.spaces:
            raise SpaceError("Tokens.joined", f"channels of {self.spaces}", other.spaces)
        moved = other.edges + other.edges.new_tensor([len(self), 0])
        return self._with(
            x=torch.cat([self.x, other.x]),
            edges=torch.cat([self.edges, moved]),
            share=torch.cat([self.share, other.share]),
            kind=weakest(self.kind, other.kind),
        )

    def beside(self, other: "Tokens") -> "Tokens":
        """The same tokens with the other encoder's channels appended, read at each cell's centre.

        A token of several cells (a tubelet) takes their mean, by its shares. Both must have the
        same times and leave no cell out; the other grid may be coarser, and see another part of
        the frame: beyond its edge its nearest cell is read.
        """
        if not torch.equal(self.times_s, other.times_s):
            raise ShapeError("Tokens.beside", "the same frame times", other.times_s.tolist()[:4])
        for tokens in (self, other):
            if not tokens.kept().all():
                hint = "Put it first in the recipe."
                raise ShapeError("Tokens.beside", "tokens for every cell", "some left out", hint)
        rows, cols = (_nearest(other, self, axis) for axis in (0, 1))
        read = other.x[other.owner()[:, rows][:, :, cols].flatten()].to(self.x.dtype)
        token, cell = self.edges.unbind(1)
        y = read.new_zeros(len(self), read.shape[1])
        y = y.index_add(0, token, read[cell] * self.share[:, None].to(read))
        return replace(self, x=torch.cat([self.x, y], 1), spaces=self.spaces + other.spaces)

    # -- back to pixels ----------------------------------------------------------------------

    def owner(self) -> Int[Tensor, "t h w"]:
        """For each cell, the token it gives the largest part to; -1 where it was dropped."""
        return owners(self.edges, self.share, self._cells).view(self.grid)

    def kept(self) -> Bool[Tensor, "t h w"]:
        """Cells that some token still speaks for."""
        seen = torch.zeros(self._cells, dtype=torch.bool, device=self.x.device)
        seen[self.edges[:, 1]] = True
        return seen.view(self.grid)

    def spread(self, value: Float[Tensor, "n"]) -> Float[Tensor, "t h w"]:
        """One value per token back on the cells it speaks for; nan where nobody does."""
        return spread(value, self.edges, self.share, self._cells).view(self.grid)

    def per_frame(self, value: Float[Tensor, "n"], best: float = 1.0) -> Float[Tensor, "t"]:
        """One value per frame: the mean over the `best` part of its cells; nan where none is left.

        Args:
            value: one number per token.
            best: part of a frame's speaking cells that counts, in (0, 1]; the highest ones.
        """
        return best_means(rearrange(self.spread(value), "t h w -> t (h w)"), best)

    @cached_property
    def _one_per_cell(self) -> bool:
        """Whether there is one token per cell, in order; found out once."""
        return one_each(self.edges, len(self), self._cells)

    @property
    def _cells(self) -> int:
        t, h, w = self.grid
        return t * h * w


def _nearest(have: Tokens, want: Tokens, axis: int) -> Int[Tensor, "want"]:
    """Which row (axis 0) or column (1) of `have` holds the centre of each one of `want`."""
    side = 1 - axis  # a view says left and right before top and bottom
    (a, b), (c, d) = ((tokens.view[side], tokens.view[side + 2]) for tokens in (have, want))
    count, many = have.grid[axis + 1], want.grid[axis + 1]
    centre = (torch.arange(many, device=want.x.device) + 0.5) * count / many
    return ((centre * (d - c) + (c - a) * count) / (b - a)).long().clamp(0, count - 1)


def _last_end(times_s: Float[Tensor, "t"]) -> float:
    """Where the last frame ends when the film does not say: one median step later."""
    step = times_s.diff().median().item() if len(times_s) > 1 else 1.0
    return times_s[-1].item() + step
