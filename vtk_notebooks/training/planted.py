"""Planted moments: made tokens in which one stretch of film points towards the question.

No pixels and no encoder, so a head can be trained and tested in seconds; what it learns is to find
an aligned stretch, not what anything looks like.
"""

from typing import NamedTuple

import torch
from torch.nn.functional import normalize

from vtk_notebooks.arrays import generator
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens


class Example(NamedTuple):
    """A film, a question, and when the answer is on."""

    tokens: Tokens
    query: Query
    moments: tuple[Moment, ...]


def planted(
    seed: int,
    *,
    frames: int = 32,
    side: int = 3,
    width: int = 32,
    strength: float = 1.0,
    space: str = "made",
    step_s: float = 0.5,
) -> Example:
    """A film of noise around a scene, with one planted moment of an eighth to a half of it.

    Args:
        seed: of everything that is drawn.
        frames: in the film, 8 or more.
        side: of the square grid, in cells.
        width: channels of a token.
        strength: length of the planted vector; scene and noise have length 1.
        space: the name of the feature space.
        step_s: seconds between frames.
    """
    if frames < 8:
        raise VtkError("planted", "8 or more frames", frames)
    draw = generator(seed)
    scene, asked = normalize(torch.randn(2, width, generator=draw), dim=-1)
    noise = normalize(torch.randn(frames, side, side, width, generator=draw), dim=-1)
    long = int(torch.randint(frames // 8, frames // 2 + 1, (), generator=draw))
    first = int(torch.randint(0, frames - long + 1, (), generator=draw))
    x = scene + noise
    x[first : first + long] += strength * asked
    tokens = Tokens.from_grid(x, torch.arange(frames) * step_s, frames * step_s, space=space)
    words = asked + 0.5 * normalize(torch.randn(4, width, generator=draw), dim=-1)
    names = tuple(f"word {i}" for i in range(4))
    query = Query(f"planted {seed}", normalize(words.mean(0), dim=-1), words, names, space)
    return Example(tokens, query, (Moment(first * step_s, (first + long) * step_s),))
