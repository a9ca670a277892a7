"""Planted objects: made tokens in which a thing moves through some frames, with its exact masks.

No pixels and no encoder, like `planted`; there a whole frame answers the question, here a few
cells do, while another thing that was not asked for moves through the whole film.
"""

from typing import NamedTuple

import torch
from jaxtyping import Bool
from torch import Tensor
from torch.nn.functional import normalize

from vtk_notebooks.arrays import generator
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens


class Shown(NamedTuple):
    """A film, a question about a thing, when it is on screen, and where."""

    tokens: Tokens
    query: Query
    moments: tuple[Moment, ...]
    masks: Bool[Tensor, "t h w"]
    other: Bool[Tensor, "t h w"]
    """Where the other thing is; the one asked for lies in front of it."""


def planted_object(
    seed: int,
    *,
    frames: int = 16,
    side: int = 8,
    size: int = 3,
    width: int = 32,
    noise: float = 0.5,
    space: str = "made",
    step_s: float = 0.5,
) -> Shown:
    """A film of a scene, with the thing that is asked for in a quarter to a half of it.

    Args:
        seed: of everything that is drawn.
        frames: in the film, 8 or more.
        side: of the square grid, in cells.
        size: of a thing's side, in cells, below `side`.
        width: channels of a token.
        noise: length of each cell's noise; scene and things have length 1.
        space: the name of the feature space.
        step_s: seconds between frames.
    """
    if frames < 8 or not 0 < size < side:
        got = f"{frames} frames, things of {size} in {side}"
        raise VtkError("planted_object", "8 or more frames and things smaller than them", got)
    draw = generator(seed)
    scene, asked, other = normalize(torch.randn(3, width, generator=draw), dim=-1)
    grain = normalize(torch.randn(frames, side, side, width, generator=draw), dim=-1)
    long = int(torch.randint(frames // 4, frames // 2 + 1, (), generator=draw))
    first = int(torch.randint(0, frames - long + 1, (), generator=draw))
    there, elsewhere = (_moving(frames, side, size, draw) for _ in range(2))
    number = torch.arange(frames)
    there = there & ((number >= first) & (number < first + long))[:, None, None]
    x = scene + noise * grain
    x = torch.where(elsewhere[..., None], x + other, x)
    x = torch.where(there[..., None], scene + noise * grain + asked, x)
    tokens = Tokens.from_grid(x, number * step_s, frames * step_s, space=space)
    query = Query(f"planted object {seed}", asked, asked[None], ("thing",), space)
    moment = Moment(first * step_s, (first + long) * step_s)
    return Shown(tokens, query, (moment,), there, elsewhere & ~there)


def _moving(frames: int, side: int, size: int, draw: torch.Generator) -> Bool[Tensor, "t h w"]:
    """A square that goes from one place to another."""
    begin, finish = torch.randint(0, side - size + 1, (2, 2), generator=draw)
    part = torch.linspace(0, 1, frames)[:, None]
    corner = (begin + part * (finish - begin)).round().long()
    cell = torch.arange(side)
    inside = (cell >= corner[..., None]) & (cell < corner[..., None] + size)
    return inside[:, 0, :, None] & inside[:, 1, None, :]
