"""Contrast: pairs that belong together against all others of a batch, in both directions."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize


def cosines(a: Float[Tensor, "b d"], b: Float[Tensor, "c d"]) -> Float[Tensor, "b c"]:
    """The cosine of every row with every other one."""
    return normalize(a, dim=-1) @ normalize(b, dim=-1).T


def symmetric_cross_entropy(logits: Float[Tensor, "b b"]) -> Float[Tensor, ""]:
    """Cross-entropy of the diagonal, the mean of rows and columns; log b where all are alike."""
    own = torch.arange(len(logits), device=logits.device)
    return (cross_entropy(logits, own) + cross_entropy(logits.T, own)) / 2
