"""Region packer: the point in the middle of each region asks the region, in two streams.

After "LLaVA-ST: A Multimodal Large Language Model for Fine-Grained Spatial-Temporal Understanding"
(Li et al., 2025, arXiv:2501.08282). As there: frames are packed by 3 x 3 cells; from these, a slow
stream packs 5 frames into one and keeps the places, and a fast stream packs 3 x 3 places into one
and keeps the frames. 100 frames of 27 x 27 become 20 x 81 + 100 x 9 = 2,520. In each step the query
is the coarse grid that linear interpolation gives, which for odd sides is the region's middle
element; keys and values are the region's own; queries, keys and values have a two-layer network
and a layer norm each; attention has 8 heads in 1024 channels, its output layer no bias, and it is
added to the query. The kernel loads the released names, which have one level more.

What differs: before training there are no networks. Keys and values are the cells themselves, and
attention is mixed with the query in equal parts (`blend`) instead of added to it, so that a token
is a weighted mean of its region; `blend=0` is the paper's form with an output layer of zero, the
middle elements. Regions that do not divide the grid are smaller at its far edges. That the slow
stream comes first is how the released packer returns them.
"""

from dataclasses import dataclass, replace
from itertools import product
from math import log
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

from vtk_notebooks.blocks.kernels import frozen, load_kernel, precise
from vtk_notebooks.blocks.mixtures import pooled, window_attention
from vtk_notebooks.blocks.windows import Size, centres, counts, windows
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.provenance import weighted_sums
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Space, Tokens


class RegionAttention(nn.Module):
    """Point-to-region attention: a grid to a coarser one.

    Args:
        width: channels of a token.
        size: frames, rows and columns of a region.
        inner: channels of the attention.
        heads: of the attention.
    """

    def __init__(self, width: int, size: Size, inner: int = 1024, heads: int = 8) -> None:
        super().__init__()
        self.config = {"width": width, "size": list(size), "inner": inner, "heads": heads}
        self.size: Size = (size[0], size[1], size[2])
        self.to_q, self.to_k, self.to_v = (_two_layers(width, inner) for _ in range(3))
        self.ln_q, self.ln_k, self.ln_v = (nn.LayerNorm(inner) for _ in range(3))
        self.attn = nn.MultiheadAttention(inner, heads, batch_first=True)
        self.to_out = nn.Linear(inner, width, bias=False)
        self.register_load_state_dict_pre_hook(_released_names)
        for layer in (m for m in self.modules() if isinstance(m, nn.Linear)):
            nn.init.trunc_normal_(layer.weight, std=0.02)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)

    def forward(self, x: Float[Tensor, "b t h w d"]) -> Float[Tensor, "b a r c d"]:
        b, *grid, _ = x.shape
        where = windows((grid[0], grid[1], grid[2]), self.size, x.device)
        cells = rearrange(x, "b t h w d -> b (t h w) d")
        middle = centres((grid[0], grid[1], grid[2]), self.size, x.device).to(x)
        point = torch.einsum("b k m d, k m -> b k d", cells[:, where.member], middle)
        key, value = (
            rearrange(y[:, where.member], "b k m e -> (b k) m e")
            for y in (self.ln_k(self.to_k(cells)), self.ln_v(self.to_v(cells)))
        )
        asked = rearrange(self.ln_q(self.to_q(point)), "b k e -> (b k) 1 e")
        gone = ~where.inside.repeat(b, 1)
        taken = self.attn(asked, key, value, key_padding_mask=gone, need_weights=False)[0]
        out = point + self.to_out(rearrange(taken, "(b k) 1 e -> b k e", b=b))
        a, r, _ = counts((grid[0], grid[1], grid[2]), self.size)
        return rearrange(out, "b (a r c) d -> b a r c d", a=a, r=r)


class Packer(nn.Module):
    """The trainable kernel: both streams.

    Args:
        width: channels of a token.
        region: side of the regions that every frame is packed by.
        slow: frames in one, in the slow stream.
        fast: side of the regions that the fast stream packs again.
        inner: channels of the attention.
        heads: of the attention.
    """

    def __init__(
        self,
        width: int,
        region: int = 3,
        slow: int = 5,
        fast: int = 3,
        *,
        inner: int = 1024,
        heads: int = 8,
    ) -> None:
        super().__init__()
        self.config = {"width": width, "region": region, "slow": slow, "fast": fast}
        self.config |= {"inner": inner, "heads": heads}
        self.token_packer = RegionAttention(width, (1, region, region), inner, heads)
        self.token_packer_slow = RegionAttention(width, (slow, 1, 1), inner, heads)
        self.token_packer_fast = RegionAttention(width, (1, fast, fast), inner, heads)

    def forward(
        self, x: Float[Tensor, "b t h w d"]
    ) -> tuple[Float[Tensor, "b u r c d"], Float[Tensor, "b t y z d"]]:
        packed = self.token_packer(x)
        return self.token_packer_slow(packed), self.token_packer_fast(packed)


