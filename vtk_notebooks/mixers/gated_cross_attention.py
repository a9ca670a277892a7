"""Gated cross-attention: each frame reads the one before it, through gates that start shut.

After "COSMO: COntrastive Streamlined MultimOdal Model with Interleaved Pre-Training" (Wang et al.,
2024, arXiv:2401.00849). As there: the attention is narrow inside, its gates are tanh of a number
that starts at 0, so that a model in training starts as it was, and who comes before any medium is
told nothing (`blocks.gated_text` holds the kernel and a text tower that uses it as the paper does).

What differs: in the paper words read the picture before them; as a mechanism for tokens of a film,
the tokens of a frame stand for the words and those of the frame before for the picture. A token of
several frames counts with its mean one.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from torch import Tensor

from vtk_notebooks.blocks.gated_text import GatedCrossAttention as GatedKernel
from vtk_notebooks.blocks.kernels import drawn, frozen, load_kernel, precise
from vtk_notebooks.blocks.lattice import lattice
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens, weakest


@register(
    "mixer",
    "gated_cross_attention",
    title="Gated cross-attention (COSMO)",
    paper="COSMO: COntrastive Streamlined MultimOdal Model with Interleaved Pre-Training",
    year=2024,
    arxiv="2401.00849",
    atlas=("cosmo",),
)
@dataclass(frozen=True)
class GatedCrossAttention:
    """Tell every token what the frame before its own holds.

    Args:
        gate: of an untrained kernel; 0 is shut and changes nothing.
        inner: channels inside an untrained kernel; 0 takes half of the tokens'.
        heads: of an untrained kernel.
        seed: of its weights.
        file: a trained kernel of `blocks.gated_text`; "" for an untrained one.
    """

    causal: ClassVar[bool] = True

    gate: float = 0.0
    inner: int = 0
    heads: int = 4
    seed: int = 0
    file: str = ""

    def __post_init__(self) -> None:
        if self.heads < 1 or self.inner < 0 or self.inner % self.heads:
            got = f"inner={self.inner}, heads={self.heads}"
            raise VtkError("GatedCrossAttention", "heads that divide inner", got)

    def __call__(self, tokens: Tokens) -> Tokens:
        if not self.file and self.gate == 0:
            return tokens
        kernel, x = self._kernel(tokens.x), precise(tokens.x)
        frame, out = lattice(tokens).place[:, 0], x.clone()
        for number in frame.unique().tolist():
            own = (frame == number).nonzero().squeeze(1)
            before = (frame == number - 1).nonzero().squeeze(1) if number > 0 else own
            may = torch.full((1, len(own), len(before)), number > 0, device=x.device)
            out[own] = kernel(x[own][None], x[before][None], may)[0]
        kind = weakest(tokens.kind, "receptive")
        return replace(tokens, x=out.to(tokens.x.dtype), kind=kind)

    def _kernel(self, x: Tensor) -> GatedKernel:
        width = x.shape[1]
        if not self.file:
            sizes = (width, width, self.inner, self.heads, self.gate)
            return frozen(drawn(lambda: GatedKernel(*sizes), self.seed), x)
        kernel = load_kernel(GatedKernel, self.file)
        if kernel.config["width"] != width or kernel.config["seen"] != width:
            expected = f"{kernel.config['width']} channels, as {self.file} was trained on"
            raise ShapeError("GatedCrossAttention", expected, width, "Mind the encoder.")
        return frozen(kernel, x)
