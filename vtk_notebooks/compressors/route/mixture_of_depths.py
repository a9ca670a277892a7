"""Mixture of depths: a layer computes the best-scored tokens of each frame; the rest pass it by.

After VideoLLM-MoD, "VideoLLM-MoD: Efficient Video-Language Streaming with Mixture-of-Depths Vision
Computation" (Wu et al., 2024, arXiv:2408.16730). As there: in every other layer of the language
model a learned scorer ranks the vision tokens, the top k within each frame go through attention and
MLP, the others take the residual path around the layer, bit for bit, and text is always computed.
So no token is lost, and the next layer may choose others. `MixtureOfDepthsBlock` wraps any block.

What could not be verified, for want of the paper's code and full text: that the score is one linear
layer, that it multiplies what the block adds, k = ceil(0.2 n), and which layers its "deep" plans
mean. Here they are the second half.

What differs: `MixtureOfDepths` runs one routed layer on finished tokens. Its block is a plain
transformer layer, and attends within a frame, so that cost and provenance stay linear in the film;
`attend="clip"` is causal over the whole film, as a language model is. Before training its weights
are drawn, and what they add is kept quiet (`gain`). It keeps all tokens, so it saves computation,
not room: compare it by time. `skip="drop"` leaves the others out instead, an early exit, against
which the paper defends the residual path.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar

import torch
from einops import rearrange, repeat
from jaxtyping import Float, Int
from torch import Tensor, nn

from vtk_notebooks.blocks.heard import heard
from vtk_notebooks.blocks.kernels import drawn, frozen, load_fitting, loudness, precise
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register, unknown
from vtk_notebooks.tokens import Kind, Tokens

_MOST_FLOATS = 2**24
"""Features that go through the layer together, 64 MB."""
SKIPS = ("pass", "drop")
SCOPES = ("frame", "clip")
GATES = ("score", "one")
PLANS = MappingProxyType(
    {
        "all": lambda layer, depth: True,
        "interleaved": lambda layer, depth: layer % 2 == 1,
        "all_deep": lambda layer, depth: 2 * layer >= depth,
        "interleaved_deep": lambda layer, depth: 2 * layer >= depth and layer % 2 == 1,
    }
)
"""Which layers route, by the names of the paper's ablation; "interleaved" is its choice."""


def routed_layers(depth: int, plan: str = "interleaved") -> tuple[int, ...]:
    """Numbers, from 0, of the layers that route."""
    if plan not in PLANS:
        raise unknown("routed_layers", "plan", plan, PLANS)
    return tuple(layer for layer in range(depth) if PLANS[plan](layer, depth))


def chosen(
    score: Float[Tensor, "b n"], frame: Int[Tensor, "n"], keep: float | int
) -> Int[Tensor, "b k"]:
    """Places of the tokens to compute, rising: the best ceil(keep x size) of each frame.

    Args:
        score: the higher, the likelier.
        frame: of each token; all of those with -1, the text, are computed.
        keep: part of a frame.
    """
    name, group, size = frame.unique(return_inverse=True, return_counts=True)
    most = torch.where(name < 0, size, (keep * size.double()).ceil().long())
    order = score.argsort(dim=1, descending=True, stable=True)
    order = order.gather(1, group[order].argsort(dim=1, stable=True))  # frame by frame, best first
    group = group.sort().values
    rank = torch.arange(len(frame), device=frame.device) - (size.cumsum(0) - size)[group]
    return order[:, rank < most[group]].sort(dim=1).values


