"""Cross-modal temporal adapter: cells look through time, and cells and words at each other.

After SAMWISE, "SAMWISE: Infusing wisdom in SAM2 for Text-Driven Video Segmentation" (Cuttano et
al., 2025, arXiv:2411.17646). As there: both sides go down to fewer channels; cells of a patch of
P x P, told their place in it and their frame, attend to one another through a clip; cells are
multiplied by what they read in the words, words by what they read in the clip's mean frame; both
go up again and are added to what came in. Where `start` is 0, so is the way up at first, and the
adapter changes nothing.

The formulas were read in others' notes on the paper, its widths in its released code. Not verified:
which nonlinearity it has (GELU here) and whether places are learnt (they are here).
"""

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import gelu, pad


class CrossModalAdapter(nn.Module):
    """Clips and words to as many, changed by each other.

    Args:
        width: channels of cells and words.
        inner: channels inside.
        patch: P, cells of a patch's side.
        frames: most that a clip has.
        heads: that divide `inner`.
        start: standard deviation of the first weights of the way up.
    """

    def __init__(
        self,
        width: int,
        inner: int = 256,
        patch: int = 8,
        frames: int = 8,
        heads: int = 4,
        start: float = 0.0,
    ) -> None:
        super().__init__()
        self.patch = patch
        self.down, self.text_down = nn.Linear(width, inner), nn.Linear(width, inner)
        self.up, self.text_up = nn.Linear(inner, width), nn.Linear(inner, width)
        self.place = nn.Parameter(0.02 * torch.randn(patch, patch, inner))
        self.when = nn.Parameter(0.02 * torch.randn(frames, 1, 1, inner))
        self.within, self.to_text, self.to_video = (
            nn.MultiheadAttention(inner, heads, batch_first=True) for _ in range(3)
        )
        for way in (self.up, self.text_up):
            nn.init.normal_(way.weight, std=start)
            nn.init.zeros_(way.bias)

    def forward(
        self,
        video: Float[Tensor, "b t h w d"],
        video_mask: Bool[Tensor, "b t h w"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
    ) -> tuple[Float[Tensor, "b t h w d"], Float[Tensor, "b l d"]]:
        """Cells and words of clips; what is masked is read by nobody."""
        t, h, w = video.shape[1:4]
        x, words = gelu(self.down(video)), gelu(self.text_down(text))
        x = self.through_time(x, video_mask)
        seen = video_mask[..., None]
        mean = (x * seen).sum(1) / seen.sum(1).clamp_min(1)
        cells = rearrange(x, "b t h w c -> b (t h w) c")
        frame = rearrange(mean, "b h w c -> b (h w) c")
        told = cells * _read(self.to_text, cells, words, text_mask)
        words = words * _read(self.to_video, words, frame, video_mask.any(1).flatten(1))
        told = rearrange(told, "b (t h w) c -> b t h w c", t=t, h=h, w=w)
        return video + self.up(told), text + self.text_up(words)

    def through_time(
        self, x: Float[Tensor, "b t h w c"], mask: Bool[Tensor, "b t h w"]
    ) -> Float[Tensor, "b t h w c"]:
        """Hierarchical selective attention: what each cell reads in its own patch of all frames."""
        t, h, w = x.shape[1:4]
        p, down, right = self.patch, -h % self.patch, -w % self.patch
        x, mask = pad(x, (0, 0, 0, right, 0, down)), pad(mask, (0, right, 0, down))
        cut = "b t (i p) (j q) c -> (b i j) t p q c"
        tiles = rearrange(x, cut, p=p, q=p) + self.place + self.when[:t]
        tiles = rearrange(tiles, "n t p q c -> n (t p q) c")
        there = rearrange(mask, "b t (i p) (j q) -> (b i j) (t p q)", p=p, q=p)
        back = "(b i j) (t p q) c -> b t (i p) (j q) c"
        size = {"i": x.shape[2] // p, "j": x.shape[3] // p, "t": t, "p": p}
        return rearrange(_read(self.within, tiles, tiles, there), back, **size)[:, :, :h, :w]


def _read(
    attention: nn.MultiheadAttention,
    asking: Float[Tensor, "b n c"],
    source: Float[Tensor, "b m c"],
    there: Bool[Tensor, "b m"],
) -> Float[Tensor, "b n c"]:
    """What attention reads; exactly 0 where there is nothing to be read."""
    some = there.any(1, keepdim=True)
    read, _ = attention(
        asking, source, source, key_padding_mask=~(there | ~some), need_weights=False
    )
    return read * some[..., None]
