"""Frame parts: three ways of cutting a picture: a grid, rings and triangles.

The partitions of "Self-supervised Video Representation Learning by Uncovering Spatio-temporal
Statistics" (Wang et al., 2020, arXiv:2008.13426). Parts are numbered from 1, 0 is no part. The grid
counts row by row, rings from the outermost in, triangles quadrant by quadrant (row by row), in each
the one on the horizontal side first; the paper's own order of rings and triangles could not be
verified. Triangles share the diagonals between them, so that a square quadrant of n pixels a side
has two of n (n + 1) / 2.
"""

import numpy as np
from jaxtyping import Bool

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import unknown

PATTERNS = ("grid", "rings", "triangles")
GRID, RINGS = 4, 4


def frame_parts(pattern: str, h: int, w: int) -> Bool[np.ndarray, "k h w"]:
    """The pixels of each part.

    Args:
        pattern: of `PATTERNS`.
        h: rows, 8 or more.
        w: columns, 8 or more.
    """
    if pattern not in PATTERNS:
        raise unknown("frame_parts", "pattern", pattern, PATTERNS)
    if min(h, w) < 2 * RINGS:
        raise VtkError("frame_parts", f"{2 * RINGS} or more rows and columns", f"{h} x {w}")
    y, x = np.mgrid[:h, :w]
    if pattern == "grid":
        part = (y * GRID // h) * GRID + x * GRID // w
        return part[None] == np.arange(GRID * GRID)[:, None, None]
    if pattern == "rings":
        deep = np.minimum(np.minimum(y, h - 1 - y) / h, np.minimum(x, w - 1 - x) / w)
        part = np.minimum((deep * 2 * RINGS).astype(int), RINGS - 1)
        return part[None] == np.arange(RINGS)[:, None, None]
    return _triangles(h, w)


def _triangles(h: int, w: int) -> Bool[np.ndarray, "k h w"]:
    """Two in each quadrant, on both sides of the diagonal through the middle of the picture."""
    parts = []
    for top in (True, False):
        for left in (True, False):
            rows = np.arange(h)[: h // 2] if top else np.arange(h)[h // 2 :]
            columns = np.arange(w)[: w // 2] if left else np.arange(w)[w // 2 :]
            down = np.abs(rows - (0 if top else h - 1))[:, None]  # from the horizontal side
            across = np.abs(columns - (0 if left else w - 1))[None]
            outer = down * (len(columns) - 1) <= across * (len(rows) - 1)
            inner = down * (len(columns) - 1) >= across * (len(rows) - 1)
            for half in (outer, inner):
                mask = np.zeros((h, w), dtype=bool)
                mask[np.ix_(rows, columns)] = half
                parts.append(mask)
    return np.stack(parts)
