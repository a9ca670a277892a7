"""Spans: many stretches of time at once, as arrays of (start, end) in seconds.

`Moment` is one stretch that is known to be right; a span is whatever a file or a model says, so
these functions also take inverted and empty ones and give them an overlap of 0.
"""

import numpy as np
from jaxtyping import Float


def hull_iou(
    a: Float[np.ndarray, "*#n 2"], b: Float[np.ndarray, "*#n 2"]
) -> Float[np.ndarray, "..."]:
    """Temporal IoU, pair by pair, with the hull as union; nan and inverted spans give 0.

    The hull is exact where `|a| + |b| - intersection` rounds a tie at a threshold away. For
    disjoint spans it is larger than the true union, which does not matter: their IoU is 0.
    """
    inter = np.minimum(a[..., 1], b[..., 1]) - np.maximum(a[..., 0], b[..., 0])
    hull = np.maximum(a[..., 1], b[..., 1]) - np.minimum(a[..., 0], b[..., 0])
    meet = inter > 0  # false for nan
    return np.divide(inter, hull, out=np.zeros(np.shape(inter)), where=meet)


def all_ious(a: Float[np.ndarray, "p 2"], b: Float[np.ndarray, "g 2"]) -> Float[np.ndarray, "p g"]:
    """Temporal IoU of every span of one list with every span of another."""
    return hull_iou(a[:, None], b[None])
