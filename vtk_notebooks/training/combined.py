"""Combined moments: made tokens in which what is asked for is a pair, and half of it is a trap.

Each film has three moments: one shows both things that are asked for, say a red and a ball, the
others only one of them beside another thing. Some pairs are never shown when a head is trained
(`unseen`), so that it can be asked for combinations it has not met.
"""

from collections.abc import Iterator

import torch
from torch.nn.functional import normalize

from vtk_notebooks.arrays import generator
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens
from vtk_notebooks.training.planted import Example

KINDS = 6
"""Things of either sort; 36 pairs, of which 6 are held out."""


def is_held_out(pair: tuple[int, int]) -> bool:
    """Whether no training shows that pair; every thing is in one such pair, and in five others."""
    return sum(pair) % KINDS == 0


def combined(
    seed: int,
    *,
    unseen: bool = False,
    frames: int = 32,
    side: int = 3,
    width: int = 32,
    space: str = "made",
    step_s: float = 0.5,
) -> Example:
    """A film of noise around a scene with three moments, one of which is asked for.

    Args:
        seed: of everything but the things themselves, which are the same in all films.
        unseen: ask for a pair that is held out; otherwise for one that is not.
        frames: in the film, 16 or more.
        side: of the square grid, in cells.
        width: channels of a token.
        space: the name of the feature space.
        step_s: seconds between frames.
    """
    if frames < 16:
        raise VtkError("combined", "16 or more frames", frames)
    draw = generator(seed)
    things = normalize(torch.randn(2, KINDS, width, generator=generator(KINDS)), dim=-1)
    pair = next(p for p in _pairs(draw) if is_held_out(p) == unseen)
    i, j = (next(p[k] for p in _pairs(draw) if p[k] != pair[k]) for k in (0, 1))
    shown = [pair, (i, pair[1]), (pair[0], j)]
    scene = normalize(torch.randn(width, generator=draw), dim=-1)
    noise = normalize(torch.randn(frames, side, side, width, generator=draw), dim=-1)
    x, places = scene + noise, _places(frames, draw)
    for (a, b), (first, stop) in zip(shown, places, strict=True):
        x[first:stop] += (things[0, a] + things[1, b]) / 2**0.5
    tokens = Tokens.from_grid(x, torch.arange(frames) * step_s, frames * step_s, space=space)
    words = things[[0, 1], list(pair)]
    query = Query(f"pair {pair}", normalize(words.mean(0), dim=-1), words, ("one", "other"), space)
    first, stop = places[0]
    return Example(tokens, query, (Moment(first * step_s, stop * step_s),))


def _pairs(draw: torch.Generator) -> Iterator[tuple[int, int]]:
    """Pairs of things, drawn without end."""
    while True:
        a, b = torch.randint(KINDS, (2,), generator=draw).tolist()
        yield a, b


def _places(frames: int, draw: torch.Generator) -> list[tuple[int, int]]:
    """First frame and stop of three moments that do not touch, in any order."""
    long = torch.randint(frames // 8, frames // 5 + 1, (3,), generator=draw)
    free = frames - int(long.sum()) - 2
    cuts = torch.randint(free + 1, (3,), generator=draw).sort().values
    first = cuts + torch.arange(3) + torch.cat([long.new_zeros(1), long.cumsum(0)[:-1]])
    order = torch.randperm(3, generator=draw)
    return [(int(first[k]), int(first[k] + long[k])) for k in order]
