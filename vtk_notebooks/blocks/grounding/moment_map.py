"""Moment map: all stretches of a film of n equal parts, as a table of first and last part.

The two-dimensional map of "Learning 2D Temporal Adjacent Networks for Moment Localization with
Natural Language" (Zhang et al., 2020, arXiv:1912.03590). Only the half where the first part is not
behind the last one means anything; `cells` lists it.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor


def cells(parts: int) -> Int[Tensor, "n 2"]:
    """First and last part of every stretch, row by row."""
    return torch.triu_indices(parts, parts).T


def spans(parts: int) -> Float[Tensor, "n 2"]:
    """Start and end of every stretch, as parts of the film."""
    return (cells(parts) + torch.tensor([0, 1])) / parts


def shares(
    clips: Float[Tensor, "b t 2"], mask: Bool[Tensor, "b t"], parts: int
) -> Float[Tensor, "b n t"]:
    """How much of each of n equal parts of a film every clip covers; rows add up to 1."""
    edge = torch.arange(parts + 1, device=clips.device) / parts
    start = torch.maximum(clips[:, None, :, 0], edge[:-1, None])
    end = torch.minimum(clips[:, None, :, 1], edge[1:, None])
    cover = (end - start).clamp_min(0) * mask[:, None]
    return cover / cover.sum(-1, keepdim=True).clamp_min(1e-9)


def means(x: Float[Tensor, "b p c"]) -> Float[Tensor, "b n c"]:
    """The mean over the parts of every stretch, in the order of `cells`."""
    first, last = cells(x.shape[1]).to(x.device).unbind(1)
    total = torch.nn.functional.pad(x.cumsum(1), (0, 0, 1, 0))
    return (total[:, last + 1] - total[:, first]) / (last + 1 - first)[:, None]


def as_table(value: Float[Tensor, "*b n"], parts: int) -> Float[Tensor, "*b p p"]:
    """Values in the order of `cells` as a table, to be drawn; nan where there is no stretch."""
    first, last = cells(parts).unbind(1)
    table = value.new_full((*value.shape[:-1], parts, parts), torch.nan)
    table[..., first, last] = value
    return table
