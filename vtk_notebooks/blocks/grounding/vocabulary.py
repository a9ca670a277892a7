"""Vocabulary: the different words of a batch, for heads that say which of them comes next."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor


@torch.no_grad()
def vocabulary(
    text: Float[Tensor, "b l d"], said: Bool[Tensor, "b l"]
) -> tuple[Int[Tensor, "b l"], Int[Tensor, "v"]]:
    """The number of each word, equal ones having the same, and where each is first said."""
    place = said.flatten().nonzero().squeeze(1)
    every, number = text.flatten(0, 1)[place].unique(dim=0, return_inverse=True)
    first = place.new_full((len(every),), len(said.flatten()))
    first = first.scatter_reduce(0, number, place, "amin")
    out = torch.zeros_like(said.flatten(), dtype=torch.long).index_copy(0, place, number)
    return out.view_as(said), first