class MixtureOfDepthsBlock(nn.Module):
    """Any block, asked for a part of the tokens only.

    Args:
        block: takes `(b k d)`, and whatever per-token arguments `forward` is given, to `(b k d)`.
        width: channels of a token.
        keep: part of each frame that is computed.
        gate: what the block adds counts by the token's "score", or as "one".
    """

    def __init__(
        self,
        block: Callable[..., Tensor],
        width: int,
        keep: float | int = 0.2,
        gate: str = "score",
    ) -> None:
        super().__init__()
        if gate not in GATES:
            raise unknown("MixtureOfDepthsBlock", "gate", gate, GATES)
        self.block, self.keep, self.gate = block, keep, gate
        self.score = nn.Linear(width, 1, bias=False)

    def forward(
        self, x: Float[Tensor, "b n d"], frame: Int[Tensor, "n"], **per_token: Tensor
    ) -> Float[Tensor, "b n d"]:
        """All tokens, the computed ones changed.

        Args:
            x: tokens in the order that the block expects; what is computed stays in it.
            frame: of each token; -1 for text, which is always computed and never gated.
            per_token: arguments of the block, `(b n ...)`, such as the positions in the whole
                sequence: the block gets those of the tokens it computes.
        """
        place = self.places(x, frame)
        rows = repeat(place, "b k -> b k d", d=x.shape[2])
        part = x.gather(1, rows)
        batch = torch.arange(len(x), device=x.device)[:, None]
        done = self.block(part, **{name: value[batch, place] for name, value in per_token.items()})
        if self.gate == "score":
            weight = self.score(part)
            done = torch.where((frame[place] < 0)[..., None], done, part + weight * (done - part))
        return x.scatter(1, rows, done.to(x.dtype))

    def places(self, x: Float[Tensor, "b n d"], frame: Int[Tensor, "n"]) -> Int[Tensor, "b k"]:
        """Which tokens would be computed."""
        return chosen(self.score(x).detach()[..., 0], frame, self.keep)


class RoutedLayer(MixtureOfDepthsBlock):
    """The trainable kernel: a transformer layer (norm first, GELU) and its scorer.

    Args:
        width: channels of a token.
        heads: of the attention; they divide the width.
        causal: no token hears from a later one.
        keep: part of each frame that is computed.
        gate: as in `MixtureOfDepthsBlock`.
    """

    def __init__(
        self,
        width: int,
        heads: int = 8,
        causal: bool = False,
        keep: float | int = 0.2,
        gate: str = "score",
    ) -> None:
        layer = nn.TransformerEncoderLayer(
            width, heads, 4 * width, 0.0, "gelu", batch_first=True, norm_first=True
        )
        super().__init__(_Layer(layer, causal), width, keep, gate)
        self.causal = causal
        self.config = {"width": width, "heads": heads, "causal": causal, "keep": keep, "gate": gate}


class _Layer(nn.Module):
    """A layer with or without a causal mask."""

    def __init__(self, layer: nn.TransformerEncoderLayer, causal: bool) -> None:
        super().__init__()
        self.layer, self.causal = layer, causal

    def forward(self, x: Float[Tensor, "b k d"]) -> Float[Tensor, "b k d"]:
        if not self.causal:
            return self.layer(x)
        k = x.shape[1]
        later = torch.ones(k, k, dtype=torch.bool, device=x.device).triu(1)
        return self.layer(x, src_mask=later)


