"""Pooling: a frame as fewer tokens, as the shares of its cells in each."""

from functools import cache

import torch
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.blocks.mixtures import runs


@cache
def pooling(cells: tuple[int, int], rows: int, columns: int = 0) -> Float[Tensor, "m s"]:
    """Means of a frame's cells, row by row; no more of them than it has.

    Args:
        cells: rows and columns of the frame.
        rows: of the means.
        columns: of the means; as many as rows unless said.
    """
    down = runs(cells[0], min(cells[0], rows))
    across = runs(cells[1], min(cells[1], columns or rows))
    return torch.kron(down.contiguous(), across.contiguous())
