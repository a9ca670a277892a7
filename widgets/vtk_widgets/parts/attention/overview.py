"""One pass over all heads: what each word does in each of them, and what sinks there are."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int, UInt8
from torch import Tensor

from vtk_notebooks.models.attention import AttentionTiles
from vtk_notebooks.models.steps import Cancel, Progress, Steps
from vtk_notebooks.tokens import Tokens

MOST_BINS = 32
"""Columns of one head's picture: frames, or runs of frames."""


class Overview(NamedTuple):
    """What one pass gives.

    Args:
        atlas: root of each word's part on each run of frames, for every head, in 255 steps.
        mean: of all layers and heads, words on keys.
        most: likewise the largest.
        judge: mean rows of the positions that sinks are judged by.
    """

    atlas: UInt8[Tensor, "l h r b"]
    mean: Float[Tensor, "r k"]
    most: Float[Tensor, "r k"]
    judge: Float[Tensor, "s k"]


def overview(
    tiles: AttentionTiles,
    token: Int[Tensor, "k"],
    tokens: Tokens,
    asked: Int[Tensor, "r"],
    sample: Int[Tensor, "s"],
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Overview:
    """Every layer once, all its heads together.

    Args:
        tiles: queries and keys.
        token: number of the video token at each position, -1 at words.
        tokens: what stood there.
        asked: words that can be picked.
        sample: rows that sinks are judged by.
        progress: told layers.
        cancel: asked between layers.
    """
    names, steps = list(tiles.layers), Steps("overview", progress, cancel)
    heads, many = max(tiles.shape(name)[0] for name in names), len(asked)
    on_bin = bins(token, tokens)
    atlas = torch.zeros(len(names), heads, many, on_bin.shape[1], dtype=torch.uint8)
    mean = torch.zeros(many, len(token))
    most, judge = mean.clone(), torch.zeros(len(sample), len(token))
    for number, name in enumerate(names):
        steps("looking through the layers", number, len(names))
        weights = tiles.rows(name, torch.cat([asked, sample]))
        looks = weights[:, :many]
        atlas[number, : len(looks)] = (255 * (looks @ on_bin).sqrt()).round().to(torch.uint8)
        mean += looks.mean(0) / len(names)
        most = torch.maximum(most, looks.amax(0))
        judge += weights[:, many:].mean(0) / len(names)
    return Overview(atlas, mean, most, judge)


def bins(token: Int[Tensor, "k"], tokens: Tokens) -> Float[Tensor, "k b"]:
    """Part of each key that lies in each run of frames; 0 at words."""
    t, h, w = tokens.grid
    count = min(t, MOST_BINS)
    which, cell = tokens.edges.unbind(1)
    at = cell // (h * w) * count // t
    per_token = torch.zeros(len(tokens), count)
    per_token.index_put_((which, at), tokens.share.float(), accumulate=True)
    return torch.where(token[:, None] >= 0, per_token[token.clamp_min(0)], 0.0)


def spread(n: int, many: int) -> Int[Tensor, "s"]:
    """Positions from first to last, evenly."""
    return torch.linspace(0, n - 1, min(n, many)).round().long()