@register(
    "compressor",
    "mixture_of_depths",
    title="Mixture of depths (VideoLLM-MoD)",
    paper=(
        "VideoLLM-MoD: Efficient Video-Language Streaming with Mixture-of-Depths Vision Computation"
    ),
    year=2024,
    arxiv="2408.16730",
    atlas=("videollm_mod",),
)
@dataclass(frozen=True)
class MixtureOfDepths:
    """One layer that computes a part of each frame; all tokens stay.

    Args:
        keep: part of each frame that is computed, in (0, 1].
        skip: tokens that are not computed "pass", bit for bit, or are "drop"ped.
        attend: among the computed ones of a "frame", or to earlier ones of the whole "clip".
        gate: what the layer adds counts by the token's "score", or as "one".
        heads: at most; as many as divide the width.
        gain: how loud an untrained layer speaks, in the loudness of each token's channels.
        seed: of the weights of an untrained layer.
        file: a trained `RoutedLayer`; "" for an untrained one. It brings its own attention and
            gate, and speaks as loud as it was trained to.
    """

    kind: ClassVar[Kind] = "receptive"
    needs_text: ClassVar[bool] = False

    keep: float | int = 0.2
    skip: str = "pass"
    attend: str = "frame"
    gate: str = "score"
    heads: int = 8
    gain: float | int = 0.1
    seed: int = 0
    file: str = ""

    def __post_init__(self) -> None:
        who = "MixtureOfDepths"
        if not 0 < self.keep <= 1:
            raise VtkError(who, "keep in (0, 1]", self.keep, "0.2 computes a fifth of a frame.")
        if self.heads < 1:
            raise VtkError(who, "heads of 1 or more", self.heads)
        choices = {"skip": SKIPS, "attend": SCOPES, "gate": GATES}
        for field, known in choices.items():
            if getattr(self, field) not in known:
                raise unknown(who, field, getattr(self, field), known)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        grid = tokens.on_grid("MixtureOfDepths")
        layer = frozen(self._layer(grid.shape[-1]), grid)
        pattern = "t h w d -> 1 (t h w) d" if layer.causal else "t h w d -> t (h w) d"
        parts = rearrange(grid, pattern)
        t, s = len(grid), tokens.grid[1] * tokens.grid[2]
        frame = torch.arange(t if layer.causal else 1, device=grid.device).repeat_interleave(s)
        told = tokens.x.clone()
        # One table from the start: small ones, kept between large ones that pass, leave holes.
        done = frame.new_empty(len(parts), self.computed(tokens.grid) // len(parts))
        at_once = max(1, _MOST_FLOATS // parts[0].numel())
        for first in range(0, len(parts), at_once):
            x = precise(parts[first : first + at_once])
            place = layer.places(x, frame)
            rows = repeat(place, "b k -> b k d", d=x.shape[2])
            new = self._said(tokens, layer(x, frame).gather(1, rows), x.gather(1, rows))
            part = torch.arange(first, first + len(x), device=x.device)
            done[first : first + len(x)] = part[:, None] * x.shape[1] + place
            told.index_copy_(0, done[first : first + len(x)].flatten(), new.flatten(0, 1).to(told))
        return self._told(tokens, told, done, layer.causal)

    def computed(self, grid: tuple[int, int, int]) -> int:
        """How many of a grid's tokens the layer computes."""
        t, h, w = grid
        frame = torch.zeros(h * w, dtype=torch.long)
        return t * chosen(torch.zeros(1, h * w), frame, self.keep).shape[1]

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        n = t * h * w if self.skip == "pass" else self.computed(grid)
        return n, n

    def at(self, keep: float) -> "MixtureOfDepths":
        """That part of each frame is computed; keep=1 computes all, so none stays as it was."""
        return replace(self, keep=keep)

    def _said(
        self, tokens: Tokens, after: Float[Tensor, "b k d"], before: Float[Tensor, "b k d"]
    ) -> Float[Tensor, "b k d"]:
        """Computed tokens, with what an untrained layer adds kept quiet."""
        if self.file:
            return after
        loud = loudness(before, [width for _, width in tokens.spaces])
        return before + self.gain * loud * (after - before)

    def _layer(self, width: int) -> RoutedLayer:
        if not self.file:
            heads = max(h for h in range(1, self.heads + 1) if width % h == 0)
            causal = self.attend == "clip"
            return drawn(lambda: RoutedLayer(width, heads, causal, self.keep, self.gate), self.seed)
        layer = load_fitting(RoutedLayer, self.file, width, "MixtureOfDepths")
        layer.keep = self.keep
        return layer

    def _told(
        self, tokens: Tokens, x: Float[Tensor, "n d"], done: Int[Tensor, "b k"], causal: bool
    ) -> Tokens:
        """The tokens after the layer; rows of `done` are the tokens that heard of each other."""
        step, share = heard(done, len(tokens), causal)
        out = tokens.derive(x, step, share, "receptive")
        return out if self.skip == "pass" else out.select(done.flatten())
