"""Key-frame token dropout: one frame keeps all tokens, the others those that attention favours.

After EVAD, "Efficient Video Action Detection with Token Dropout and Context Refinement" (Chen et
al., 2023, arXiv:2304.08451). As there: the key frame is number t // 2; in each of three rounds
ceil(0.7 n) of all n tokens stay; those of the key frame always do, the others are ranked by the
attention that they receive, averaged over heads and queries, where the key frame's queries may
count `enhance` times (4 in the paper, with 0.6 for 0.7). 8 frames of 14 x 14 are 1,568 tokens, then
1,098, 769 and 539. `KeyframeDropBlock` is the paper's layer: attention, drop, MLP.

What differs: the paper drops inside a trained vision transformer (ViT-B: in blocks 4, 7 and 10);
here finished tokens are asked, with softmax(cosine / tau) for the attention, which no training has
taught what a person is: what many tokens look like stays. The order is that of the film; the
released code returns the key frame, then the others by falling score. `order="score"` does so too.
Like the paper's, the attention is quadratic in the tokens; `queries="keyframe"`, which asks the key
frame alone, is not.
"""

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn.functional import gelu, normalize

from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register, unknown
from vtk_notebooks.tokens import Kind, Tokens

ORDERS = ("film", "score")
QUERIES = ("all", "keyframe")
_MOST_FLOATS = 2**24
"""Attention held at once, 64 MB."""


def tokens_left(n: int, key: int, keep: float | int) -> int:
    """How many of n tokens a round leaves, `key` of them being the key frame's."""
    return min(n, max(key, math.ceil(keep * n)))


class KeyframeDropBlock(nn.Module):
    """The trainable kernel: a block of a vision transformer that drops tokens half way through.

    Args:
        width: channels of a token.
        heads: of the attention; they divide the width.
        keep: part of all tokens that stays.
        enhance: how often the queries of the key frame count.
        ratio: width of the MLP in widths of a token.
        eps: of the layer norms.
    """

    def __init__(
        self,
        width: int,
        heads: int = 12,
        keep: float | int = 0.7,
        enhance: float | int = 1,
        *,
        ratio: float | int = 4,
        eps: float = 1e-6,
    ) -> None:
        super().__init__()
        self.keep, self.enhance = keep, enhance
        self.config = {"width": width, "heads": heads, "keep": keep, "enhance": enhance}
        self.config |= {"ratio": ratio, "eps": eps}
        self.norm1, self.norm2 = nn.LayerNorm(width, eps), nn.LayerNorm(width, eps)
        self.attn, self.mlp = _Attention(width, heads), _Mlp(width, int(ratio * width))

    def forward(
        self, x: Float[Tensor, "b n d"], index: Int[Tensor, "b m"], key: int
    ) -> tuple[Float[Tensor, "b k d"], Int[Tensor, "b j"]]:
        """What is left, best first behind the key frame, and the numbers of those others.

        Args:
            x: the key frame's tokens, then all others.
            index: the numbers of the others.
            key: tokens of the key frame.
        """
        told, attention = self.attn(self.norm1(x))
        x, left = x + told, tokens_left(x.shape[1], key, self.keep)
        if left < x.shape[1]:
            weight = torch.ones_like(attention[0, 0, :, 0])
            weight[:key] = self.enhance
            received = torch.einsum("b h q k, q -> b k", attention, weight)[:, key:]
            best = received.argsort(dim=1, descending=True, stable=True)[:, : left - key]
            index = index.gather(1, best)
            rows = (key + best)[..., None].expand(-1, -1, x.shape[2])
            x = torch.cat([x[:, :key], x.gather(1, rows)], dim=1)
        return x + self.mlp(self.norm2(x)), index


class _Attention(nn.Module):
    """Self-attention that shows its weights; queries and values have a bias, keys have none."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.q_bias = nn.Parameter(torch.zeros(width))
        self.v_bias = nn.Parameter(torch.zeros(width))
        self.proj = nn.Linear(width, width)

    def forward(
        self, x: Float[Tensor, "b n d"]
    ) -> tuple[Float[Tensor, "b n d"], Float[Tensor, "b h n n"]]:
        bias = torch.cat([self.q_bias, torch.zeros_like(self.q_bias), self.v_bias])
        q, k, v = rearrange(self.qkv(x) + bias, "b n (r h c) -> r b h n c", r=3, h=self.heads)
        attention = (q @ k.mT / math.sqrt(q.shape[-1])).softmax(-1)
        return self.proj(rearrange(attention @ v, "b h n c -> b n (h c)")), attention


class _Mlp(nn.Module):
    """Wider, GELU, and back."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x: Float[Tensor, "b n d"]) -> Float[Tensor, "b n d"]:
        return self.fc2(gelu(self.fc1(x)))


