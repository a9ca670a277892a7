"""Language-aligned positions: a cell is told when and where it is, in the model's own words.

After "LLaVA-ST: A Multimodal Large Language Model for Fine-Grained Spatial-Temporal Understanding"
(Li et al., 2025, arXiv:2501.08282), its language-aligned positional embedding. As there, and equal
to the released functions: 100 words each for time, height and width; a word's vector is the mean of
its rows in the language model's input embedding and in its output layer; rows and columns of the
grid take the vectors that linear interpolation to their number gives; the three are added to the
projected feature. An image, a film of one frame, is told the first word for time. A place between
two words is a mixture of both. Words next to one another learn together: with weights W and
nearness M = 2^-|i-j| the value is W, the gradient (I + M)^T of it.

What differs: frames are interpolated like rows, which for the paper's 100 frames is one word each.
Without a file nothing is added, for there is no language model here whose words these could be.
"""

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import interpolate

from vtk_notebooks.blocks.kernels import frozen, load_kernel, precise
from vtk_notebooks.errors import ShapeError
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens, weakest

AXES = ("temporal", "spatial_height", "spatial_width")


def nearness(words: int) -> Float[Tensor, "k k"]:
    """How much neighbours feel of one another's gradient: half for each step between them."""
    number = torch.arange(words)
    return 2.0 ** -(number[:, None] - number).abs()


def propagated(weight: Float[Tensor, "k d"], near: Float[Tensor, "k k"]) -> Float[Tensor, "k d"]:
    """The same weights; what one of them learns, its neighbours learn in part."""
    told = near.to(weight) @ weight
    return weight + told - told.detach()


def between(position: float, words: int) -> tuple[int, int, float]:
    """The two words that a place lies between, and how far on the way to the second it is.

    Args:
        position: from 0 to 1; what lies outside is moved to the end.
        words: how many, the first at 0 and the last at 1.
    """
    place = min(max(position, 0.0), 1.0) * (words - 1)
    return math.floor(place), math.ceil(place), place - math.floor(place)


def word_at(position: float, vectors: Float[Tensor, "k d"]) -> Float[Tensor, "d"]:
    """The vector of a place, mixed of those of the two words around it."""
    low, high, ratio = between(position, len(vectors))
    return vectors[low] * (1 - ratio) + vectors[high] * ratio


class CoordinateWords(nn.Module):
    """The trainable kernel; its parameters have the released names.

    Args:
        width: channels of a token.
        words: for each of time, height and width.
    """

    def __init__(self, width: int, words: int = 100) -> None:
        super().__init__()
        self.config = {"width": width, "words": words}
        for axis in AXES:
            setattr(self, f"{axis}_input_embeddings", nn.Embedding(words, width))
            setattr(self, f"{axis}_output_embeddings", nn.Linear(width, words, bias=False))

    def vectors(self, axis: str) -> Float[Tensor, "k d"]:
        """What the words of one axis mean: the mean of what is read and what is written."""
        read, written = (
            getattr(self, f"{axis}_{side}_embeddings").weight for side in ("input", "output")
        )
        near = nearness(len(read))
        return (propagated(read, near) + propagated(written, near)) / 2

    def along(self, axis: str, n: int) -> Float[Tensor, "n d"]:
        """The vectors of n equal parts of an axis."""
        table = rearrange(self.vectors(axis), "k d -> 1 d k")
        return rearrange(interpolate(table, size=n, mode="linear"), "1 d n -> n d")

    def forward(self, x: Float[Tensor, "b t h w d"]) -> Float[Tensor, "b t h w d"]:
        _, t, h, w, _ = x.shape
        when, high, wide = (self.along(axis, n) for axis, n in zip(AXES, (t, h, w), strict=True))
        if t == 1:  # an image, of which interpolation would say that it is half the film in
            when = self.vectors("temporal")[:1]
        return x + when[:, None, None] + high[:, None] + wide


@register(
    "mixer",
    "language_aligned_pe",
    title="Language-aligned positions (LLaVA-ST)",
    paper=(
        "LLaVA-ST: A Multimodal Large Language Model for Fine-Grained Spatial-Temporal "
        "Understanding"
    ),
    year=2025,
    arxiv="2501.08282",
    atlas=("llava_st",),
)
@dataclass(frozen=True)
class LanguageAlignedPE:
    """Add to each cell the words for its frame, its row and its column.

    Args:
        file: safetensors with trained `CoordinateWords`; "" adds nothing.
    """

    causal: ClassVar[bool] = True

    file: str = ""

    def __call__(self, tokens: Tokens) -> Tokens:
        if not self.file:
            return tokens
        x = tokens.on_grid("LanguageAlignedPE")
        kernel = frozen(load_kernel(CoordinateWords, self.file), x)
        if kernel.config["width"] != x.shape[-1]:
            expected = f"{kernel.config['width']} channels, as {self.file} has"
            raise ShapeError("LanguageAlignedPE", expected, x.shape[-1], "Mind the encoder.")
        nothing = torch.zeros_like(precise(x[None]))
        told = rearrange(kernel(nothing), "1 t h w d -> (t h w) d").to(tokens.x.dtype)
        return replace(tokens, x=tokens.x + told, kind=weakest(tokens.kind, "receptive"))
