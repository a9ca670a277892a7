"""Token shuffling: neighbours in time are stacked into one wide token, then projected back.

After TimeSuite / VideoChat-T, "TimeSuite: Improving MLLMs for Long Video Understanding via Grounded
Tuning" (Zeng et al., 2024, arXiv:2410.19702). As there: m adjacent tokens are concatenated along
the channels and projected by a linear layer whose weight starts as [W W ... W] / m, so that before
any training it equals the projection W of their mean.

What differs: W is the identity where no learned file is given, for our tokens stay in their
encoder's space; a last group that is not full is filled with its last token. TimeSuite shuffles the
96 query tokens of each clip of 8 frames; here whatever tokens come, in the order of time.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor, nn

from vtk_notebooks.errors import ShapeError, VtkError, WeightsError
from vtk_notebooks.provenance import weighted_sums
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Space, Tokens


class ShuffleProjection(nn.Module):
    """The trainable kernel: groups of `group` tokens, stacked and projected.

    Args:
        width: channels of a token.
        group: tokens that become one.
        base: the projection to start from; the identity where None.
    """

    def __init__(self, width: int, group: int = 4, base: nn.Linear | None = None) -> None:
        super().__init__()
        self.group = group
        weight = torch.eye(width) if base is None else base.weight.detach()
        self.project = nn.Linear(group * width, len(weight))
        with torch.no_grad():
            self.project.weight.copy_(weight.repeat(1, group) / group)
            self.project.bias.zero_()
            if base is not None and base.bias is not None:
                self.project.bias.copy_(base.bias)

    def forward(self, x: Float[Tensor, "b n d"]) -> Float[Tensor, "b k c"]:
        return self.project(rearrange(x, "b (k m) d -> b k (m d)", m=self.group))


@register(
    "compressor",
    "token_shuffle",
    title="Token shuffle (TimeSuite)",
    paper="TimeSuite: Improving MLLMs for Long Video Understanding via Grounded Tuning",
    year=2024,
    arxiv="2410.19702",
    atlas=("timesuite",),
)
@dataclass(frozen=True)
class TokenShuffle:
    """One token for each `group` neighbours in time.

    Args:
        group: tokens that become one.
        file: safetensors with a trained `ShuffleProjection`; "" for its initial value, the mean.
    """

    kind: ClassVar[Kind] = "concat"
    needs_text: ClassVar[bool] = False

    group: int = 4
    file: str = ""

    def __post_init__(self) -> None:
        if self.group < 1:
            raise VtkError("TokenShuffle", "a group of 1 or more", self.group)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        order = tokens.centre()[:, 0].argsort(stable=True)
        fill = order[-1:].expand(-len(order) % self.group)
        members = rearrange(torch.cat([order, fill]), "(k m) -> k m", m=self.group)
        new = torch.arange(len(members), device=order.device).repeat_interleave(self.group)
        share = torch.ones_like(new, dtype=tokens.share.dtype)
        x = self._project(tokens, members) if self.file else _means(tokens.x, members)
        spaces = (Space("token_shuffle", x.shape[1]),) if self.file else None
        return tokens.derive(x, torch.stack([new, members.flatten()], 1), share, "concat", spaces)

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        n = -(-t * h * w // self.group)
        return n, n

    def at(self, keep: float) -> "TokenShuffle":
        """The group size nearest to 1/keep; keep=1 is the identity. Another size drops `file`."""
        if not 0 < keep <= 1:
            raise VtkError("TokenShuffle.at", "keep in (0, 1]", keep, "0.25 keeps a quarter.")
        near = int(1 / keep)
        group = min((near, near + 1), key=lambda m: abs(1 / m - keep))
        return self if group == self.group else replace(self, group=group, file="")

    def _project(self, tokens: Tokens, members: Int[Tensor, "k m"]) -> Float[Tensor, "k c"]:
        weight, bias = _weights(self.file)
        x = rearrange(tokens.x[members], "k m d -> k (m d)")
        if weight.shape[1] != x.shape[1]:
            expected = f"{weight.shape[1]} channels, as {self.file} was trained on"
            got = f"{self.group} x {tokens.x.shape[1]}"
            raise ShapeError("TokenShuffle", expected, got, "Mind `group` and the encoder.")
        return nn.functional.linear(x, weight.to(x), bias.to(x))


def _means(x: Float[Tensor, "n d"], members: Int[Tensor, "k m"]) -> Float[Tensor, "k d"]:
    """What the projection computes before training."""
    many, group = members.shape
    new = torch.arange(many, device=x.device).repeat_interleave(group)
    return weighted_sums(x, members.flatten(), new, torch.full_like(new, 1 / group, dtype=x.dtype))


def _weights(file: str) -> tuple[Float[Tensor, "c e"], Float[Tensor, "c"]]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        state = load_file(file)
        return state["project.weight"], state["project.bias"]
    except (OSError, SafetensorError, KeyError) as error:
        hint = "Save `ShuffleProjection(...).state_dict()` with safetensors."
        raise WeightsError("TokenShuffle", "a trained projection", file, hint) from error
