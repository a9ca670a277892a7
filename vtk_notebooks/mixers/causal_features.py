"""Causal features: each token is told what it expects of all confounders, each as often as it is.

After "iPerceive: Applying Common-Sense Reasoning to Multi-Modal Dense Video Captioning and Video
Question Answering" (Chadha et al., 2020, arXiv:2011.07735), with the features of "Visual
Commonsense R-CNN" (Wang et al., 2020, arXiv:2002.12204): attention over a dictionary of
confounders, weighted by their prior, gives a feature that goes with what was seen.

What differs: there, an entry is the mean look of a class of detected objects, and its prior the
class's frequency in a data set. Here, without a trained kernel, entries are the mean tokens of
groups of the film itself and priors the groups' sizes; attention is drawn, and what it says is kept
quiet (`gain`). The feature is added, so that tokens keep their width.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import normalize, one_hot

from vtk_notebooks.blocks.intervention import Commonsense
from vtk_notebooks.blocks.kernels import drawn, frozen, load_fitting, loudness, precise
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens, weakest


def confounders(
    x: Float[Tensor, "n d"], entries: int
) -> tuple[Float[Tensor, "z d"], Float[Tensor, "z"]]:
    """Mean and share of the tokens most like each of some that lie evenly in the film.

    Args:
        x: tokens, one or more.
        entries: at most so many groups; fewer where tokens are.
    """
    many = min(entries, len(x))
    first = (torch.arange(many, device=x.device) * len(x)) // many
    unit = normalize(x, dim=-1)
    group = (unit @ unit[first].T).argmax(1)
    member = one_hot(group, many).to(x)
    size = member.sum(0)
    return (member.T @ x) / size.clamp_min(1)[:, None], size / len(x)


@register(
    "mixer",
    "causal_features",
    title="Causal features (iPerceive)",
    paper=(
        "iPerceive: Applying Common-Sense Reasoning to Multi-Modal Dense Video Captioning and "
        "Video Question Answering"
    ),
    year=2020,
    arxiv="2011.07735",
    atlas=("iperceive",),
)
@dataclass(frozen=True)
class CausalFeatures:
    """Add to every token what it expects of the confounders.

    Args:
        entries: of an untrained dictionary, 1 or more.
        inner: channels in which an untrained kernel compares.
        gain: how loud it speaks, in the loudness of each token's channels.
        seed: of its weights.
        file: a trained `Commonsense`; "" for an untrained one. It brings its own dictionary and
            speaks as loud as it was trained to.
    """

    causal: ClassVar[bool] = False

    entries: int = 8
    inner: int = 32
    gain: float | int = 0.1
    seed: int = 0
    file: str = ""

    def __post_init__(self) -> None:
        if min(self.entries, self.inner) < 1:
            got = f"entries={self.entries}, inner={self.inner}"
            raise VtkError("CausalFeatures", "entries and inner of 1 or more", got)

    def __call__(self, tokens: Tokens) -> Tokens:
        x = precise(tokens.x)
        kernel = self._kernel(x)
        if self.file:
            told = kernel(x)
        else:
            told = kernel(x, *confounders(x, self.entries))
            told = told / told.square().mean(-1, keepdim=True).add(1e-12).sqrt()
            told = self.gain * loudness(x, [w for _, w in tokens.spaces]) * told
        kind = weakest(tokens.kind, "receptive")
        return replace(tokens, x=(x + told).to(tokens.x.dtype), kind=kind)

    def _kernel(self, x: Float[Tensor, "n d"]) -> Commonsense:
        width = x.shape[1]
        if not self.file:
            return frozen(drawn(lambda: Commonsense(width, 1, self.inner), self.seed), x)
        kernel = load_fitting(Commonsense, self.file, width, "CausalFeatures")
        return frozen(kernel, x)
