"""Layer memory: one token for each of the last layers of the encoder, averaged over the film.

After LongVLM, "LongVLM: Efficient Long Video Understanding via Large Language Models" (Weng et al.,
2024, arXiv:2404.03384). As there: the class token of every layer, averaged over all frames; the
last 5 layers are kept, and stand before the tokens of the segments: 5 + 300 = 305 tokens.

What differs: class tokens come in as channels, read by `encoder:layer_classes` beside the patches.
A merge averages channels and loses no cell, so their mean over all tokens, weighted by cells, is
still the mean over all frames, and the memory may be made behind `hierarchical_merge`. The channels
leave with it: what is left is as wide as without them, and beside its layer a memory token holds
the film's mean of what other encoders saw. Tokens without such channels have one layer, their own,
and the memory is their mean.

A class token has looked at its whole frame, so a memory token is tied to every cell that is left,
as something that could have had an influence, never as an average of cells.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.provenance import weighted_sums
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@register(
    "compressor",
    "layer_cls_memory",
    title="Layer memory (LongVLM)",
    paper="LongVLM: Efficient Long Video Understanding via Large Language Models",
    year=2024,
    arxiv="2404.03384",
    atlas=("longvlm",),
)
@dataclass(frozen=True)
class LayerClsMemory:
    """The film's memory tokens, earlier layers first.

    Args:
        last: layers that are kept, counted from the end.
        classes: the feature space that holds class tokens, layer after layer, each as wide as the
            first other space.
        local: let the tokens that came in follow behind, instead of dropping them.
    """

    kind: ClassVar[Kind] = "receptive"
    needs_text: ClassVar[bool] = False

    last: int = 5
    classes: str = "dinov2_classes"
    local: bool = False

    def __post_init__(self) -> None:
        if self.last < 1:
            raise VtkError("LayerClsMemory", "1 layer or more", self.last)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        there = any(s.name == self.classes for s in tokens.spaces)
        rest = _without(tokens, self.classes) if there else tokens
        cells = tokens.mass().to(tokens.share.dtype)
        share = cells / cells.sum()
        n = torch.arange(len(tokens), device=share.device)
        mean = weighted_sums(tokens.x, n, torch.zeros_like(n), share)[0]
        said = [s.name == self.classes for s in tokens.spaces for _ in range(s.width)]
        classes = torch.tensor(said, device=mean.device)
        x = mean[~classes][None]
        if there:
            x = self._layers(mean[classes], x[0], rest.spaces[0].width)
        kind: Kind = "receptive" if there else "mean"
        new = torch.arange(len(x), device=share.device)
        step = torch.cartesian_prod(new, n)
        memory = rest.derive(x, step, share.repeat(len(x)), kind)
        return memory.joined(rest) if self.local else memory

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        n = grid[0] * grid[1] * grid[2] if self.local else 0
        return 1 + n, self.last + n

    def at(self, keep: float) -> "LayerClsMemory":
        """The same: a memory has as many tokens as layers, whatever the film; also at keep=1."""
        if not 0 < keep <= 1:
            raise VtkError("LayerClsMemory.at", "keep in (0, 1]", keep)
        return replace(self)

    def _layers(
        self, classes: Float[Tensor, "k"], mean: Float[Tensor, "d"], width: int
    ) -> Float[Tensor, "l d"]:
        """The last layers' class tokens; beside them, the film's mean of other channels."""
        if len(classes) % width:
            expected = f"class tokens of {width} channels"
            raise ShapeError("LayerClsMemory", expected, f"{len(classes)} in all")
        layers = rearrange(classes, "(l c) -> l c", c=width)[-self.last :]
        return torch.cat([layers, mean[width:].expand(len(layers), -1)], 1)


def _without(tokens: Tokens, space: str) -> Tokens:
    """The same tokens, less the channels of one space."""
    rest = tuple(s for s in tokens.spaces if s.name != space)
    if not rest:
        hint = "Read patches with another encoder of the recipe."
        raise ShapeError("LayerClsMemory", "channels beside class tokens", space, hint)
    stays = [s.name != space for s in tokens.spaces for _ in range(s.width)]
    return replace(tokens, x=tokens.x[:, stays], spaces=rest)
