"""Frames on their way into a vision model: sized, scaled, and taken a few at a time."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn.functional import interpolate

Progress = Callable[[int, int], None]
"""Told how many frames are done, and of how many."""


def pixels(
    frames: UInt8[np.ndarray, "t h w 3"],
    size: tuple[int, int],
    mean: Sequence[float],
    std: Sequence[float],
) -> Float[Tensor, "t 3 y x"]:
    """The whole frames resized to (height, width) and normalised, channels first.

    Resized as bytes, bicubic and antialiased, as photos mostly are.

    Args:
        frames: RGB bytes.
        size: height and width to resize to; nothing is cropped or padded.
        mean: to take off each channel, for channels in [0, 1].
        std: to divide each channel by afterwards.
    """
    x = torch.from_numpy(np.array(frames))  # a copy: torch warns of read-only arrays
    x = interpolate(rearrange(x, "t h w c -> t c h w"), size, mode="bicubic", antialias=True)
    return (x.float() / 255 - _channels(mean)) / _channels(std)


def in_batches(
    frames: UInt8[np.ndarray, "t h w 3"],
    batch: int,
    run: Callable[[np.ndarray], Tensor],
    progress: Progress | None = None,
) -> Tensor:
    """What `run` makes of every `batch` frames, one after the other, float32 on the CPU.

    `run` works in inference mode; the result is an ordinary tensor that may be trained on.
    """
    made = []
    for start in range(0, len(frames), batch):
        with torch.inference_mode():
            made.append(run(frames[start : start + batch]).float().cpu())
        if progress is not None:
            progress(min(start + batch, len(frames)), len(frames))
    return torch.cat(made)


def _channels(values: Sequence[float]) -> Float[Tensor, "3 1 1"]:
    return rearrange(torch.tensor(values), "c -> c 1 1")
