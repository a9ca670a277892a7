"""Soft spans: stretches of film with slopes for edges, so that a gradient can move them.

A mask rises along one sigmoid and falls along another. The overlap of two masks is the sum of their
minima over the sum of their maxima, which for hard masks is the IoU of their intervals.
"""

import torch
from jaxtyping import Float
from torch import Tensor


def soft_span(
    centre: Float[Tensor, "m"],
    width: Float[Tensor, "m"],
    at: Float[Tensor, "t"],
    sharpness: float | int,
) -> Float[Tensor, "m t"]:
    """How much each of the points `at` lies inside each span, in (0, 1).

    Args:
        centre: of each span, in the unit of `at`.
        width: of each span; at its ends the mask is one half, unless the span is all slope.
        at: points in time.
        sharpness: how steep the slopes are; as it grows, the mask becomes hard.
    """
    start, end = (centre - width / 2)[:, None], (centre + width / 2)[:, None]
    return (sharpness * (at - start)).sigmoid() * (sharpness * (end - at)).sigmoid()


def soft_iou(a: Float[Tensor, "*m t"], b: Float[Tensor, "*m t"]) -> Float[Tensor, "*m"]:
    """Overlap of masks, in [0, 1]; 0 where neither holds anything."""
    inter, union = torch.minimum(a, b).sum(-1), torch.maximum(a, b).sum(-1)
    return inter / union.clamp_min(torch.finfo(union.dtype).tiny)


def pairwise_soft_iou(masks: Float[Tensor, "m t"]) -> Float[Tensor, ""]:
    """The mean overlap of every two of the masks; 0 for a single one."""
    one, other = torch.triu_indices(len(masks), len(masks), 1, device=masks.device)
    if not len(one):
        return masks.sum() * 0
    return soft_iou(masks[one], masks[other]).mean()
