"""3-D pooling: blocks of frames, rows and columns become their mean. The baseline of all pools.

The plain form of what `prompt_guided_pool` does with a question: the same windows, every cell
counting alike. Windows that do not divide the grid are smaller at its far edges.
"""

from dataclasses import dataclass, replace
from itertools import product
from typing import ClassVar

from vtk_notebooks.blocks.lattice import pooled
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens

_LADDER = tuple((t, s, s) for t, s in product(range(1, 17), repeat=2) if t <= s + 1)
"""Windows for `at`: square, and not much deeper than wide."""


@register("compressor", "pool_3d", title="3-D pool", paper="baseline")
@dataclass(frozen=True)
class Pool3d:
    """One token per window.

    Args:
        kernel: frames, rows and columns of a window, in cells, or in what an earlier pool left.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    kernel: tuple[int, int, int] = (2, 3, 3)

    def __post_init__(self) -> None:
        if len(self.kernel) != 3 or min(self.kernel) < 1:
            raise VtkError("Pool3d", "a kernel of three sizes above 0", self.kernel)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        return pooled(tokens, self.kernel)

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = (-(-n // k) for n, k in zip(grid, self.kernel, strict=True))
        return t * h * w, t * h * w

    def at(self, keep: float) -> "Pool3d":
        """The kernel (t, s, s) with a volume nearest to 1/keep; keep=1 is the identity.

        Of kernels that are equally near, the one closest to a proportion of 2 : 3.
        """
        if not 0 < keep <= 1:
            raise VtkError("Pool3d.at", "keep in (0, 1]", keep, "1/18 is the default.")

        def far(kernel: tuple[int, int, int]) -> tuple[float, int]:
            t, s, _ = kernel
            return round(abs(1 / (t * s * s) - keep), 9), abs(3 * t - 2 * s)

        return replace(self, kernel=min(_LADDER, key=far))
