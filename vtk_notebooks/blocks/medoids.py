"""Medoids: a few members of a list that stand for all of them.

Each member belongs to the medoid nearest to it, and each medoid is the member of its cluster that
is nearest to the others. Starts are drawn as in "k-means++: The Advantages of Careful Seeding"
(Arthur and Vassilvitskii, 2007): far from those already drawn.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.arrays import generator
from vtk_notebooks.errors import VtkError


@torch.no_grad()
def medoids(
    x: Float[Tensor, "n d"], k: int, *, seed: int = 0, rounds: int = 100
) -> tuple[Int[Tensor, "m"], Int[Tensor, "n"]]:
    """Numbers of the medoids, rising, and for each member which of them it belongs to.

    Args:
        x: members; compared by Euclidean distance.
        k: medoids wanted; as many as there are members, at most.
        seed: of the starts.
        rounds: after which it ends, if it has not come to rest.
    """
    if k < 1:
        raise VtkError("medoids", "one or more of them", k)
    # the exact distances: those by products are not 0 between equal members
    away = torch.cdist(x, x, compute_mode="donot_use_mm_for_euclid_dist")
    chosen = _starts(away, min(k, len(x)), seed)
    for _ in range(rounds):
        owner = _owners(away, chosen)
        cost = torch.where(owner == owner[:, None], away, 0).sum(1)
        best = [
            torch.where(owner == i, cost, torch.inf).argmin() for i in range(len(chosen))
        ]  # the first of equals
        moved = torch.stack(best).sort().values
        if torch.equal(moved, chosen):
            break
        chosen = moved
    return chosen, _owners(away, chosen)


def _owners(away: Float[Tensor, "n n"], chosen: Int[Tensor, "k"]) -> Int[Tensor, "n"]:
    """The nearest medoid; a medoid is its own, also where another one is equal to it."""
    owner = away[:, chosen].argmin(1)
    owner[chosen] = torch.arange(len(chosen), device=owner.device)
    return owner


def _starts(away: Float[Tensor, "n n"], k: int, seed: int) -> Int[Tensor, "k"]:
    draw, n = generator(seed), len(away)
    chosen = [int(torch.randint(n, (), generator=draw))]
    while len(chosen) < k:
        weight = away[chosen].amin(0).square().cpu().double()
        weight[chosen] = 0
        if not weight.any():  # only copies of what is chosen are left
            weight = torch.ones_like(weight).index_fill(0, torch.tensor(chosen), 0)
        chosen.append(int(torch.multinomial(weight, 1, generator=draw)))
    return torch.tensor(sorted(chosen), device=away.device)
