"""Windows: which cells of a grid lie in which block, and boxes around what stands out.

Windows that do not divide a grid are smaller at its far edges. Cells are numbered frame by frame,
then row by row; so are windows.
"""

import math
from typing import NamedTuple

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor

Size = tuple[int, int, int]
"""Frames, rows, columns."""


class Windows(NamedTuple):
    """The cells of every window, padded to the largest window."""

    member: Int[Tensor, "k m"]
    """Cell numbers; 0 where there is no cell."""
    inside: Bool[Tensor, "k m"]
    """Whether there is one."""

    def even(self) -> Float[Tensor, "k m"]:
        """Shares that average each window, in 64 bits."""
        return self.inside.double() / self.inside.sum(1, keepdim=True)


def counts(grid: Size, size: Size) -> Size:
    """How many windows there are along each axis."""
    t, h, w = (-(-n // k) for n, k in zip(grid, size, strict=True))
    return t, h, w


def windows(grid: Size, size: Size, device: torch.device | None = None) -> Windows:
    """All windows of a size, and their cells in order."""
    place = [_axis(n, k) for n, k in zip(grid, size, strict=True)]
    t, h, w = (_along(axis, p) for axis, p in enumerate(place))
    inside = (t < grid[0]) & (h < grid[1]) & (w < grid[2])
    cell = (t * grid[1] + h) * grid[2] + w
    return Windows(*(_flat(x).to(device) for x in (torch.where(inside, cell, 0), inside)))


def centres(grid: Size, size: Size, device: torch.device | None = None) -> Float[Tensor, "k m"]:
    """The point in the middle of each window, as shares of its cells.

    One cell where the window has odd sides, else the mean of the cells around the middle; where
    windows divide the grid, this is linear interpolation to one point per window.
    """
    t, h, w = (
        _along(axis, _middle(n, k)) for axis, (n, k) in enumerate(zip(grid, size, strict=True))
    )
    return _flat(t * h * w).to(device)


def box_around(score: Float[Tensor, "t h w"], part: float) -> Bool[Tensor, "t h w"]:
    """In each frame, the box of about that part of it around its best cells.

    The box is centred on the mean place of the best cells, as many of them as fit into the box's
    part of the frame, and moved inside where it would stick out.

    Args:
        score: of each cell.
        part: of the frame's area, in (0, 1].
    """
    _, h, w = score.shape
    tall, wide = box_size(h, w, part)
    best = rearrange(score, "t h w -> t (h w)").topk(max(1, int(h * w * part)), dim=1).indices
    top = (best // w).float().mean(1).long() - tall // 2
    left = (best % w).float().mean(1).long() - wide // 2
    rows = _between(top.clamp(0, h - tall), tall, h)
    columns = _between(left.clamp(0, w - wide), wide, w)
    return rows[:, :, None] & columns[:, None, :]


def box_size(h: int, w: int, part: float) -> tuple[int, int]:
    """Rows and columns of a box of that part of a frame, alike in shape."""
    side = math.sqrt(part)
    return max(1, round(h * side)), max(1, round(w * side))


def _between(first: Int[Tensor, "t"], many: int, n: int) -> Bool[Tensor, "t n"]:
    place = torch.arange(n, device=first.device)
    return (place >= first[:, None]) & (place < first[:, None] + many)


def _axis(n: int, k: int) -> Int[Tensor, "a k"]:
    """Places of each window along one axis; those of the last one may lie behind the end."""
    return torch.arange(-(-n // k) * k).view(-1, k)


def _middle(n: int, k: int) -> Float[Tensor, "a k"]:
    """Share of each place of a window in the window's middle."""
    place = torch.arange(k)
    long = (n - torch.arange(0, n, k)).clamp_max(k)[:, None]
    low, high = (long - 1) // 2, long // 2
    return ((place == low).float() + (place == high).float()) / 2


def _along(axis: int, x: Tensor) -> Tensor:
    """Windows and places of one axis, shaped to broadcast over those of all three."""
    shape = [1] * 6
    shape[axis], shape[3 + axis] = x.shape
    return x.reshape(shape)


def _flat(x: Tensor) -> Tensor:
    return rearrange(x, "a b c t h w -> (a b c) (t h w)")
