"""Gated text: words read what was shown just before them, through gates that start shut.

After Flamingo's gated cross-attention (Alayrac et al., 2022, arXiv:2204.14198) as COSMO has it
(Wang et al., 2024, arXiv:2401.00849): narrow inside, one gate for what is read and one for what is
made of it, both tanh of a number that starts at 0; words see the last medium before them and no
other, and words before any medium are told nothing. Behind the second gate is a feed-forward
network for every word, whatever it was told. What differs: there it is as narrow inside as the
attention and has no biases; here it has twice the words' channels, and biases.
"""

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention


def media_mask(word: Int[Tensor, "b l"], medium: Int[Tensor, "b m"]) -> Bool[Tensor, "b l m"]:
    """True where a word may read a token of a medium.

    Args:
        word: how many media stand before each word; 0 before the first.
        medium: the number of each token's medium, from 1.
    """
    return word[:, :, None] == medium[:, None]


class GatedCrossAttention(nn.Module):
    """The trainable kernel.

    Args:
        width: channels of words.
        seen: channels of media.
        inner: channels inside; fewer are cheaper.
        heads: that divide `inner`.
        gate: that both gates start at; 0 is shut.
    """

    def __init__(
        self, width: int, seen: int, inner: int = 0, heads: int = 4, gate: float = 0.0
    ) -> None:
        super().__init__()
        inner = inner or max(heads, width // 2 // heads * heads)
        self.config = {"width": width, "seen": seen, "inner": inner, "heads": heads, "gate": gate}
        self.heads = heads
        self.norm, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query = nn.Linear(width, inner, bias=False)
        self.key_value = nn.Linear(seen, 2 * inner, bias=False)
        self.out = nn.Linear(inner, width, bias=False)
        self.up, self.down = nn.Linear(width, 2 * inner), nn.Linear(2 * inner, width)
        self.read_gate = nn.Parameter(torch.tensor(float(gate)))
        self.made_gate = nn.Parameter(torch.tensor(float(gate)))

    def told(
        self,
        x: Float[Tensor, "b l d"],
        media: Float[Tensor, "b m c"],
        may: Bool[Tensor, "b l m"],
    ) -> Float[Tensor, "b l d"]:
        """What each word reads; exactly 0 where it may read nothing."""
        k, v = rearrange(self.key_value(media), "b m (r h c) -> r b h m c", r=2, h=self.heads)
        q = rearrange(self.query(self.norm(x)), "b l (h c) -> b h l c", h=self.heads)
        some = may.any(2, keepdim=True)
        read = scaled_dot_product_attention(q, k, v, (may | ~some)[:, None])
        return self.out(rearrange(read, "b h l c -> b l (h c)")) * some

    def forward(
        self,
        x: Float[Tensor, "b l d"],
        media: Float[Tensor, "b m c"],
        may: Bool[Tensor, "b l m"],
    ) -> Float[Tensor, "b l d"]:
        """Words that have read, and what is made of them; the very words where gates are shut."""
        x = x + self.read_gate.tanh() * self.told(x, media, may)
        return x + self.made_gate.tanh() * self.down(gelu(self.up(self.norm2(x))))


class PartitionedText(nn.Module):
    """A causal language model in two halves: text alone below, text that sees above.

    Args:
        words: in the vocabulary.
        width: channels.
        seen: channels of media.
        depth: layers, half of them below.
        heads: of each.
        most: words in a text.
    """

    def __init__(
        self, words: int, width: int, seen: int, depth: int = 4, heads: int = 4, most: int = 64
    ) -> None:
        super().__init__()
        sizes = {"depth": depth, "heads": heads, "most": most}
        self.config = {"words": words, "width": width, "seen": seen, **sizes}
        self.table, self.place = nn.Embedding(words, width), nn.Embedding(most, width)
        nn.init.normal_(self.table.weight, std=width**-0.5)
        make = lambda: nn.TransformerEncoderLayer(  # noqa: E731
            width, heads, 4 * width, 0.0, "gelu", batch_first=True, norm_first=True
        )
        self.below = nn.ModuleList(make() for _ in range(depth // 2))
        self.above = nn.ModuleList(make() for _ in range(depth - depth // 2))
        self.gates = nn.ModuleList(GatedCrossAttention(width, seen) for _ in self.above)
        self.ask = nn.Parameter(0.02 * torch.randn(width))
        self.norm = nn.LayerNorm(width)

    def unimodal(self, text: Int[Tensor, "b l"]) -> Float[Tensor, "b l d"]:
        """Words behind the lower half, which sees nothing but text."""
        x = self.table(text) + self.place.weight[: text.shape[1]]
        return self._through(self.below, x)

    def said(self, lower: Float[Tensor, "b l d"]) -> Float[Tensor, "b d"]:
        """One vector for a text: what a learned query takes from the lower half."""
        share = (lower @ self.ask / lower.shape[2] ** 0.5).softmax(1)
        return (share[..., None] * lower).sum(1)

    def forward(
        self,
        lower: Float[Tensor, "b l d"],
        media: Float[Tensor, "b m c"],
        may: Bool[Tensor, "b l m"],
    ) -> Float[Tensor, "b l v"]:
        """Points of the next word, after the upper half has seen the media."""
        x = lower
        for gate, layer in zip(self.gates, self.above, strict=True):
            x = self._through([layer], gate(x, media, may))
        return self.norm(x) @ self.table.weight.T

    def _through(self, layers: "nn.ModuleList | list[nn.Module]", x: Tensor) -> Tensor:
        n = x.shape[1]
        later = torch.ones(n, n, dtype=torch.bool, device=x.device).triu(1)
        for layer in layers:
            x = layer(x, src_mask=later)
        return x
