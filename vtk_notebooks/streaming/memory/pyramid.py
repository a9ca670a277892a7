"""Pyramid memory: banks of falling resolution, and of two alike the earlier is handed down.

After "Online Video Understanding: A Comprehensive Benchmark and Memory-Augmented Method" (Huang et
al., 2025, arXiv:2501.00584), VideoChat-Online. As there, and in its released code: three banks hold
frames of 256, 64 and 16 tokens, 64 frames each; every 8th frame enters the first, every other 4th
the second, all others the third. A bank that is full looks for the two frames that follow each
other in it and are most alike by the cosine of their means; the earlier leaves, is resized
bilinearly, and joins the next bank, which may drop one of its own for it, but hands down none. What
is read comes in the order of the film.

What differs: pools of 1, 2 and 4 cells a side, whatever the grid, so that 16 x 16 cells give the
paper's numbers; a side that a pool does not divide is rounded up. A bank of one frame lets it go,
where the released code fails, and a bank of none is refused, where it grows without a bound.
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, ClassVar

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import interpolate

from vtk_notebooks.blocks.kernels import precise
from vtk_notebooks.blocks.streaming.ledger import Ledger, Piece
from vtk_notebooks.blocks.streaming.neighbours import first_of_twins
from vtk_notebooks.blocks.streaming.pooling import pooling
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@dataclass(frozen=True)
class _Frame:
    """A frame in a bank: its number, its tokens, and the banks that it has been in."""

    number: int
    x: Float[Tensor, "m d"]
    banks: tuple[int, ...]


@register(
    "memory",
    "pyramid",
    title="Pyramid memory (VideoChat-Online)",
    paper="Online Video Understanding: A Comprehensive Benchmark and Memory-Augmented Method",
    year=2025,
    arxiv="2501.00584",
    atlas=("videochat_online",),
)
@dataclass(eq=False)
class PyramidMemory:
    """Recent and rare frames in full, the others in less.

    Args:
        capacity: frames that each bank holds.
        pools: cells a side that become one token in each bank.
        intervals: a frame enters the first bank whose interval divides its number, from 0 on; the
            last one is 1.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    capacity: tuple[int, ...] = (64, 64, 64)
    pools: tuple[int, ...] = (1, 2, 4)
    intervals: tuple[int, ...] = (8, 4, 1)

    def __post_init__(self) -> None:
        told = (self.capacity, self.pools, self.intervals)
        if len(set(map(len, told))) != 1 or not self.capacity:
            raise VtkError("PyramidMemory", "a capacity, a pool and an interval per bank", told)
        if min(map(min, told)) < 1 or self.intervals[-1] != 1:
            expected = "numbers of 1 or more, the last interval 1"
            raise VtkError("PyramidMemory", expected, told, "A bank of 0 frames holds nothing.")
        self.reset()

    @classmethod
    def example(cls) -> dict[str, Any]:
        """Banks that are full after two dozen frames."""
        return {"capacity": (3, 4, 5)}

    def reset(self) -> None:
        self._ledger = Ledger("PyramidMemory")
        self._banks: list[list[_Frame]] = [[] for _ in self.capacity]

    @property
    def banks(self) -> list[list[int]]:
        """Numbers of the frames in each bank, in the order in which they came in."""
        return [[frame.number for frame in bank] for bank in self._banks]

    def most(self, cells: tuple[int, int]) -> int:
        sizes = [rows * columns for rows, columns in self._sizes(cells)]
        return sum(n * size for n, size in zip(self.capacity, sizes, strict=True))

    def write(self, tokens: Tokens, t_s: float | int) -> None:
        for number, frame in self._ledger.enter(tokens, t_s):
            bank = next(i for i, every in enumerate(self.intervals) if number % every == 0)
            x = (self._places((bank,)).to(precise(frame)) @ precise(frame)).to(frame.dtype)
            gone = self._enter(bank, _Frame(number, x, (bank,)))
            if gone is not None and bank + 1 < len(self._banks):
                self._enter(bank + 1, self._shrunk(gone, bank + 1))

    def read(self, query: Query | None = None) -> Tokens:
        """What is remembered, in the order of the film; questions make no difference."""
        held = sorted((f for bank in self._banks for f in bank), key=lambda f: f.number)
        pieces = [Piece.of(f.x, f.number, self._places(f.banks)) for f in held]
        return self._ledger.tokens(pieces, self.kind)

    def _enter(self, bank: int, frame: _Frame) -> _Frame | None:
        """The frame goes into the bank; one that has to leave for it comes out."""
        held, gone = self._banks[bank], None
        if len(held) == self.capacity[bank]:
            gone = held.pop(_earlier_of_twins(held))
        held.append(frame)
        return gone

    def _shrunk(self, frame: _Frame, bank: int) -> _Frame:
        sizes = self._sizes(self._ledger.cells)
        x = precise(frame.x)
        x = (_resizing(sizes[frame.banks[-1]], sizes[bank]).to(x) @ x).to(frame.x.dtype)
        return _Frame(frame.number, x, (*frame.banks, bank))

    def _sizes(self, cells: tuple[int, int]) -> list[tuple[int, int]]:
        """Rows and columns of a frame's tokens in each bank."""
        return [(-(-cells[0] // pool), -(-cells[1] // pool)) for pool in self.pools]

    def _places(self, banks: tuple[int, ...]) -> Float[Tensor, "m s"]:
        """What each token takes of each cell after it has been in these banks."""
        sizes = self._sizes(self._ledger.cells)
        places = pooling(self._ledger.cells, *sizes[banks[0]])
        for before, after in pairwise(banks):
            places = _resizing(sizes[before], sizes[after]) @ places
        return places


def _earlier_of_twins(held: list[_Frame]) -> int:
    """The place of the first of the two neighbours that are most alike."""
    if len(held) == 1:
        return 0
    mean = torch.stack([precise(frame.x).mean(0) for frame in held])
    return first_of_twins(mean)


@cache
def _resizing(before: tuple[int, int], after: tuple[int, int]) -> Float[Tensor, "m s"]:
    """What each token takes of each when a frame is resized bilinearly."""
    cells = torch.eye(before[0] * before[1], dtype=torch.float64)
    picture = rearrange(cells, "s (h w) -> 1 s h w", h=before[0])
    resized = interpolate(picture, after, mode="bilinear", align_corners=False)
    return rearrange(resized, "1 s h w -> (h w) s")
