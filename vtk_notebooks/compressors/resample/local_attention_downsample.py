"""Local-attention downsampling: the mean of each block of a frame asks the block's own cells.

After "Video-Panda: Parameter-efficient Alignment for Encoder-free Video-Language Models" (Yi et
al., 2024, arXiv:2412.18609), its local spatial downsampling. As there: blocks of 2 x 2 cells, a
query that is the block's mean, keys and values from its four cells, each behind a layer norm and a
linear layer without bias, logits divided by the root of the full width (not of a head's), and a
projection that is added to the mean. 16 x 16 patches become 64 tokens a frame. The kernel's
parameters have the released names, so released weights of this part fit.

What differs: before training, values are the cells themselves and the projection is the identity,
mixed with the mean in equal parts (`blend`) instead of added to it, so that a token is a weighted
mean of its cells; `blend=0` is the paper's form with a projection of zero, plain average pooling.
Blocks that do not divide a frame are smaller at its edges. The rest of Video-Panda's alignment
block (local space-time layers, the film's and the frame's summary, row ends) is not in here.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

from vtk_notebooks.blocks.kernels import frozen, load_kernel, precise
from vtk_notebooks.blocks.mixtures import centred_attention, influenced, pooled
from vtk_notebooks.blocks.windows import counts, windows
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


class LocalAttention(nn.Module):
    """The trainable kernel.

    Args:
        width: channels of a token, a multiple of `heads`.
        side: of a block, in cells.
        heads: of the attention.
    """

    def __init__(self, width: int, side: int = 2, heads: int = 8) -> None:
        super().__init__()
        self.config = {"width": width, "side": side, "heads": heads}
        self.side, self.heads, self.scale = side, heads, width**-0.5
        self.q = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width, bias=False))
        self.kv = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 2 * width, bias=False))
        self.proj = nn.Linear(width, width)

    def forward(self, x: Float[Tensor, "b t h w d"]) -> Float[Tensor, "b k d"]:
        _, t, h, w, _ = x.shape
        where = windows((t, h, w), (1, self.side, self.side), x.device)
        cells = rearrange(x, "b t h w d -> b (t h w) d")[:, where.member]
        there = where.inside.to(x)
        mean = torch.einsum("b k m d, k m -> b k d", cells, there / there.sum(1, keepdim=True))
        q = rearrange(self.q(mean), "b k (a c) -> b k a c", a=self.heads)
        k, v = rearrange(self.kv(cells), "b k m (p a c) -> p b k m a c", p=2, a=self.heads)
        logits = torch.einsum("b k a c, b k m a c -> b k a m", q * self.scale, k)
        share = logits.masked_fill(~where.inside[:, None], -torch.inf).softmax(-1)
        taken = torch.einsum("b k a m, b k m a c -> b k a c", share, v)
        return mean + self.proj(rearrange(taken, "b k a c -> b k (a c)"))


@register(
    "compressor",
    "local_attention_downsample",
    title="Local-attention downsampling (Video-Panda)",
    paper="Video-Panda: Parameter-efficient Alignment for Encoder-free Video-Language Models",
    year=2024,
    arxiv="2412.18609",
    atlas=("video_panda",),
)
@dataclass(frozen=True)
class LocalPooler:
    """One token for each block of a frame; cells like the block's mean count more.

    Args:
        side: of a block, in cells.
        blend: before training, the part of a token that attention has; the rest is the mean.
        file: safetensors with a trained `LocalAttention`; "" for its first values.
    """

    kind: ClassVar[Kind] = "receptive"
    needs_text: ClassVar[bool] = False

    side: int = 2
    blend: float = 0.5
    file: str = ""

    def __post_init__(self) -> None:
        if self.side < 1 or not 0 <= self.blend <= 1:
            got = f"side={self.side}, blend={self.blend}"
            raise VtkError("LocalPooler", "a side above 0 and blend in [0, 1]", got)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        x = tokens.on_grid("LocalPooler")
        where = windows(tokens.grid, (1, self.side, self.side), x.device)
        if self.file:
            return influenced(tokens, self._learned(x), where, "local_attention_downsample")
        if self.side == 1:
            return tokens
        mean = where.even().to(tokens.share)
        share = torch.lerp(mean, centred_attention(tokens.x, where), self.blend)
        return pooled(tokens, where, share, "attn")

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = counts(grid, (1, self.side, self.side))
        return t * h * w, t * h * w

    def at(self, keep: float) -> "LocalPooler":
        """The side of a block nearest to 1/keep cells; keep=1 is the identity. Drops `file`."""
        if not 0 < keep <= 1:
            raise VtkError("LocalPooler.at", "keep in (0, 1]", keep, "Try 0.25.")
        near = int(keep**-0.5)
        side = min((near, near + 1), key=lambda s: abs(s**-2 - keep))
        return self if side == self.side else replace(self, side=side, file="")

    def _learned(self, x: Float[Tensor, "t h w d"]) -> Float[Tensor, "k d"]:
        kernel = frozen(load_kernel(LocalAttention, self.file), x)
        if (kernel.config["width"], kernel.side) != (x.shape[-1], self.side):
            expected = f"{kernel.config['width']} channels and side {kernel.side}, as trained"
            raise ShapeError("LocalPooler", expected, f"{x.shape[-1]}, {self.side}")
        return kernel(precise(x[None]))[0].to(x.dtype)
