"""The Pareto front: results that nothing beats both in cost and in quality."""

import numpy as np
from jaxtyping import Float


def pareto(spots: Float[np.ndarray, "k 2"]) -> Float[np.ndarray, "f 2"]:
    """The points that no other point beats in both, cheapest first.

    Args:
        spots: cost (less is better) and quality (more is better) of each.
    """
    best, front = -np.inf, []
    for cost, quality in sorted(spots.tolist(), key=lambda s: (s[0], -s[1])):
        if quality > best:
            best = quality
            front.append((cost, quality))
    return np.array(front)
