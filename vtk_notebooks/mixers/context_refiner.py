"""Context refinement: what was kept goes back to its place, and regions read all of it again.

After EVAD, "Efficient Video Action Detection with Token Dropout and Context Refinement" (Chen et
al., 2023, arXiv:2304.08451). As there: the tokens that a drop left are projected to 384 channels
and put back on the full grid, with a mask token wherever one is missing, and sine codes for places
are added; each actor's box, somewhat widened, is read from every frame (7 x 7 bins, their maximum)
and averaged over time; these region tokens join the kept tokens in six layers of self-attention
with six heads. Regions come out as actors that know the scene, tokens as tokens that know more.

What differs: the paper reads actions off the actors (`ContextRefiner.actors` gives them) and lets
the tokens go; here one more layer brings the tokens back to their own width and adds them to what
they were. Boxes come from the caller, as parts of the frame, not from a detector. A token of
several cells stands in all of them. Before training the weights are drawn, and what they add is
kept quiet (`gain`).

The released code (MCG-NJU/EVAD at 8ff14ee) holds kept tokens by falling score but fills the grid in
rising order, so that all but the key frame's land in wrong cells and get wrong codes.
`remap="released"` does the same to tokens that come in that order; the default goes by cells.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import rearrange, repeat
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import gelu, grid_sample, scaled_dot_product_attention

from vtk_notebooks.blocks.kernels import drawn, frozen, load_fitting, loudness, precise
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register, unknown
from vtk_notebooks.tokens import Tokens, weakest

REMAPS = ("cell", "released")
_BINS, _SAMPLES = 7, 2
"""Of a region, along each side; of a bin, along each side."""


def sine_code(place: Int[Tensor, "*n"], width: int) -> Float[Tensor, "*n c"]:
    """Sine and cosine of a place at falling frequencies, by turns; 0 for a place below 0."""
    number = torch.arange(width, device=place.device)
    angle = place[..., None] / 10000 ** (2 * (number // 2) / width)
    code = torch.where(number % 2 == 0, angle.sin(), angle.cos())
    return torch.where(place[..., None] < 0, 0, code)


def remapped(
    x: Float[Tensor, "b n c"], owner: Int[Tensor, "b k"], mask: Float[Tensor, "c"]
) -> Float[Tensor, "b k c"]:
    """The token that owns each cell; the mask token where none does."""
    rows = repeat(owner.clamp_min(0), "b k -> b k c", c=x.shape[2])
    return torch.where(owner[..., None] < 0, mask, x.gather(1, rows))


def region_features(
    x: Float[Tensor, "b t h w c"], boxes: Float[Tensor, "b q 4"]
) -> Float[Tensor, "b q c"]:
    """What each box holds: the maximum over its bins, averaged over time.

    Args:
        x: features on the full grid.
        boxes: left, top, right, bottom, as parts of the frame; bins are read bilinearly.
    """
    many = _BINS * _SAMPLES
    line = (torch.arange(many, device=x.device, dtype=x.dtype) + 0.5) / many
    left, top, right, bottom = rearrange(boxes, "b q e -> e b q 1")
    across, down = left + (right - left) * line, top + (bottom - top) * line
    shape = (*boxes.shape[:2], many, many)
    points = torch.stack([across[..., None, :].expand(shape), down[..., None].expand(shape)], -1)
    t = x.shape[1]
    where = repeat(2 * points - 1, "b q y x e -> (b t) q (y x) e", t=t)
    frames = rearrange(x, "b t h w c -> (b t) c h w")
    read = grid_sample(frames, where, padding_mode="border", align_corners=False)
    bins = rearrange(read, "(b t) c q (y i x j) -> b t q c (y x) (i j)", t=t, i=_SAMPLES,
                     j=_SAMPLES, y=_BINS).mean(-1)  # fmt: skip
    return bins.amax(-1).mean(1)


class RefinementDecoder(nn.Module):
    """The trainable kernel: kept tokens and boxes in, refined tokens and actors out.

    Args:
        width: channels of a token.
        inner: channels inside.
        depth: layers of self-attention.
        heads: of each.
        extension: how much wider and higher a box is read than it is.
    """

    def __init__(
        self,
        width: int,
        inner: int = 384,
        depth: int = 6,
        heads: int = 6,
        extension: tuple[float, float] | list[float] = (0.4, 0.2),
    ) -> None:
        super().__init__()
        sizes = {"inner": inner, "depth": depth, "heads": heads, "extension": list(extension)}
        self.config = {"width": width, **sizes}
        self.extension = tuple(extension)
        self.enter = nn.Linear(width, inner, bias=False)
        self.mask_token = nn.Parameter(0.02 * torch.randn(inner))
        self.layers = nn.ModuleList(_Layer(inner, heads) for _ in range(depth))
        self.leave = nn.Linear(inner, width)

    def forward(
        self,
        x: Float[Tensor, "b n d"],
        place: Int[Tensor, "b n"],
        owner: Int[Tensor, "b t h w"],
        boxes: Float[Tensor, "b q 4"],
    ) -> tuple[Float[Tensor, "b n d"], Float[Tensor, "b q c"]]:
        """What each token is told, and the actors.

        Args:
            x: the kept tokens.
            place: the cell of each, numbered frame by frame, row by row; -1 for none.
            owner: the token of each cell; -1 for none.
            boxes: left, top, right, bottom, as parts of the frame.
        """
        _, t, h, w = owner.shape
        x = self.enter(x)
        full = remapped(x, rearrange(owner, "b t h w -> b (t h w)"), self.mask_token)
        cell = torch.arange(t * h * w, device=x.device)
        full = full + sine_code(cell, full.shape[2]).to(full)
        full = rearrange(full, "b (t h w) c -> b t h w c", t=t, h=h)
        x = x + sine_code(place, x.shape[2]).to(x)
        both = torch.cat([x, region_features(full, self.widened(boxes))], 1)
        for layer in self.layers:
            both = layer(both)
        return self.leave(both[:, : x.shape[1]]), both[:, x.shape[1] :]

    def widened(self, boxes: Float[Tensor, "b q 4"]) -> Float[Tensor, "b q 4"]:
        """Boxes larger by the extension, inside the frame."""
        size = boxes[..., 2:] - boxes[..., :2]
        pad = size * size.new_tensor(self.extension) / 2
        return torch.cat([boxes[..., :2] - pad, boxes[..., 2:] + pad], -1).clamp(0, 1)


class _Layer(nn.Module):
    """Self-attention and an MLP, each behind a norm and beside a residual."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width, 1e-6), nn.LayerNorm(width, 1e-6)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        for linear in (self.qkv, self.proj, self.fc1, self.fc2):
            nn.init.xavier_uniform_(linear.weight)
            nn.init.zeros_(linear.bias)

    def forward(self, x: Float[Tensor, "b n c"]) -> Float[Tensor, "b n c"]:
        q, k, v = rearrange(self.qkv(self.norm1(x)), "b n (r h c) -> r b h n c", r=3, h=self.heads)
        heard = rearrange(scaled_dot_product_attention(q, k, v), "b h n c -> b n (h c)")
        x = x + self.proj(heard)
        return x + self.fc2(gelu(self.fc1(self.norm2(x))))


