"""Clusters: weighted k-means in which a thing that stands for many counts as many.

After "Flash-VStream: Memory-Based Real-Time Understanding for Long Video Streams" (Zhang et al.,
2024, arXiv:2406.08085).
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

_ROUNDS, _STILL = 10, 1e-4


def weighted_k_means(
    x: Float[Tensor, "n d"],
    weight: Float[Tensor, "n"],
    k: int,
    draw: torch.Generator,
) -> tuple[Float[Tensor, "k n"], Float[Tensor, "k"]]:
    """What each of k centres takes of each thing, and the weight that it then stands for.

    It starts from k things drawn, and ends after 10 rounds or when the centres moved by less than
    1e-4 together. A centre that loses all its things becomes a thing drawn, which weighs nothing,
    so that there are always k.

    Args:
        x: the things, as many as k or more.
        weight: how much each counts.
        k: number of centres.
        draw: for the start and for lost centres.
    """
    n = len(x)
    taken = _alone(torch.randperm(n, generator=draw)[:k], x)
    centre, mass = taken @ x, weight.new_zeros(k)
    for _ in range(_ROUNDS):
        group = _distance(x, centre).argmin(1)
        member = torch.zeros_like(taken).index_put((group, torch.arange(n)), weight.to(x))
        mass = member.sum(1)
        lost = mass <= 0
        taken = member / mass.clamp_min(1e-12)[:, None]
        if lost.any():
            chosen = torch.randint(n, (int(lost.sum()),), generator=draw)
            taken[lost] = _alone(chosen, x)
        moved = taken @ x - centre
        centre = centre + moved
        if moved.norm(dim=1).sum() < _STILL:
            break
    return taken, mass.to(weight)


def _distance(x: Float[Tensor, "n d"], centre: Float[Tensor, "k d"]) -> Float[Tensor, "n k"]:
    """Exact where things are equal: `cdist` by matrix product is not."""
    return torch.cdist(x, centre, compute_mode="donot_use_mm_for_euclid_dist")


def _alone(number: Int[Tensor, "k"], x: Float[Tensor, "n d"]) -> Float[Tensor, "k n"]:
    return torch.nn.functional.one_hot(number, len(x)).to(x)
