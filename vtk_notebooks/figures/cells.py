"""Cells of one frame as pixels and lines: what a token speaks for, painted over the picture."""

import numpy as np
from einops import rearrange
from jaxtyping import Bool, Float, Int, UInt8

from vtk_notebooks.figures.palette import token_colours

View = tuple[float, float, float, float]
"""Part of the frame that a grid covers: left, top, right, bottom, in [0, 1]."""

FADE = 0.8
"""How much of a dropped cell turns white."""


def painted(
    frame: UInt8[np.ndarray, "y x 3"],
    owner: Int[np.ndarray, "h w"],
    merged: Bool[np.ndarray, "n"],
    view: View = (0.0, 0.0, 1.0, 1.0),
    tint: float = 0.5,
    fade: float = FADE,
) -> UInt8[np.ndarray, "y x 3"]:
    """The picture with merged cells in their token's colour and dropped ones faded to grey.

    A cell whose token speaks for nothing else keeps its own pixels: nothing happened to it.
    Pixels outside the view fade too, since no token speaks for them.

    Args:
        frame: the picture.
        owner: token per cell, -1 where none is left.
        merged: tokens that speak for more than one cell.
        view: where the cells lie in the picture.
        tint: part of the token's colour in the mixture.
        fade: how much of a dropped cell turns white.
    """
    owner = np.pad(owner, 1, constant_values=-1)  # a rim of dropped cells stands for "outside"
    ink, part = _inks(owner, merged, (tint, fade))
    (y, x, _), (h, w) = frame.shape, owner.shape
    rows, cols = _places(y, view[1], view[3], h - 2), _places(x, view[0], view[2], w - 2)
    at = np.ix_(rows, cols)
    grey = frame @ np.array([0.2126, 0.7152, 0.0722])
    base = np.where((owner[at] < 0)[..., None], grey[..., None], frame)
    mixed = base + part[at][..., None] * (255 * ink[at] - base)
    return mixed.round().astype(np.uint8)


def borders(
    owner: Int[np.ndarray, "h w"],
    merged: Bool[np.ndarray, "n"],
    view: View = (0.0, 0.0, 1.0, 1.0),
) -> Float[np.ndarray, "k 2 2"]:
    """Lines between groups, as (x, y) pairs in parts of the frame; runs of cells give one line.

    Between two cells that were both left alone there is none.
    """
    h, w = owner.shape
    plain = (owner >= 0) & ~np.append(merged, False)[owner]
    down = _runs(_differ(owner, plain)) / (w, h)  # (column, row) of both ends
    across = _runs(_differ(owner.T, plain.T))[..., ::-1] / (w, h)
    left, top, right, bottom = view
    size = np.array([right - left, bottom - top])
    return np.concatenate([down, across]) * size + np.array([left, top])


def _inks(
    owner: Int[np.ndarray, "h w"], merged: Bool[np.ndarray, "n"], parts: tuple[float, float]
) -> tuple[Float[np.ndarray, "h w 3"], Float[np.ndarray, "h w"]]:
    """Which colour each cell is mixed with, and how much of it."""
    tint, fade = parts
    ink = token_colours(rearrange(owner, "h w -> (h w)"))
    ink = rearrange(ink, "(h w) c -> h w c", h=len(owner))
    part = np.where(np.append(merged, False)[owner], tint, 0.0)  # owner -1 reads the last entry
    dropped = owner < 0
    return np.where(dropped[..., None], 1.0, ink), np.where(dropped, fade, part)


def _places(pixels: int, low: float, high: float, cells: int) -> Int[np.ndarray, "p"]:
    """For each pixel of a line, its cell's number from 1; 0 and `cells + 1` are outside."""
    at = ((np.arange(pixels) + 0.5) / pixels - low) / (high - low) * cells
    return np.clip(np.floor(at).astype(int) + 1, 0, cells + 1)


def _differ(
    owner: Int[np.ndarray, "h w"], plain: Bool[np.ndarray, "h w"]
) -> Bool[np.ndarray, "v h"]:
    """Whether a line stands at the right side of each cell but the last, column by column."""
    line = (owner[:, 1:] != owner[:, :-1]) & ~(plain[:, 1:] & plain[:, :-1])
    return line.T


def _runs(line: Bool[np.ndarray, "v h"]) -> Float[np.ndarray, "k 2 2"]:
    """Unbroken stretches as pairs of (column, row) corners."""
    edge = np.diff(np.pad(line, ((0, 0), (1, 1))).astype(int), axis=1)
    start, stop = np.argwhere(edge == 1), np.argwhere(edge == -1)
    return np.stack([start, stop], axis=1) + np.array([1.0, 0.0])
