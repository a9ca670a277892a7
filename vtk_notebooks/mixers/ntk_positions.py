"""NTK-aware positions: rotary positions stretched so that a longer film fits a trained window.

After INTP, "Interpolating Video-LLMs: Toward Longer-sequence LMMs in a Training-free Manner" (Shang
et al., 2024, arXiv:2409.12963), which makes room for more frames in a language model without
training it. Rotary positions turn channel pair i of d channels by p * b^(-2i / d) at position p, so
that a product of two turned vectors knows only how far apart they are. Here b is replaced by
b * s^(d / (d - 2)): the fastest pair turns as before, so that neighbours are told apart as well as
ever, and the slowest turns exactly s times slower, so that s times as many positions reach no
angle that was not seen in training.

What differs: a language model turns queries and keys in each of its layers; as a mechanism on its
own, this turns the tokens' features as they would be turned, pair (i, i + d / 2) as in Llama. They
then live in a space of their own, so that nobody compares them with a question by mistake; shares
are `concat`, for a turned cell is no mean. How the paper sets s could not be verified (no public
code): s = 4 are 32 frames where 8 were trained, and `window` makes s the number of tokens over that
window. The paper's 2-bit cache is not done here.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Space, Tokens, weakest

_AT_ONCE = 2**14
"""Tokens that are turned at a time."""


@register(
    "mixer",
    "ntk_positions",
    title="NTK-aware positions (INTP)",
    paper="Interpolating Video-LLMs: Toward Longer-sequence LMMs in a Training-free Manner",
    year=2024,
    arxiv="2409.12963",
    atlas=("intp",),
)
@dataclass(frozen=True)
class NtkPositions:
    """Turn each token by its place in the sequence, as attention would see it.

    Args:
        scale: s, how many times more positions are wanted than were trained; 1 is plain rotary.
        window: positions that were trained; above 0, s is what the tokens at hand need, 1 at least.
        base: b, of the language model.
        heads: equal parts of the channels, each turned alike.
        space: the feature space whose channels are turned; None is the first one.
    """

    causal: ClassVar[bool] = True

    scale: float = 4.0
    window: int = 0
    base: float = 10000.0
    heads: int = 1
    space: str | None = None

    def __post_init__(self) -> None:
        if not (self.scale >= 1 and self.base > 1) or self.window < 0 or self.heads < 1:
            expected = "scale of 1 or more, base above 1, window of 0 or more and 1 head or more"
            raise VtkError("NtkPositions", expected, self)

    def __call__(self, tokens: Tokens) -> Tokens:
        space = self.space or tokens.spaces[0].name
        x = rearrange(tokens.part(space), "n (k c) -> n k c", k=self._heads(tokens.part(space)))
        scale = max(1.0, len(tokens) / self.window) if self.window else self.scale
        speed = frequencies(x.shape[2], self.base, scale).to(x.device)
        position = torch.arange(len(x), device=x.device).double()
        parts = zip(x.split(_AT_ONCE), position.split(_AT_ONCE), strict=True)
        turned = torch.cat([rotated(part, p[:, None], speed) for part, p in parts])
        return _with_part(tokens, space, rearrange(turned, "n k c -> n (k c)"))

    def _heads(self, x: Float[Tensor, "n d"]) -> int:
        if x.shape[1] % (2 * self.heads):
            hint = "Mind `heads` and the encoder."
            expected = f"channels in pairs for {self.heads} heads"
            raise ShapeError("NtkPositions", expected, x.shape[1], hint)
        return self.heads


def ntk_base(base: float, d: int, scale: float) -> float:
    """The base that slows the slowest of d / 2 pairs down by `scale` and leaves the fastest."""
    return base * scale ** (d / (d - 2)) if d > 2 else base


def frequencies(d: int, base: float, scale: float = 1.0) -> Float[Tensor, "p"]:
    """How far each of d / 2 pairs turns from one position to the next, in radians."""
    pair = torch.arange(0, d, 2, dtype=torch.float64)
    return ntk_base(base, d, scale) ** (-pair / d)


def rotated(
    x: Float[Tensor, "*n d"], position: Float[Tensor, "*#n"], speed: Float[Tensor, "p"]
) -> Float[Tensor, "*n d"]:
    """Pairs (i, i + d / 2) turned by position times speed."""
    angle = position[..., None] * speed  # in double: 700,000 positions leave 11 bits of a float
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def _with_part(tokens: Tokens, space: str, x: Float[Tensor, "n d"]) -> Tokens:
    """The same tokens with other channels in one space, which gets a name of its own."""
    names = [s.name for s in tokens.spaces]
    at = names.index(space)
    start = sum(s.width for s in tokens.spaces[:at])
    both = [tokens.x[:, :start], x, tokens.x[:, start + x.shape[1] :]]
    spaces = list(tokens.spaces)
    spaces[at] = Space(f"{space} turned", x.shape[1])
    return replace(
        tokens, x=torch.cat(both, 1), spaces=tuple(spaces), kind=weakest(tokens.kind, "concat")
    )