Box = tuple[float | int, float | int, float | int, float | int]
"""Left, top, right, bottom, as parts of the frame."""


@register(
    "mixer",
    "context_refiner",
    title="Context refinement (EVAD)",
    paper="Efficient Video Action Detection with Token Dropout and Context Refinement",
    year=2023,
    arxiv="2304.08451",
    atlas=("evad",),
)
@dataclass(frozen=True)
class ContextRefiner:
    """Tell every kept token of the others, and of regions read from the full grid.

    Args:
        boxes: left, top, right, bottom of each region, as parts of the frame.
        remap: back onto the grid by "cell", or the "released" way, which scrambles.
        inner: channels of an untrained kernel, like the next two its layers and heads.
        depth: layers.
        heads: of each layer; they divide `inner`.
        gain: how loud an untrained kernel speaks, in the loudness of each token's channels.
        seed: of the weights of an untrained kernel.
        file: a trained `RefinementDecoder`; "" for an untrained one. It brings its own sizes, and
            speaks as loud as it was trained to.
    """

    causal: ClassVar[bool] = False

    boxes: tuple[Box, ...] = ((0.0, 0.0, 1.0, 1.0),)
    remap: str = "cell"
    inner: int = 384
    depth: int = 6
    heads: int = 6
    gain: float | int = 0.1
    seed: int = 0
    file: str = ""

    def __post_init__(self) -> None:
        who = "ContextRefiner"
        if self.remap not in REMAPS:
            raise unknown(who, "remap", self.remap, REMAPS)
        for box in self.boxes:
            left, top, right, bottom = box
            if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
                raise VtkError(who, "boxes of left < right and top < bottom in [0, 1]", box)
        if min(self.depth, self.heads, self.inner) < 1 or self.inner % self.heads:
            got = f"depth={self.depth}, heads={self.heads}, inner={self.inner}"
            raise VtkError(who, "a depth of 1 or more and heads that divide inner", got)

    def __call__(self, tokens: Tokens) -> Tokens:
        kernel = self._kernel(tokens.x)
        told = self._asked(kernel, tokens)[0]
        x = precise(tokens.x)
        if not self.file:
            told = self.gain * loudness(x, [w for _, w in tokens.spaces]) * told
        return replace(
            tokens, x=(x + told).to(tokens.x.dtype), kind=weakest(tokens.kind, "receptive")
        )

    def actors(self, tokens: Tokens) -> Float[Tensor, "q c"]:
        """What becomes of each box."""
        return self._asked(self._kernel(tokens.x), tokens)[1]

    def places(self, tokens: Tokens) -> Int[Tensor, "n"]:
        """The cell that each token is put back to; -1 for a token without cells."""
        t, h, w = tokens.grid
        at = tokens.centre().round().nan_to_num(-1).long()
        place = torch.where(at[:, 0] < 0, -1, (at[:, 0] * h + at[:, 1]) * w + at[:, 2])
        if self.remap == "cell":
            return place
        other = (at[:, 0] >= 0) & (at[:, 0] != t // 2)  # not the key frame's
        return place.masked_scatter(other, place[other].sort().values)

    def owners(self, tokens: Tokens) -> Int[Tensor, "t h w"]:
        """The token that each cell is read from; -1 where the mask token stands."""
        if self.remap == "cell":
            return tokens.owner()
        place = self.places(tokens)
        there = place >= 0
        owner = torch.full_like(tokens.owner().flatten(), -1)
        number = torch.arange(len(place), device=place.device)
        return owner.index_copy(0, place[there], number[there]).view(tokens.grid)

    def _asked(self, kernel: RefinementDecoder, tokens: Tokens) -> tuple[Tensor, Tensor]:
        place, owner = self.places(tokens), self.owners(tokens)
        x = precise(tokens.x)
        boxes = x.new_tensor(self.boxes).view(-1, 4)
        told, actors = kernel(x[None], place[None], owner[None], boxes[None])
        return told[0], actors[0]

    def _kernel(self, x: Float[Tensor, "n d"]) -> RefinementDecoder:
        width = x.shape[1]
        if not self.file:
            sizes = self.inner, self.depth, self.heads
            return frozen(drawn(lambda: RefinementDecoder(width, *sizes), self.seed), x)
        kernel = load_fitting(RefinementDecoder, self.file, width, "ContextRefiner")
        return frozen(kernel, x)
