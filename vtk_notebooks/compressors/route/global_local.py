"""Global-local input: a few frames in full, each with a learned residual of the mean of all.

After ST-LLM, "ST-LLM: Large Language Models Are Effective Temporal Learners" (Liu et al., 2024,
arXiv:2404.00308). As there, and in its released code: of a long film only the frames at the centres
of equal segments are read (64 frames in 16 segments: numbers 2, 6, ..., 62); to each of their
tokens is added up(ReLU(down(mean over all frames at its place))). The layer up starts at zero, so
that before training the tokens are those of the chosen frames, bit for bit. 64 frames of 32 tokens
become 512.

What differs: a place is a cell of the frame; there it is one of 32 query tokens. Widths are those
of the tokens; there a frame has 4,096 channels, and 1,024 inside. A film of fewer frames than
segments keeps all of them.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import rearrange, repeat
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import relu

from vtk_notebooks.blocks.kernels import frozen, load_fitting, precise
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


class GlobalResidual(nn.Module):
    """The trainable kernel: what the mean over all frames adds to each place.

    Args:
        width: channels of a token.
        inner: channels inside; a quarter by default, as in the paper.
    """

    def __init__(self, width: int, inner: int | None = None) -> None:
        super().__init__()
        inner = inner or max(1, width // 4)
        self.config = {"width": width, "inner": inner}
        self.down, self.up = nn.Linear(width, inner), nn.Linear(inner, width)
        nn.init.zeros_(self.down.bias)
        nn.init.zeros_(self.up.weight)
        nn.init.zeros_(self.up.bias)

    def forward(self, x: Float[Tensor, "b t s d"]) -> Float[Tensor, "b s d"]:
        return self.up(relu(self.down(x.mean(1))))


@register(
    "compressor",
    "global_local",
    title="Global-local input (ST-LLM)",
    paper="ST-LLM: Large Language Models Are Effective Temporal Learners",
    year=2024,
    arxiv="2404.00308",
    atlas=("st_llm",),
)
@dataclass(frozen=True)
class GlobalLocal:
    """The frames at the centres of equal segments, each told of the mean of all frames.

    Args:
        frames: that are kept.
        keep: above 0, the part of the frames that is kept instead.
        file: safetensors with a trained `GlobalResidual`; "" for its initial value, nothing added.
    """

    kind: ClassVar[Kind] = "receptive"
    needs_text: ClassVar[bool] = False

    frames: int = 16
    keep: float | int = 0.0
    file: str = ""

    def __post_init__(self) -> None:
        if self.frames < 1 or not 0 <= self.keep <= 1:
            got = f"frames={self.frames}, keep={self.keep}"
            raise VtkError("GlobalLocal", "frames of 1 or more and keep in [0, 1]", got)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        x = tokens.on_grid("GlobalLocal")
        t, h, w = tokens.grid
        cell = torch.arange(t * h * w, device=x.device).view(t, h * w)
        local = cell[self.centres(t).to(x.device)]
        if not self.file:
            return tokens.select(local.flatten())  # the layer up starts at zero
        told = self._told(rearrange(x, "t h w d -> 1 t (h w) d"))
        out = rearrange(tokens.x[local] + told, "k s d -> (k s) d")
        new = torch.arange(len(out), device=x.device).repeat_interleave(t)
        heard = repeat(cell, "t s -> (k s t)", k=len(local))  # every frame, at the same place
        share = torch.ones_like(new, dtype=tokens.share.dtype)
        return tokens.derive(out, torch.stack([new, heard], 1), share, "receptive")

    def centres(self, t: int) -> Int[Tensor, "k"]:
        """Which of t frames are kept: int(size / 2 + round(size x i)) for segment i."""
        many = min(t, max(1, round(self.keep * t)) if self.keep else self.frames)
        size = t / many
        return torch.tensor([int(size / 2 + round(size * i)) for i in range(many)]).clamp_max(t - 1)

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        n = len(self.centres(t)) * h * w
        return n, n

    def at(self, keep: float) -> "GlobalLocal":
        """As many frames as come nearest; keep=1 keeps all, untouched before training."""
        if not 0 < keep <= 1:
            raise VtkError("GlobalLocal.at", "keep in (0, 1]", keep, "0.25 is the paper's.")
        return replace(self, keep=keep)

    def _told(self, x: Float[Tensor, "1 t s d"]) -> Float[Tensor, "s d"]:
        kernel = load_fitting(GlobalResidual, self.file, x.shape[-1], "GlobalLocal")
        return frozen(kernel, x)(precise(x))[0].to(x.dtype)
