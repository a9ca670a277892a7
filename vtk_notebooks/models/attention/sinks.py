"""Sinks: positions that almost every row attends to, whatever it is about.

After "Efficient Streaming Language Models with Attention Sinks" (Xiao et al., 2023,
arXiv:2309.17453). They hide what a row is really about, and they are real: so they are found and
shown, and a map without them says how much it left out.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.errors import VtkError


@dataclass(frozen=True)
class WithoutSinks:
    """A map whose sinks were taken out, and what they had.

    Args:
        weights: with columns of sinks at 0, rows scaled back to the sum they had.
        sinks: which keys they are.
        taken: of each row, the part that went to them.
    """

    weights: Float[Tensor, "... r k"]
    sinks: Int[Tensor, "s"]
    taken: Float[Tensor, "... r"]


def find_sinks(weights: Float[Tensor, "... r k"], times: float = 8.0) -> Int[Tensor, "s"]:
    """Keys that get more than so many times their fair share.

    Fair is an equal share among the keys that a row can see at all; a causal map's first key is
    seen by all rows, its last by one, and each is held against what those rows could give.

    Args:
        weights: attention; leading axes (batch, heads) are averaged over.
        times: how many times the fair share.
    """
    if not times > 1:
        raise VtkError("find_sinks", "times above 1", times)
    flat = weights.flatten(0, -3) if weights.ndim > 2 else weights[None]
    seen = flat > 0
    fair = (seen / seen.sum(-1, keepdim=True).clamp_min(1)).sum((0, 1))
    return (flat.sum((0, 1)) > times * fair.clamp_min(1e-12)).nonzero().flatten()


def without_sinks(
    weights: Float[Tensor, "... r k"], sinks: Int[Tensor, "s"] | None = None, times: float = 8.0
) -> WithoutSinks:
    """The map with sinks taken out; a row that saw nothing else becomes 0."""
    sinks = find_sinks(weights, times) if sinks is None else sinks
    rest = weights.clone()
    rest[..., sinks] = 0
    whole, left = weights.sum(-1, keepdim=True), rest.sum(-1, keepdim=True)
    scaled = torch.where(left > 0, rest * whole / left.clamp_min(1e-12), rest)
    return WithoutSinks(scaled, sinks, (whole - left)[..., 0])
