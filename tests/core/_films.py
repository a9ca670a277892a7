"""Made tokens, arbitrary groupings, and provenance as a plain table."""

import torch
from hypothesis import strategies as st

from vtk_notebooks import Tokens

GRIDS = st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))
SEEDS = st.integers(0, 9999)


def film(grid=(3, 2, 4), d=3, seed=0, space="made", dtype=torch.float32):
    x = torch.randn(*grid, d, generator=torch.Generator().manual_seed(seed), dtype=dtype)
    return Tokens.from_grid(x, torch.arange(grid[0]) / 2, space=space)


def grouping(n, seed, drop=False):
    """Any group numbers without gaps; some -1 if wanted, but never all."""
    draw = torch.Generator().manual_seed(seed)
    raw = torch.randint(0, max(1, n // 2), (n,), generator=draw)
    number = raw.unique(return_inverse=True)[1]
    if drop and n > 1:
        number[torch.rand(n, generator=draw) < 0.3] = -1
        number[0] = 0 if (number < 0).all() else number[0]
        kept = number[number >= 0].unique(return_inverse=True)[1]
        number[number >= 0] = kept
    return number


def matrix(tokens):
    """Provenance as a dense table of tokens by cells."""
    t, h, w = tokens.grid
    table = torch.zeros(len(tokens), t * h * w, dtype=torch.float64)
    return table.index_put(tuple(tokens.edges.T), tokens.share.double(), accumulate=True)
