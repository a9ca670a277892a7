"""Patches that span several frames, and frames of any size: what several towers share."""

import math
from collections.abc import Mapping
from typing import Any

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import WeightsError
from vtk_notebooks.tokens import Space, Tokens


def grouped(x: Float[Tensor, "g h w d"], clip: Clip, per: int, space: str) -> Tokens:
    """Tokens of groups of `per` frames, each tied to its place in all frames of its group.

    The last group may have fewer frames: towers repeat the last one, which adds no new cell.
    """
    g, h, w, d = x.shape
    frames = len(clip)
    token = torch.arange(g * h * w)
    group, place = token // (h * w), token % (h * w)
    frame = group[:, None] * per + torch.arange(per)
    there = frame < frames
    edges = torch.stack([token[:, None].expand(-1, per), frame * h * w + place[:, None]], -1)
    share = there / there.sum(1, keepdim=True)
    return Tokens(
        rearrange(x, "g h w d -> (g h w) d"),
        edges[there],
        share[there],
        (frames, h, w),
        torch.tensor(clip.times_s),
        clip.duration_s,
        kind="concat" if per > 1 else "hard",
        spaces=(Space(space, d),),
    )


def smart_size(
    height: int, width: int, factor: int, settings: Mapping[str, Any]
) -> tuple[int, int]:
    """The size nearest to a frame's own whose sides are multiples of `factor`, within bounds.

    Args:
        height: of the frame, in pixels.
        width: likewise.
        factor: patch times merge.
        settings: with fewest and most pixels, as `min_pixels` and `max_pixels` or as `size` with
            `shortest_edge` and `longest_edge` (which count pixels, whatever they are called).
    """
    size = settings.get("size") or {}
    low = settings.get("min_pixels") or size.get("shortest_edge") or 56 * 56
    high = settings.get("max_pixels") or size.get("longest_edge") or 28 * 28 * 1280
    if max(height, width) > 200 * min(height, width):
        raise WeightsError("frames", "an aspect ratio below 200", f"{height} x {width}")
    y, x = (round(side / factor) * factor for side in (height, width))
    if y * x > high:
        shrink = math.sqrt(height * width / high)
        y, x = (max(factor, int(s / shrink / factor) * factor) for s in (height, width))
    elif y * x < low:
        grow = math.sqrt(low / (height * width))
        y, x = (math.ceil(side * grow / factor) * factor for side in (height, width))
    return y, x


def rows_by_frame(tokens: Tokens) -> list[tuple[int, Int[Tensor, "k"]]]:
    """Frames that some token stands for, and which, in order; a wide token goes to its middle.

    Tokens without a place go to the last frame.
    """
    frame = tokens.centre()[:, 0].nan_to_num(tokens.grid[0] - 1).floor().long()
    return [(int(f), (frame == f).nonzero().flatten()) for f in frame.unique()]
