"""Cells: what tokens, merged or not, say about each place of a film, and heads that read it."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import normalize

from vtk_notebooks.blocks.grounding.batch import Batch, padded_batch
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens


class CellHead(TrainedHead):
    """Base of heads that read cells."""

    def collate(self, pairs: Sequence[tuple[Tokens, Query]]) -> Batch:
        """Cells of films on one grid, as unit vectors; zero where no token speaks for one."""
        return padded_batch([cell_means(tokens, q.space) for tokens, q in pairs], pairs)


def cell_means(tokens: Tokens, space: str) -> Float[Tensor, "t h w d"]:
    """Unit mean of the tokens that speak for each cell, weighted by share; 0 where none does.

    A frame without any token borrows its nearest neighbour's cells.
    """
    token, cell = tokens.edges.unbind(1)
    t, h, w = tokens.grid
    x = tokens.part(space).to(tokens.share.dtype)
    total = x.new_zeros(t * h * w, x.shape[1])
    total = total.index_add(0, cell, tokens.share[:, None] * x[token])
    number, seen = torch.arange(t, device=x.device), tokens.kept().flatten(1).any(1)
    near = (number[:, None] - number).abs().masked_fill(~seen, t).argmin(1)
    return normalize(total, dim=-1).float().view(t, h, w, -1)[near]
