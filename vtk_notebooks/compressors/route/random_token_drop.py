"""Random token dropping: a part of the tokens, itself drawn by lot, is left out of one pass.

After ST-LLM, "ST-LLM: Large Language Models Are Effective Temporal Learners" (Liu et al., 2024,
arXiv:2404.00308). As there, and in its released code: the part that goes is drawn from a normal
distribution around 0.5 with a deviation of 0.1, cut to [0.1, 0.7], once for a whole batch;
int(part x n) tokens of each film go, whichever they are, and leave no placeholder behind. The
language model reads what is left, and is trained to make of it what it makes of all tokens
(`objectives.masked_video`).

What differs: it is a training-time device; here it also runs on its own, where it shows how little
a model that was trained so has to see. Draws follow from `seed` alone, so that the number of tokens
is known before anything runs. `baselines.random_tokens` keeps a fixed part instead.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from jaxtyping import Int
from torch import Tensor

from vtk_notebooks.arrays import generator
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@register(
    "compressor",
    "random_token_drop",
    title="Random token drop (ST-LLM)",
    paper="ST-LLM: Large Language Models Are Effective Temporal Learners",
    year=2024,
    arxiv="2404.00308",
    atlas=("st_llm",),
)
@dataclass(frozen=True)
class RandomTokenDrop:
    """Leave out a random number of random tokens; the others stay bit for bit, in their order.

    Args:
        mean: of the part that goes.
        std: its deviation; 0 draws `mean` every time.
        low: the smallest part that goes.
        high: the largest part that goes, below 1.
        seed: of the part and of the choice.
    """

    kind: ClassVar[Kind] = "hard"
    needs_text: ClassVar[bool] = False

    mean: float | int = 0.5
    std: float | int = 0.1
    low: float | int = 0.1
    high: float | int = 0.7
    seed: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.low <= self.high <= 1 and self.std >= 0 and self.mean == self.mean):
            got = f"mean={self.mean}, std={self.std}, low={self.low}, high={self.high}"
            raise VtkError("RandomTokenDrop", "0 <= low <= high <= 1 and std of 0 or more", got)

    @property
    def part(self) -> float:
        """The part that goes, as this seed draws it."""
        drawn = torch.randn((), generator=generator(self.seed), dtype=torch.float64).item()
        return min(max(self.mean + self.std * drawn, self.low), self.high)

    def stays(self, n: int, films: int = 1) -> Int[Tensor, "b k"]:
        """Which of n tokens stay, rising, for each film of a batch; a loss asks for them too."""
        draw = generator(self.seed)
        torch.randn((), generator=draw, dtype=torch.float64)  # the part was drawn first
        order = torch.rand(films, n, generator=draw, dtype=torch.float64).argsort(1)
        return order[:, : self._left(n)].sort(1).values

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        return tokens.select(self.stays(len(tokens))[0].to(tokens.x.device))

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        return self._left(t * h * w), self._left(t * h * w)

    def at(self, keep: float) -> "RandomTokenDrop":
        """Exactly that part, nothing left to chance but the choice; keep=1 is the identity."""
        if not 0 < keep <= 1:
            raise VtkError("RandomTokenDrop.at", "keep in (0, 1]", keep, "0.5 keeps half.")
        return replace(self, mean=1 - keep, std=0.0, low=0.0, high=1.0)

    def _left(self, n: int) -> int:
        """At least one: a film without tokens is no film."""
        return max(1, n - int(self.part * n))
