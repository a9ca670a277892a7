"""Slot sampler: learned directions, each of which gathers the tokens that point its way.

After "VTG-LLM: Integrating Timestamp Knowledge into Video LLMs for Enhanced Video Temporal
Grounding" (Guo et al., 2024, arXiv:2405.13382). As there: the logits are tokens times slots, the
softmax runs over the tokens of the clip for each slot, and a slot's token is the mean of all tokens
with these weights; no projections, no scale, no iteration. 96 frames of 32 tokens become 256, and
slots start as unit normal noise. The order of the tokens plays no part, so whatever should be known
of time must be in the features by then.

What differs: a clip of no more tokens than slots is left as it is. Before training, a slot is a
random direction: behind a layer norm it holds on to the few tokens farthest along it, with unit
vectors it is close to the mean of the clip. `sharpness` is ours, 1 is the paper's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from vtk_notebooks.blocks.kernels import drawn, load_kernel
from vtk_notebooks.blocks.mixtures import mixed_of_all
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens

_MOST_FLOATS = 2**23
"""Weights over all tokens that are held together, 32 MB (64 MB where features have 16 bits)."""


class Slots(nn.Module):
    """The trainable kernel.

    Args:
        width: channels of a token.
        slots: how many.
    """

    def __init__(self, width: int, slots: int = 256) -> None:
        super().__init__()
        self.config = {"width": width, "slots": slots}
        self.slots = nn.Parameter(torch.randn(width, slots))

    def weights(self, x: Float[Tensor, "b n d"]) -> Float[Tensor, "b n k"]:
        """What each slot takes of each token; adds up to 1 over the tokens."""
        return (x @ self.slots).softmax(1)

    def forward(self, x: Float[Tensor, "b n d"]) -> Float[Tensor, "b k d"]:
        return self.weights(x).mT @ x


@register(
    "compressor",
    "slot_sampler",
    title="Slot sampler (VTG-LLM)",
    paper=(
        "VTG-LLM: Integrating Timestamp Knowledge into Video LLMs for Enhanced Video Temporal "
        "Grounding"
    ),
    year=2024,
    arxiv="2405.13382",
    atlas=("vtg_llm",),
)
@dataclass(frozen=True)
class SlotSampler:
    """A fixed number of tokens, whatever the length of the film.

    Args:
        slots: tokens to end up with.
        keep: above 0, the part of the tokens that there are slots for, instead of `slots`.
        sharpness: factor on the logits.
        seed: of the slots, where no file is given.
        file: safetensors with trained `Slots`; "" for their first values.
    """

    kind: ClassVar[Kind] = "attn"
    needs_text: ClassVar[bool] = False

    slots: int = 256
    keep: float = 0.0
    sharpness: float = 1.0
    seed: int = 0
    file: str = ""

    def __post_init__(self) -> None:
        if self.slots < 1:
            raise VtkError("SlotSampler", "1 or more slots", self.slots)
        if not 0 <= self.keep <= 1:
            raise VtkError("SlotSampler", "keep in [0, 1]", self.keep, "0 takes `slots`.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        many = self._number(len(tokens))
        if many == len(tokens):
            return tokens
        return mixed_of_all(tokens, self._shares(tokens, many), many)

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        n = self._number(grid[0] * grid[1] * grid[2])
        return n, n

    def at(self, keep: float) -> "SlotSampler":
        """As many slots as that part of the tokens; keep=1 is the identity. Drops `file`."""
        if not 0 < keep <= 1:
            raise VtkError("SlotSampler.at", "keep in (0, 1]", keep, "1/12 is the paper's.")
        return replace(self, keep=keep, file="")

    def kernel(self, width: int, slots: int) -> Slots:
        """The trained slots, or the first values that the seed gives."""
        if not self.file:
            return drawn(lambda: Slots(width, slots), self.seed)
        kernel = load_kernel(Slots, self.file)
        if kernel.slots.shape != (width, slots):
            expected = f"{kernel.config['slots']} slots for {kernel.config['width']} channels"
            hint = "Mind `slots` and the encoder."
            raise ShapeError("SlotSampler", expected, f"{slots} for {width}", hint)
        return kernel

    def _shares(self, tokens: Tokens, many: int) -> Iterator[Float[Tensor, "_ n"]]:
        slots = self.kernel(tokens.x.shape[1], many).slots.to(tokens.share)
        rows = 4 * _MOST_FLOATS // (tokens.x.element_size() * len(tokens))
        for some in slots.mT.split(max(1, rows)):
            yield self._share(some, tokens.x)

    @torch.no_grad()
    def _share(self, some: Float[Tensor, "r d"], x: Float[Tensor, "n d"]) -> Float[Tensor, "r n"]:
        """What some of the slots take of each token; the film is not copied."""
        at_once = max(1, _MOST_FLOATS // x.shape[1])
        parts = (some @ part.to(some).mT for part in x.split(at_once))
        share = torch.cat(list(parts), 1).mul_(self.sharpness).softmax(1)
        return share.div_(share.sum(1, keepdim=True, dtype=torch.double).to(share))

    def _number(self, n: int) -> int:
        return min(n, max(1, round(self.keep * n)) if self.keep else self.slots)