@register(
    "compressor",
    "region_packer",
    title="Region packer (LLaVA-ST)",
    paper=(
        "LLaVA-ST: A Multimodal Large Language Model for Fine-Grained Spatial-Temporal "
        "Understanding"
    ),
    year=2025,
    arxiv="2501.08282",
    atlas=("llava_st",),
)
@dataclass(frozen=True)
class RegionPacker:
    """Few frames in detail, then all frames coarsely; every token out of one small region.

    Args:
        region: side of the regions that every frame is packed by, in cells.
        slow: frames in one, in the slow stream.
        fast: side of the regions that the fast stream packs again.
        blend: before training, the part of a token that attention has; the rest is its middle.
        keep: above 0, the part of the tokens that the three sizes are chosen for.
        file: safetensors with a trained `Packer`; "" for the training-free form.
    """

    kind: ClassVar[Kind] = "receptive"
    needs_text: ClassVar[bool] = False

    region: int = 3
    slow: int = 5
    fast: int = 3
    blend: float = 0.5
    keep: float = 0.0
    file: str = ""

    def __post_init__(self) -> None:
        if min(self.region, self.slow, self.fast) < 1 or not 0 <= self.blend <= 1:
            got = f"{self.region}, {self.slow}, {self.fast} and blend={self.blend}"
            raise VtkError("RegionPacker", "sizes of 1 or more and blend in [0, 1]", got)
        if not 0 <= self.keep <= 1:
            raise VtkError("RegionPacker", "keep in [0, 1]", self.keep, "0 takes the sizes.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        x = tokens.on_grid("RegionPacker")
        first, *streams = self.sizes(tokens.grid)
        packed, coarse = self._packed(tokens, tokens.grid, first), counts(tokens.grid, first)
        slow, fast = (self._packed(packed, coarse, size) for size in streams)
        both = slow.joined(fast)
        if not self.file:
            return both
        return replace(both, x=self._learned(x), spaces=(Space("region_packer", x.shape[-1]),))

    def count(self, grid: Size) -> tuple[int, int]:
        n = _count(grid, *self.sizes(grid))
        return n, n

    def at(self, keep: float) -> "RegionPacker":
        """The sizes that come nearest; keep=1 gives the finest pair that still saves tokens.

        Of sizes that come equally near, those closest to the paper's proportions. Drops `file`.
        """
        if not 0 < keep <= 1:
            raise VtkError("RegionPacker.at", "keep in (0, 1]", keep, "1/29 is the paper's.")
        return replace(self, keep=keep, file="")

    def sizes(self, grid: Size) -> tuple[Size, Size, Size]:
        """Regions of the first step, of the slow stream and of the fast one."""
        n = grid[0] * grid[1] * grid[2]
        ladder = [_sizes(self.region, self.slow, self.fast)]
        if self.keep:
            ladder = [_sizes(*s) for s in product(range(1, 7), range(1, 17), range(1, 7))]
        fits = [sizes for sizes in ladder if _count(grid, *sizes) <= n]
        if not fits:
            hint = "Use larger regions, or an encoder with a finer grid."
            expected = "a grid in which two streams are fewer tokens than one"
            raise ShapeError("RegionPacker", expected, grid, hint)

        def far(sizes: tuple[Size, Size, Size]) -> tuple[float, float]:
            odd = (abs(log(s[a] / p)) for s, a, p in zip(sizes, (1, 0, 1), (3, 5, 3), strict=True))
            return round(abs(_count(grid, *sizes) / n - self.keep), 3), sum(odd)

        return min(fits, key=far)

    def _packed(self, tokens: Tokens, grid: Size, size: Size) -> Tokens:
        """One token per region of one step, before training."""
        where = windows(grid, size, tokens.x.device)
        if self.file:
            return pooled(tokens, where, where.even().to(tokens.share), "receptive")
        middle = centres(grid, size, tokens.x.device).to(tokens.share.dtype)
        region, place = middle.nonzero().unbind(1)
        point = weighted_sums(tokens.x, where.member[region, place], region, middle[region, place])
        share = torch.lerp(middle, window_attention(point, tokens.x, where), self.blend)
        return pooled(tokens, where, share, "attn")

    def _learned(self, x: Float[Tensor, "t h w d"]) -> Float[Tensor, "k d"]:
        """What a trained kernel makes of both streams."""
        kernel = frozen(load_kernel(Packer, self.file), x)
        mine = {"width": x.shape[-1], "region": self.region, "slow": self.slow, "fast": self.fast}
        if any(kernel.config[name] != value for name, value in mine.items()):
            raise ShapeError("RegionPacker", f"what {self.file} was trained on", mine)
        streams = kernel(precise(x[None]))
        return torch.cat([rearrange(s, "1 t h w d -> (t h w) d") for s in streams]).to(x.dtype)


def _sizes(region: int, slow: int, fast: int) -> tuple[Size, Size, Size]:
    return (1, region, region), (slow, 1, 1), (1, fast, fast)


def _count(grid: Size, first: Size, slow: Size, fast: Size) -> int:
    """Tokens of both streams."""
    packed = counts(grid, first)
    return sum(t * h * w for t, h, w in (counts(packed, slow), counts(packed, fast)))


def _released_names(module: nn.Module, state: dict[str, Tensor], prefix: str, *_: object) -> None:
    """The released module keeps its layers in one called `devide_attention`."""
    for name in [name for name in state if name.startswith(f"{prefix}devide_attention.")]:
        state[name.replace("devide_attention.", "", 1)] = state.pop(name)


def _two_layers(width: int, inner: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, inner), nn.GELU(), nn.Linear(inner, inner))
