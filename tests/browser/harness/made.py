"""A made film, its tokens and what was found in it.

The tests import this file, and their notebooks import a copy of it: one film for both.
"""

from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from einops import rearrange

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.moment import Moment
from vtk_notebooks.tokens import Tokens

T, H, W = 12, 4, 6
CELLS = T * H * W
STEP_S = 0.5
TRUTH = (Moment(2.0, 4.0, 1.0, "the square crosses"),)
HOSTILE = (
    '<img src=x onerror="window.executed=1"></script>'
    "<script>window.executed=1</script> & ' \\ ${x} {{y}}"
)


def film(name="made film"):
    """A bright square that wanders over a dark ground."""
    frames = np.full((T, 16 * H, 16 * W, 3), 40, dtype=np.uint8)
    for t in range(T):
        frames[t, 20:44, 6 * t : 6 * t + 24] = (230, 200, 90)
    return Clip(frames, np.arange(T) * STEP_S, Origin(name, duration_s=T * STEP_S))


def cells():
    """One token per cell."""
    x = torch.randn(T, H, W, 8, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, torch.arange(T) * STEP_S, T * STEP_S)


def merged(keep):
    """Runs of a cell over time: at keep = 0.25 each token speaks for four frames."""
    if keep > 0.85:
        raise ValueError(f"cannot keep so much: {HOSTILE}")
    run = torch.arange(CELLS) * max(1, round(keep * CELLS)) // CELLS
    return cells().regroup(rearrange(run, "(h w t) -> (t h w)", t=T, h=H, w=W))


def dropped(keep=0.5):
    """The first cells of every frame."""
    cell = torch.arange(CELLS)
    return cells().select(cell[cell % (H * W) < keep * H * W])


def found(tokens, label="time runs", question="when does it cross?", seen="a square") -> Any:
    """What a run has that widgets read."""
    saliency = torch.linspace(0, 1, T)
    saliency[1] = torch.nan
    return SimpleNamespace(
        clip=film(),
        stages=(SimpleNamespace(tokens=cells()), SimpleNamespace(tokens=tokens)),
        label=label,
        query=SimpleNamespace(text=question),
        moments=(Moment(2.5, 4.0, 0.9, seen), Moment(0.5, 1.0, 0.4)),
        saliency=saliency,
    )


def linked(**texts) -> Any:
    """The three widgets on one selection, and a list of the budgets that were asked for."""
    from vtk_widgets import FramePlayer, MomentTimeline, Selection, TokenMap

    selection, asked = Selection(), []

    def rerun(keep):
        asked.append(keep)
        return merged(keep)

    run = found(merged(0.25), **texts)
    return SimpleNamespace(
        selection=selection,
        asked=asked,
        player=FramePlayer.of(film(), selection),
        timeline=MomentTimeline.of(run, TRUTH, selection),
        token_map=TokenMap.of(run, selection=selection, rerun=rerun, keeps=(0.25, 0.5)),
    )
