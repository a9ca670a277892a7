"""Ledger: when the frames of a stream were seen, and which of them each thing held was made of.

A memory holds few features, however long the stream. Which frames they came from is a note beside
it, a number for each frame and each merged thing; what is remembered never depends on it. It is for
pictures, and the only part that grows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import one_hot, pad

from vtk_notebooks.errors import ShapeError, SpaceError, VtkError
from vtk_notebooks.tokens import Kind, Tokens, weakest


@dataclass(frozen=True)
class Piece:
    """Tokens that were made of the same frames.

    Args:
        x: their features.
        share: of each of those frames; together 1.
        frames: numbers of those frames, rising.
        places: part of each cell of a frame in each token; rows add up to 1.
    """

    x: Float[Tensor, "m d"]
    frames: Int[Tensor, "f"]
    share: Float[Tensor, "f"]
    places: Float[Tensor, "m s"]

    @classmethod
    def of(cls, x: Float[Tensor, "m d"], number: int, places: Float[Tensor, "m s"]) -> "Piece":
        """Tokens of a single frame."""
        return cls(x, torch.tensor([number]), torch.ones(1), places)


class Ledger:
    """What came by, and the shares of its frames in whatever was merged.

    Args:
        who: the memory, for errors.
    """

    def __init__(self, who: str) -> None:
        self.who = who
        self.times_s: list[float] = []
        self._rows: dict[str, Float[Tensor, "k t"]] = {}
        self._like: Tokens | None = None

    def __len__(self) -> int:
        return len(self.times_s)

    @property
    def like(self) -> Tokens:
        """The first tokens that were written; without features, for what all of them share."""
        if self._like is None:
            raise VtkError(self.who, "a stream of one frame or more", "none yet", "Write first.")
        return self._like

    @property
    def cells(self) -> tuple[int, int]:
        """Rows and columns of a frame."""
        return self.like.grid[1], self.like.grid[2]

    def enter(self, tokens: Tokens, t_s: float | int) -> Iterator[tuple[int, Float[Tensor, "s d"]]]:
        """The frames of some tokens with their numbers, each noted when it is handed out.

        Nothing is when one of them is wrong.

        Args:
            tokens: one per cell of a few frames.
            t_s: when the first of these frames is seen; the others follow as their times tell.
        """
        frames = rearrange(tokens.on_grid(self.who), "t h w d -> t (h w) d")
        if not frames.isfinite().all():
            hint = "Look for frames that the encoder could not read."
            raise VtkError(self.who, "finite features", "nan or inf", hint)
        self._fits(tokens)
        times_s = [t_s + (t - tokens.times_s[0]).item() for t in tokens.times_s]
        for early_s, late_s in pairwise([*self.times_s[-1:], *times_s]):
            if not late_s > early_s:
                hint = "Write frames in the order in which they are seen."
                raise VtkError(self.who, f"a time after {early_s:g} s", f"{late_s:g} s", hint)
        if self._like is None:
            self._like = tokens.select(torch.arange(0, device=tokens.x.device))
        return self._noted(frames, times_s)

    def _noted(
        self, frames: Float[Tensor, "t s d"], times_s: list[float]
    ) -> Iterator[tuple[int, Float[Tensor, "s d"]]]:
        for frame, time_s in zip(frames, times_s, strict=True):
            self.times_s.append(time_s)
            yield len(self) - 1, frame

    def merge(self, name: str, share: Float[Tensor, "m n"], frames: Sequence[int]) -> None:
        """Note that the things of that name become others.

        Args:
            name: of the list of things.
            share: of each old thing, and behind them of each of these frames, in each new one.
            frames: numbers of the frames that join.
        """
        self._rows[name] = self.merged(name, share, frames)

    def merged(
        self, name: str, share: Float[Tensor, "m n"], frames: Sequence[int]
    ) -> Float[Tensor, "m t"]:
        """The shares of all frames that `merge` would note; nothing is noted."""
        return share.cpu().double() @ torch.cat([self.rows(name), self._alone(frames)])

    def join(self, name: str, frames: Sequence[int]) -> None:
        """Note that these frames become things of that name, as they are."""
        self._rows[name] = torch.cat([self.rows(name), self._alone(frames)])

    def keep(self, name: str, rows: Float[Tensor, "m t"] | None) -> None:
        """Note the shares of all frames in the things of that name; None strikes them out."""
        if rows is None:
            del self._rows[name]
        else:
            self._rows[name] = rows

    def rows(self, name: str) -> Float[Tensor, "k t"]:
        """The share of each frame in each thing of that name."""
        rows = self._rows.get(name, torch.zeros(0, len(self), dtype=torch.float64))
        return pad(rows, (0, len(self) - rows.shape[1]))

    def tokens(self, pieces: Sequence[Piece], kind: Kind) -> Tokens:
        """What is remembered, tied to the cells of all frames that came by."""
        like, grid = self.like, (len(self), *self.cells)
        s, n = grid[1] * grid[2], 0
        edges, shares = [], []
        for piece in pieces:
            table = piece.places.double()[:, None] * piece.share.double()[:, None]
            token, frame, place = table.nonzero().unbind(1)
            cell = piece.frames[frame] * s + place
            edges.append(torch.stack([n + token, cell], 1))
            shares.append(table[token, frame, place])
            n += len(piece.x)
        times_s = torch.tensor(self.times_s, dtype=like.times_s.dtype)
        step_s = times_s.diff().median().item() if len(self) > 1 else 1.0
        return Tokens(
            torch.cat([piece.x.to(like.x.dtype) for piece in pieces]),
            torch.cat(edges).to(like.x.device),
            torch.cat(shares).to(like.share),
            grid,
            times_s.to(like.times_s.device),
            times_s[-1].item() + step_s,
            weakest(like.kind, kind),
            like.spaces,
            like.view,
        )

    def _alone(self, frames: Sequence[int]) -> Float[Tensor, "f t"]:
        number = torch.tensor(list(frames), dtype=torch.long)
        return one_hot(number, len(self)).double().view(len(number), len(self))

    def _fits(self, tokens: Tokens) -> None:
        like = self._like
        if like is None:
            return
        if tokens.grid[1:] != like.grid[1:]:
            raise ShapeError(self.who, f"frames of {like.grid[1:]} cells", tokens.grid[1:])
        if tokens.spaces != like.spaces:
            raise SpaceError(self.who, f"channels of {like.spaces}", tokens.spaces)


def pieces_of(
    x: Float[Tensor, "k m d"], rows: Float[Tensor, "k t"], places: Float[Tensor, "m s"]
) -> list[Piece]:
    """Merged frames, each with the shares of the frames that it was made of."""
    there = [row.nonzero().squeeze(1) for row in rows]
    made = zip(x, rows, there, strict=True)
    return [Piece(one, frames, row[frames], places) for one, row, frames in made]


def held_bytes(memory: object) -> int:
    """Bytes of all that a memory holds of a stream: what of it is tensors, less its ledger."""
    return sum(_bytes(value) for value in vars(memory).values())


def _bytes(value: object) -> int:
    if isinstance(value, Ledger | torch.nn.Module):
        return 0
    if isinstance(value, Tensor):
        return value.nbytes
    if isinstance(value, dict):
        return sum(map(_bytes, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(_bytes, value))
    return sum(map(_bytes, vars(value).values())) if hasattr(value, "__dict__") else 0
