"""Learned-query resampler: a few queries ask each frame, and their answers are its tokens.

After "BLIP-2: Bootstrapping Language-Image Pre-training with Frozen Image Encoders and Large
Language Models" (Li et al., 2023, arXiv:2301.12597), as Video-LLMs use it: 32 learned queries go
through a Q-Former that looks at a frame's patches, and a linear layer gives their vectors the width
of the language model. 96 frames of 257 patches become 96 x 32 = 3,072.

What differs: the kernel is small and starts from nothing (see `QFormer`), and its output has the
width of its input. Before training there is nothing to have learned: a query is then the mean of an
equal run of the frame's own cells, and its token the mean of all the cells of the frame weighted
by one step of attention. With `scope="clip"` the queries ask all frames at once, as the resampler
of "Flamingo: a Visual Language Model for Few-Shot Learning" (Alayrac et al., 2022) does.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

from vtk_notebooks.blocks.kernels import frozen, load_kernel, precise
from vtk_notebooks.blocks.lattice import frames
from vtk_notebooks.blocks.mixtures import influenced, mixed_of_parts, run_attention
from vtk_notebooks.blocks.qformer import QFormer
from vtk_notebooks.blocks.windows import Windows
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register, unknown
from vtk_notebooks.tokens import Kind, Tokens

SCOPES = ("frame", "clip")


class Resampler(nn.Module):
    """The trainable kernel: places in, queries' answers out.

    Args:
        width: channels of a token.
        queries: how many.
        hidden: channels of the Q-Former.
        layers: of the Q-Former.
        heads: of its attention.
    """

    def __init__(
        self, width: int, queries: int = 32, hidden: int = 256, layers: int = 2, heads: int = 4
    ) -> None:
        super().__init__()
        self.config = {"width": width, "queries": queries, "hidden": hidden}
        self.config |= {"layers": layers, "heads": heads}
        self.queries = nn.Parameter(torch.randn(queries, hidden) * 0.02)
        self.former = QFormer(width, hidden, layers, heads)
        self.project = nn.Linear(hidden, width)

    def forward(self, x: Float[Tensor, "b m d"]) -> Float[Tensor, "b q d"]:
        return self.project(self.former(self.queries.expand(len(x), -1, -1), x))


@register(
    "compressor",
    "learned_query_resampler",
    title="Learned queries (Q-Former)",
    paper=(
        "BLIP-2: Bootstrapping Language-Image Pre-training with Frozen Image Encoders and Large "
        "Language Models"
    ),
    year=2023,
    arxiv="2301.12597",
    atlas=("b_vllm", "vtg_llm"),
)
@dataclass(frozen=True)
class LearnedQuery:
    """A fixed number of tokens for each frame, or for the clip.

    Args:
        queries: tokens of a frame (or of the clip).
        scope: what the queries ask: each "frame", or the whole "clip".
        keep: above 0, the part of the tokens that there are queries for, instead of `queries`.
        file: safetensors with a trained `Resampler`; "" for the training-free form.
    """

    kind: ClassVar[Kind] = "receptive"
    needs_text: ClassVar[bool] = False

    queries: int = 32
    scope: str = "frame"
    keep: float = 0.0
    file: str = ""

    def __post_init__(self) -> None:
        if self.queries < 1:
            raise VtkError("LearnedQuery", "1 or more queries", self.queries)
        if self.scope not in SCOPES:
            raise unknown("LearnedQuery", "scope", self.scope, SCOPES)
        if not 0 <= self.keep <= 1:
            raise VtkError("LearnedQuery", "keep in [0, 1]", self.keep, "0 takes `queries`.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        x = rearrange(tokens.x, "(k s) d -> k s d", k=self._parts(tokens))
        many = self._number(x.shape[1])
        if many == x.shape[1]:
            return tokens
        if self.file:
            return self._learned(tokens, x, many)
        with torch.no_grad():
            share = run_attention(x, many)
        return mixed_of_parts(tokens, share)

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        n = t * self._number(h * w) if self.scope == "frame" else self._number(t * h * w)
        return n, n

    def at(self, keep: float) -> "LearnedQuery":
        """As many queries as that part of what they ask; keep=1 is the identity. Drops `file`."""
        if not 0 < keep <= 1:
            raise VtkError("LearnedQuery.at", "keep in (0, 1]", keep, "0.125 keeps an eighth.")
        return replace(self, keep=keep, file="")

    def _parts(self, tokens: Tokens) -> int:
        """How many equal parts of the tokens are asked apart."""
        if self.scope == "clip":
            return 1
        size = torch.bincount(frames(tokens))
        if (size != size[0]).any():
            got = f"{int(size.min())} to {int(size.max())} tokens"
            raise ShapeError("LearnedQuery", "as many tokens in each frame", got, "Put it first.")
        return len(size)

    def _learned(self, tokens: Tokens, x: Float[Tensor, "k s d"], many: int) -> Tokens:
        kernel = frozen(load_kernel(Resampler, self.file), x)
        if (kernel.config["width"], len(kernel.queries)) != (x.shape[2], many):
            expected = f"{len(kernel.queries)} queries for {kernel.config['width']} channels"
            raise ShapeError("LearnedQuery", expected, f"{many} for {x.shape[2]}")
        out = rearrange(kernel(precise(x)), "k q d -> (k q) d").to(x.dtype)
        place = torch.arange(len(tokens), device=x.device).view(len(x), -1)
        where = place.repeat_interleave(many, dim=0)
        inside = torch.ones_like(where, dtype=torch.bool)
        return influenced(tokens, out, Windows(where, inside), "learned_query_resampler")

    def _number(self, n: int) -> int:
        """Queries for n tokens, never more than they are."""
        return min(n, max(1, round(self.keep * n)) if self.keep else self.queries)
