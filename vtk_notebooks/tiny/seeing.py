"""Seeing: the first stage of training, the tower alone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from einops import rearrange

from vtk_notebooks.tiny.build import PER, SPREAD, WIDTH
from vtk_notebooks.tiny.films import FRAMES, LessonFilm, lesson_film
from vtk_notebooks.tiny.tower import Readouts, patches, see, stacked, truth

Tell = Callable[[int, dict[str, float]], None]


def learn_to_see(
    model: Any,
    steps: int,
    *,
    films: int = 32,
    rate: float = 1.5e-3,
    seed: int = 0,
    first: int = 0,
    form: float | int = 1,
    tell: Tell | None = None,
) -> dict[str, float]:
    """Train the tower on dense labels; how often its read-outs are right on films not seen.

    Args:
        model: of `build`, trained in place.
        steps: of AdamW, rising for a tenth and falling along a cosine.
        films: new ones in every step; two moments of each are looked at, so that few look alike.
        rate: the highest learning rate.
        seed: of the read-outs' first weights.
        first: number of the first film.
        form: weight of the loss for forms, which come last.
        tell: told each step and its losses.
    """
    tower = model.model.visual.train()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        readouts = Readouts(WIDTH)
    weights = [*tower.parameters(), *readouts.parameters()]
    for weight in weights:
        weight.requires_grad_(True)
    optimiser = torch.optim.AdamW(weights, rate, weight_decay=0.01, betas=(0.9, 0.98))
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps, pct_start=0.1)
    for step in range(steps):
        shown = [_glimpse(first + step * films + i) for i in range(films)]
        x = rearrange(patches(shown), "b g n c -> (b g) n c")
        losses = readouts.losses(see(tower, x), stacked([truth(f) for f in shown]))
        loss = sum(losses.values()) + (form - 1) * losses["form"]
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        pace.step()
        if tell:
            tell(step, {k: v.item() for k, v in losses.items()})
    tower.eval()
    shown = [lesson_film(2**31 + i) for i in range(32)]
    with torch.inference_mode():
        x = see(tower, rearrange(patches(shown), "b g n c -> (b g) n c"))
        return readouts.right(x, stacked([truth(f) for f in shown]))


@torch.no_grad()
def settle(tower: Any, scale: float = 2 * SPREAD) -> None:
    """Bring tokens to the scale of words, about 0: layers that add to both can then change both."""
    shown = patches([lesson_film(2**31 + i) for i in range(32)])
    x = see(tower, rearrange(shown, "b g n c -> (b g) n c"))
    last, x = tower.merger.linear_fc2, rearrange(x, "g y x d -> (g y x) d")
    last.bias.sub_(x.mean(0))
    factor = scale / (x - x.mean(0)).square().mean().sqrt()
    last.weight.mul_(factor)
    last.bias.mul_(factor)


def _glimpse(number: int) -> LessonFilm:
    """Two of a film's moments."""
    groups = np.random.default_rng((number, 7)).choice(FRAMES // PER, 2, replace=False)
    return replace(lesson_film(number), groups=tuple(groups.tolist()))
