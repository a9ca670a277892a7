"""Intervals as tensors: (start, end) or (centre, width), as parts of a film, and how they overlap.

GIoU is that of "Generalized Intersection over Union" (Rezatofighi et al., 2019, arXiv:1902.09630),
in one dimension.
"""

import torch
from jaxtyping import Float
from torch import Tensor


def to_ends(span: Float[Tensor, "*b 2"]) -> Float[Tensor, "*b 2"]:
    """(centre, width) as (start, end); nothing is clamped."""
    centre, half = span[..., 0], span[..., 1] / 2
    return torch.stack([centre - half, centre + half], -1)


def to_centre(span: Float[Tensor, "*b 2"]) -> Float[Tensor, "*b 2"]:
    """(start, end) as (centre, width)."""
    start, end = span.unbind(-1)
    return torch.stack([(start + end) / 2, end - start], -1)


def iou(a: Float[Tensor, "*#b 2"], b: Float[Tensor, "*#b 2"]) -> Float[Tensor, "..."]:
    """Intersection over union in [0, 1], pair by pair; 0 where the union is empty."""
    inter, union, _ = _overlap(a, b)
    return inter / union.clamp_min(1e-12)


def giou(a: Float[Tensor, "*#b 2"], b: Float[Tensor, "*#b 2"]) -> Float[Tensor, "..."]:
    """IoU less the part of the hull that neither covers, in (-1, 1], pair by pair."""
    inter, union, hull = _overlap(a, b)
    return inter / union.clamp_min(1e-12) - (hull - union) / hull.clamp_min(1e-12)


def _overlap(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Lengths of intersection, union and hull."""
    inter = torch.minimum(a[..., 1], b[..., 1]) - torch.maximum(a[..., 0], b[..., 0])
    inter = inter.clamp_min(0)
    union = (a[..., 1] - a[..., 0]) + (b[..., 1] - b[..., 0]) - inter
    hull = torch.maximum(a[..., 1], b[..., 1]) - torch.minimum(a[..., 0], b[..., 0])
    return inter, union, hull