@register(
    "compressor",
    "keyframe_token_drop",
    title="Key-frame token dropout (EVAD)",
    paper="Efficient Video Action Detection with Token Dropout and Context Refinement",
    year=2023,
    arxiv="2304.08451",
    atlas=("evad",),
)
@dataclass(frozen=True)
class KeyframeDrop:
    """Keep the middle frame, and of the other frames what receives the most attention.

    Args:
        keep: part of all tokens that a round leaves, in (0, 1].
        rounds: of attention and dropping, each among those that the last one left.
        enhance: how often the queries of the key frame count.
        queries: who attends: "all" tokens, or the "keyframe" alone.
        tau: temperature of the attention, in units of the cosine.
        metric: the feature space whose channels are compared; None takes all channels.
        order: "film", or the released code's, "score": the key frame, then the others, best first.
    """

    kind: ClassVar[Kind] = "hard"
    needs_text: ClassVar[bool] = False

    keep: float | int = 0.7
    rounds: int = 3
    enhance: float | int = 1
    queries: str = "all"
    tau: float | int = 0.1
    metric: str | None = None
    order: str = "film"

    def __post_init__(self) -> None:
        who = "KeyframeDrop"
        if not 0 < self.keep <= 1:
            raise VtkError(who, "keep in (0, 1]", self.keep, "The paper keeps 0.7 a round.")
        if self.rounds < 1 or not self.enhance >= 0 or not self.tau > 0:
            got = f"rounds={self.rounds}, enhance={self.enhance}, tau={self.tau}"
            raise VtkError(who, "rounds of 1 or more, enhance of 0 or more, tau above 0", got)
        if self.queries not in QUERIES:
            raise unknown(who, "kind of queries", self.queries, QUERIES)
        if self.order not in ORDERS:
            raise unknown(who, "order", self.order, ORDERS)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        left = self.ranked(tokens)
        return tokens.select(left if self.order == "score" else left.sort().values)

    @torch.no_grad()
    def ranked(self, tokens: Tokens) -> Int[Tensor, "k"]:
        """Numbers of those that stay: the key frame's in order, then the others, best first."""
        x = tokens.x if self.metric is None else tokens.part(self.metric)
        unit = normalize(x.to(tokens.share.dtype), dim=-1)
        is_key = _key_frame(tokens)
        key, rest = is_key.nonzero().squeeze(1), (~is_key).nonzero().squeeze(1)
        for _ in range(self.rounds):
            now = len(key) + len(rest)
            wanted = tokens_left(now, len(key), self.keep) - len(key)
            if wanted < len(rest):
                score = self._score(unit[torch.cat([key, rest])], len(key))[len(key) :]
                rest = rest[score.argsort(descending=True, stable=True)[:wanted]]
        return torch.cat([key, rest])

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        n = t * h * w
        for _ in range(self.rounds):
            n = tokens_left(n, h * w, self.keep)
        return n, n

    def at(self, keep: float) -> "KeyframeDrop":
        """A round's part such that `keep` is left after all; keep=1 is the identity.

        Never less than the key frame.
        """
        if not 0 < keep <= 1:
            raise VtkError("KeyframeDrop.at", "keep in (0, 1]", keep, "0.343 is the paper's.")
        return replace(self, keep=keep ** (1 / self.rounds))

    def _score(self, unit: Float[Tensor, "n c"], key: int) -> Float[Tensor, "n"]:
        """The attention that each token receives, from each query as often as it counts."""
        weight, asked = torch.ones_like(unit[:, 0]), len(unit) if self.queries == "all" else key
        weight[:key] = self.enhance
        rows = max(1, _MOST_FLOATS // len(unit))
        score = torch.zeros_like(weight)
        for part, often in zip(unit[:asked].split(rows), weight[:asked].split(rows), strict=True):
            score += often @ (part @ unit.T / self.tau).softmax(1)
        return score


def _key_frame(tokens: Tokens) -> Bool[Tensor, "n"]:
    """Tokens of the frame t // 2, or of the nearest one that has any."""
    frame = tokens.centre()[:, 0].round()
    away = (frame - tokens.grid[0] // 2).abs().nan_to_num(torch.inf)
    nearest = frame[away.argmin()]  # of two equally near ones, the first token's
    return frame == nearest
