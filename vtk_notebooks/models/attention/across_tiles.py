"""Across tiles: what `across_layers` says of whole maps, for chosen rows of maps nobody holds.

mean and max need the chosen rows of each layer and nothing else. rollout needs every row of every
layer but one at a time: a row of a product of matrices is that row times one matrix after the
other, from the last layer down, so blocks of rows are computed, used and let go.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.models.attention.tiles import AttentionTiles
from vtk_notebooks.models.steps import Cancel, Progress, Steps

_BLOCK = 128
"""Rows of all heads computed at a time: 16 heads over 4,096 keys are 34 MB."""


def mean_rows(
    tiles: AttentionTiles, positions: Int[Tensor, "r"], layers: Sequence[str] | None = None
) -> Float[Tensor, "r k"]:
    """Over layers and heads."""
    names = _names(tiles, layers)
    return torch.stack([tiles.rows(name, positions).mean(0) for name in names]).mean(0)


def most_rows(
    tiles: AttentionTiles, positions: Int[Tensor, "r"], layers: Sequence[str] | None = None
) -> Float[Tensor, "r k"]:
    """The largest over layers and heads; rows no longer add up to 1."""
    names = _names(tiles, layers)
    return torch.stack([tiles.rows(name, positions).amax(0) for name in names]).amax(0)


def rollout_rows(
    tiles: AttentionTiles,
    positions: Int[Tensor, "r"],
    *,
    residual: float = 0.5,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Float[Tensor, "r k"]:
    """Rows of `rollout` over all layers; time grows with the square of the prompt, memory does not.

    Args:
        tiles: of one stack of self-attention.
        positions: that look.
        residual: part of a layer's output that is its input.
        progress: told blocks of rows.
        cancel: asked between blocks.
    """
    names, steps = _names(tiles, None), Steps("rollout_rows", progress, cancel)
    _, n, keys = tiles.shape(names[0])
    if n != keys:
        raise ShapeError("rollout_rows", "self-attention", (n, keys))
    flow, blocks = torch.eye(n)[positions], torch.arange(n).split(_BLOCK)
    for number, name in enumerate(reversed(names)):
        mixed = residual * flow
        for place, block in enumerate(blocks):
            steps("rollout", number * len(blocks) + place, len(names) * len(blocks))
            part = flow[:, block]
            if part.any():
                mixed += (1 - residual) * part @ tiles.rows(name, block).mean(0)
        flow = mixed
    steps("rollout", len(names) * len(blocks), len(names) * len(blocks))
    return flow


def _names(tiles: AttentionTiles, layers: Sequence[str] | None) -> list[str]:
    names = list(tiles.layers if layers is None else layers)
    if not names:
        raise VtkError("AttentionTiles", "one or more layers", "none")
    return names
