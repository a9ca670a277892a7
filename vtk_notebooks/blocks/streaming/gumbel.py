"""Gumbel top-k: a choice of k that noise can change and gradients can reach."""

import torch
from jaxtyping import Float, Int
from torch import Tensor


def gumbel_topk(
    score: Float[Tensor, "n"], k: int, tau: float | int, draw: torch.Generator
) -> Int[Tensor, "k"]:
    """The k best, the best first; with noise, k drawn without replacement.

    Each is drawn first with probability softmax(score / tau).

    Args:
        score: of each thing.
        k: how many, or as many as there are.
        tau: temperature; 0 for no noise.
        draw: for the noise.
    """
    noise = -torch.rand(len(score), generator=draw).clamp_min(1e-12).log()
    heard = score if tau == 0 else score / tau - noise.clamp_min(1e-12).log().to(score)
    return heard.topk(min(k, len(score))).indices


def straight_through(
    score: Float[Tensor, "n"], chosen: Int[Tensor, "k"], tau: float | int
) -> Float[Tensor, "n"]:
    """1 for what was chosen and 0 for the others, with the gradient of softmax(score / tau)."""
    soft = (score / tau).softmax(0)
    hard = torch.zeros_like(soft).index_fill(0, chosen, 1.0)
    return hard + (soft - soft.detach())
