"""Text frame pool: the frames of a film as one, weighted by the question.

After "X-Pool: Cross-Modal Language-Video Attention for Text-Video Retrieval" (Gorti et al., 2022,
arXiv:2203.15086). As there: text and frames go through the same layer norm, the text attends to the
frames, and their weighted sum is the film as this text sees it; every projection starts as the
identity, so that before training this is plain dot-product attention. The kernel has the released
names and, behind the attention, the released layer norms, linear layer and dropout.

What differs: a frame's vector is the mean of its cells. Before training the features are not
normalised on their way out, so that a token says exactly what it is made of. X-Pool makes one
vector of a film; to meet a budget, `segments` pools so many equal parts of the film each by itself,
and `places` keeps the grid, one token for each place.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from vtk_notebooks.blocks.kernels import frozen, load_kernel
from vtk_notebooks.blocks.mixtures import attention, influenced, mixed_frames, mixed_of_all
from vtk_notebooks.blocks.relevance import asked, frame_means
from vtk_notebooks.blocks.windows import Windows
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


class FrameAttention(nn.Module):
    """Texts attend to the frames of films, all with all.

    Args:
        width: channels of texts and frames, a multiple of `heads`.
        heads: of the attention.
    """

    def __init__(self, width: int, heads: int = 1) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (
            nn.Linear(width, width) for _ in range(4)
        )

    def forward(
        self, text: Float[Tensor, "m d"], frames: Float[Tensor, "b t d"]
    ) -> Float[Tensor, "b m d"]:
        q = rearrange(self.q_proj(text), "m (a c) -> a m c", a=self.heads)
        k, v = (
            rearrange(net(frames), "b t (a c) -> b a t c", a=self.heads)
            for net in (self.k_proj, self.v_proj)
        )
        asked = q.expand(len(frames), *q.shape)
        heard = scaled_dot_product_attention(asked, k, v)
        return self.out_proj(rearrange(heard, "b a m c -> b m (a c)"))


class TextPool(nn.Module):
    """The trainable kernel: films as texts see them.

    Args:
        width: channels of texts and frames.
        heads: of the attention.
        dropout: behind the linear layer, while it is trained.
    """

    def __init__(self, width: int, heads: int = 1, dropout: float = 0.3) -> None:
        super().__init__()
        self.config = {"width": width, "heads": heads, "dropout": dropout}
        self.cross_attn = FrameAttention(width, heads)
        self.linear_proj = nn.Linear(width, width)
        self.layer_norm1, self.layer_norm2, self.layer_norm3 = (
            nn.LayerNorm(width) for _ in range(3)
        )
        self.dropout = nn.Dropout(dropout)
        for layer in (m for m in self.modules() if isinstance(m, nn.Linear)):
            nn.init.eye_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(
        self, text: Float[Tensor, "m d"], frames: Float[Tensor, "b t d"]
    ) -> Float[Tensor, "b m d"]:
        seen = self.cross_attn(self.layer_norm1(text), self.layer_norm1(frames))
        seen = self.layer_norm2(seen)
        return self.layer_norm3(seen + self.dropout(self.linear_proj(seen)))


@register(
    "compressor",
    "text_frame_pool",
    title="Text frame pool (X-Pool)",
    paper="X-Pool: Cross-Modal Language-Video Attention for Text-Video Retrieval",
    year=2022,
    arxiv="2203.15086",
    atlas=("x_pool",),
)
@dataclass(frozen=True)
class TextFramePool:
    """One token for the film, or for each place of it, as the question sees it.

    Args:
        segments: equal parts of the film, each pooled by itself.
        places: one token for each place of the grid, instead of one in all.
        keep: above 0, the part of the tokens that both are chosen for.
        file: safetensors with a trained `TextPool`, for one token per segment; "" for plain
            attention.
    """

    kind: ClassVar[Kind] = "receptive"
    needs_text: ClassVar[bool] = True

    segments: int = 1
    places: bool = False
    keep: float = 0.0
    file: str = ""

    def __post_init__(self) -> None:
        if self.segments < 1:
            raise VtkError("TextFramePool", "1 or more segments", self.segments)
        if not 0 <= self.keep <= 1:
            raise VtkError("TextFramePool", "keep in [0, 1]", self.keep, "0 takes `segments`.")
        if self.file and (self.places or self.keep):
            got = f"places={self.places}, keep={self.keep}"
            raise VtkError("TextFramePool", "a trained kernel to pool whole frames", got)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        query = asked("TextFramePool", query)
        tokens.on_grid("TextFramePool")
        segments, places = self.plan(tokens.grid)
        frame = torch.arange(tokens.grid[0], device=tokens.x.device)
        own = frame * segments // len(frame) == frame[:segments, None]
        if self.file:
            return self._learned(tokens, query, own)
        share = self.weights(tokens, query, own)
        if places:
            return mixed_frames(tokens, share)
        cells = tokens.grid[1] * tokens.grid[2]
        return mixed_of_all(tokens, [share.repeat_interleave(cells, dim=1) / cells], len(share))

    @torch.no_grad()
    def weights(
        self, tokens: Tokens, query: Query, own: Bool[Tensor, "k t"]
    ) -> Float[Tensor, "k t"]:
        """What each segment takes of each frame.

        Args:
            tokens: one per cell.
            query: in a space of the tokens.
            own: which frames lie in which segment.
        """
        frames = frame_means(tokens, query)
        text = query.vector.to(frames)[None, None].expand(len(own), -1, -1)
        return attention(text, frames.expand(len(own), -1, -1), own)[:, 0]

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        segments, places = self.plan(grid)
        n = segments * grid[1] * grid[2] if places else segments
        return n, n

    def at(self, keep: float) -> "TextFramePool":
        """So many segments, with places where these come nearer; keep=1 is the identity."""
        if not 0 < keep <= 1:
            raise VtkError("TextFramePool.at", "keep in (0, 1]", keep, "0.25 keeps a quarter.")
        return replace(self, keep=keep, file="")

    def plan(self, grid: tuple[int, int, int]) -> tuple[int, bool]:
        """Segments, and whether places are kept."""
        t, cells = grid[0], grid[1] * grid[2]
        if not self.keep:
            return min(self.segments, t), self.places
        wanted = self.keep * t * cells
        few, many = (max(1, min(t, round(n))) for n in (wanted, wanted / cells))
        return (few, False) if abs(few - wanted) < abs(many * cells - wanted) else (many, True)

    def _learned(self, tokens: Tokens, query: Query, own: Bool[Tensor, "k t"]) -> Tokens:
        frames = frame_means(tokens, query)
        kernel = frozen(load_kernel(TextPool, self.file), frames)
        if kernel.config["width"] != frames.shape[1]:
            expected = f"a question of {kernel.config['width']} channels, as {self.file} saw"
            raise ShapeError("TextFramePool", expected, frames.shape[1], "Mind the encoder.")
        text = query.vector.to(frames)[None]
        x = torch.cat([kernel(text, frames[mine][None])[0] for mine in own]).to(tokens.x.dtype)
        cells = torch.arange(len(tokens), device=x.device).expand(len(own), -1)
        inside = own.repeat_interleave(tokens.grid[1] * tokens.grid[2], dim=1)
        return influenced(tokens, x, Windows(cells, inside), query.space)
