"""Shelf: films as the tower sees them, made once and taken off many times."""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.tiny.films import LessonFilm, lesson_film
from vtk_notebooks.tiny.tower import patches, see
from vtk_notebooks.video.synth.scene import Scene


class Shelf(NamedTuple):
    """Video tokens of many films, and what happens in them."""

    tokens: Float[Tensor, "films t y x d"]
    scenes: list[Scene]


@torch.inference_mode()
def shelf(
    model: Any,
    seeds: range,
    *,
    events: int | None = None,
    held_out: bool = False,
    tell: Callable[[int, int], None] | None = None,
) -> Shelf:
    """Films of these numbers, through the tower.

    Args:
        model: its tower is done with learning.
        seeds: numbers of films.
        events: in each film; by lot unless said.
        held_out: with looks that are kept back.
        tell: told films done, and of how many.
    """
    seen, scenes = list[Tensor](), list[Scene]()
    for first in range(0, len(seeds), 16):
        films = [lesson_film(s, events, held_out) for s in seeds[first : first + 16]]
        seen.append(_seen(model, films).half())
        scenes += [f.film.scene for f in films]
        if tell:
            tell(len(scenes), len(seeds))
    return Shelf(torch.cat(seen), scenes)


def _seen(model: Any, films: list[LessonFilm]) -> Float[Tensor, "b t y x d"]:
    x = patches(films)
    seen = see(model.model.visual, rearrange(x, "b g n c -> (b g) n c"))
    return rearrange(seen, "(b g) y x d -> b g y x d", b=len(films))
