"""Prompt-guided pooling: 3-D windows are averaged with weights that follow the question.

After PPLLaVA, "PPLLaVA: Varied Video Sequence Understanding With Prompt Guidance" (Liu et al.,
2024, arXiv:2411.02327). As there: the cosine of question and cell, times CLIP's scale, goes through
a softmax over all cells of the clip; inside each window these weights, divided by `tau`, go through
a second softmax, and the window becomes that weighted mean. 32 x 24 x 24 cells in windows of
2 x 3 x 3 become 1,024 tokens. With `out` it pools to sizes, as the released code does: of n places,
o windows begin every n // o and are as long as the last one has to be, so that where o does not
divide n they overlap.

Be warned, as any reader of the formula is: after a softmax over 18,432 cells a typical weight is
0.00005, far below tau = 0.01, so a window that holds no strong peak is almost a plain mean.

What differs: with `kernel`, windows that do not divide the grid are smaller at its far edges (the
paper pools to sizes that divide); with `out`, sizes above the grid's are the grid's; the weights
are read, not trained through. The extension of CLIP's text context belongs to the text encoder and
is not done here.
"""

from dataclasses import dataclass, replace
from itertools import product
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.blocks.relevance import asked, token_relevance
from vtk_notebooks.errors import VtkError
from vtk_notebooks.provenance import weighted_sums
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens

_LADDER = tuple((t, s, s) for t, s in product(range(1, 17), repeat=2) if t <= s + 1)
"""Windows for `at`: square, and not much deeper than wide."""


@register(
    "compressor",
    "prompt_guided_pool",
    title="Prompt-guided pool (PPLLaVA)",
    paper="PPLLaVA: Varied Video Sequence Understanding With Prompt Guidance",
    year=2024,
    arxiv="2411.02327",
    atlas=("ppllava",),
)
@dataclass(frozen=True)
class PromptGuidedPool:
    """One token per window; the cells that fit the question count more.

    Args:
        kernel: frames, rows and columns of a window.
        tau: temperature of the softmax inside a window, in units of the first softmax's weight.
        logit_scale: factor on the cosine; CLIP's own is 100.
        out: frames, rows and columns to end up with, instead of `kernel`.
    """

    kind: ClassVar[Kind] = "attn"
    needs_text: ClassVar[bool] = True

    kernel: tuple[int, int, int] = (2, 3, 3)
    tau: float = 0.01
    logit_scale: float = 100.0
    out: tuple[int, int, int] | None = None

    def __post_init__(self) -> None:
        if len(self.kernel) != 3 or min(self.kernel) < 1:
            raise VtkError("PromptGuidedPool", "a kernel of three sizes above 0", self.kernel)
        if self.out is not None and (len(self.out) != 3 or min(self.out) < 1):
            raise VtkError("PromptGuidedPool", "out of three sizes above 0", self.out)
        if not self.tau > 0:
            raise VtkError("PromptGuidedPool", "tau above 0", self.tau, "Small is peaked.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        query = asked("PromptGuidedPool", query)
        tokens.on_grid("PromptGuidedPool")
        window, cell = (x.to(tokens.x.device) for x in self._edges(tokens.grid))
        share = windowed_softmax(self.guidance(tokens, query)[cell] / self.tau, window)
        pooled = weighted_sums(tokens.x, cell, window, share)
        return tokens.derive(pooled, torch.stack([window, cell], 1), share, "attn")

    @torch.no_grad()
    def guidance(self, tokens: Tokens, query: Query) -> Float[Tensor, "n"]:
        """How well each token fits the question: a softmax over all of them."""
        return (self.logit_scale * token_relevance(tokens, query)).softmax(0)

    def windows(self, grid: tuple[int, int, int]) -> Int[Tensor, "n"]:
        """The window number of every cell, in order of time, then rows, then columns."""
        many = self._counts(grid)
        t, h, w = (torch.arange(n) // k for n, k in zip(grid, self.kernel, strict=True))
        number = (t[:, None, None] * many[1] + h[:, None]) * many[2] + w
        return rearrange(number, "t h w -> (t h w)")

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = self._counts(grid)
        return t * h * w, t * h * w

    def at(self, keep: float) -> "PromptGuidedPool":
        """The kernel (t, s, s) with a volume nearest to 1/keep; keep=1 is the identity.

        Of kernels that are equally near, the one closest to the paper's proportion of 2 : 3.
        """
        if not 0 < keep <= 1:
            raise VtkError("PromptGuidedPool.at", "keep in (0, 1]", keep, "1/18 is the paper's.")

        def far(kernel: tuple[int, int, int]) -> tuple[float, int]:
            t, s, _ = kernel
            return round(abs(1 / (t * s * s) - keep), 9), abs(3 * t - 2 * s)

        return replace(self, kernel=min(_LADDER, key=far), out=None)

    def _edges(self, grid: tuple[int, int, int]) -> tuple[Int[Tensor, "s"], Int[Tensor, "s"]]:
        """Window and cell, once for each cell of each window."""
        if self.out is None:
            return self.windows(grid), torch.arange(grid[0] * grid[1] * grid[2])
        t, h, w = (_even_starts(n, o) for n, o in zip(grid, self._counts(grid), strict=True))
        row = t[:, None, :, None] * grid[1] + h[None, :, None, :]
        row = rearrange(row, "a b i j -> (a b) (i j)")
        cell = row[:, None, :, None] * grid[2] + w[None, :, None, :]
        cell = rearrange(cell, "r c i j -> (r c) (i j)")
        return torch.arange(len(cell)).repeat_interleave(cell.shape[1]), cell.flatten()

    def _counts(self, grid: tuple[int, int, int]) -> tuple[int, int, int]:
        if self.out is not None:
            t, h, w = (min(n, o) for n, o in zip(grid, self.out, strict=True))
        else:
            t, h, w = (-(-n // k) for n, k in zip(grid, self.kernel, strict=True))
        return t, h, w


def windowed_softmax(logits: Float[Tensor, "n"], window: Int[Tensor, "n"]) -> Float[Tensor, "n"]:
    """A softmax within each window."""
    many = int(window.max()) + 1
    top = logits.new_full((many,), -torch.inf).scatter_reduce(0, window, logits, "amax")
    part = (logits - top[window]).exp()
    return part / part.new_zeros(many).index_add(0, window, part)[window]


def _even_starts(n: int, many: int) -> Int[Tensor, "o k"]:
    """The places of each of so many windows on a line, which begin every n // many."""
    step = n // many
    return torch.arange(many)[:, None] * step + torch.arange(n - (many - 1) * step)
