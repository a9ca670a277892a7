"""Watch: any film as vtk-tiny looks at it, and what it says as moments of that film."""

from dataclasses import replace

import numpy as np
import torch
from einops import rearrange
from torch.nn.functional import interpolate

from vtk_notebooks.clip import Clip
from vtk_notebooks.moment import Moment
from vtk_notebooks.tiny.films import CLOCK, FRAMES, SIDE
from vtk_notebooks.tiny.words import CLOCK_S, TIME


def watch(clip: Clip) -> Clip:
    """32 frames of 64 x 64 pixels, evenly spread, on a clock of 16 seconds.

    Args:
        clip: of any size and length; a frame stands until the next one comes.
    """
    asked_s = np.arange(FRAMES) * (clip.duration_s / FRAMES)
    chosen = np.searchsorted(clip.times_s, asked_s + 1e-9, side="right").clip(1) - 1
    x = rearrange(torch.from_numpy(clip.frames[chosen]).float(), "t h w c -> t c h w")
    if x.shape[-2:] != (SIDE, SIDE):
        x = interpolate(x, (SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False)
    frames = rearrange(x.round().clamp(0, 255).byte(), "t c h w -> t h w c").numpy()
    return Clip(frames, CLOCK, replace(clip.origin, duration_s=CLOCK_S))


def spans(text: str, duration_s: float | int) -> list[Moment]:
    """Every pair of time tokens in an answer, in seconds of the film.

    Args:
        text: as the model said it.
        duration_s: of the film itself, not of the model's clock.
    """
    return TIME.parse("".join(text.split()), float(duration_s))
