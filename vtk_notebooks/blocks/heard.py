"""Who may have heard of whom in a layer that computes a part of the tokens; others pass."""

from collections.abc import Iterator

import torch
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.provenance import AT_ONCE, Edges, edge_table


def heard(
    done: Int[Tensor, "b k"], n: int, causal: bool
) -> tuple[Int[Tensor, "s 2"], Float[Tensor, "s"]]:
    """New token, old token and an even share: a row's tokens heard of each other, others of none.

    Args:
        done: computed tokens of equal parts of the clip, in order.
        n: tokens of the clip.
        causal: no token heard of a later one.
    """
    most = n + done.numel() * (done.shape[1] - 1)
    return edge_table(_steps(done, n // len(done), causal), most)


def _steps(done: Int[Tensor, "b k"], long: int, causal: bool) -> Iterator[Edges]:
    """Some parts of the clip at a time, by token, so that nothing is ever sorted again."""
    among = torch.ones(2 * done.shape[1:], dtype=torch.bool, device=done.device)
    new, old = (among.tril() if causal else among).nonzero().unbind(1)
    at_once = max(1, AT_ONCE // max(long, len(new)))
    for first in range(0, len(done), at_once):
        rows = done[first : first + at_once]
        alone = torch.arange(first * long, (first + len(rows)) * long, device=done.device)
        alone = alone[~torch.isin(alone, rows)]
        token = torch.cat([rows[:, new].flatten(), alone])
        of = torch.cat([rows[:, old].flatten(), alone])
        order = token.argsort(stable=True)
        yield token[order], of[order], torch.ones(len(order), device=done.device)
