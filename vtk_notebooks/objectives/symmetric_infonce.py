"""Symmetric InfoNCE: a text tower that contrasts in the middle and writes at its end.

After "COSMO: COntrastive Streamlined MultimOdal Model with Interleaved Pre-Training" (Wang et al.,
2024, arXiv:2401.00849). As there: the lower half of a language model sees text alone, and what a
learned query takes from it is contrasted with the picture, both ways over the batch; the upper half
sees pictures through gates (`blocks.gated_text`) and its loss is that of language. Both are added;
interleaved documents, whose pictures belong to no one text, are left out of the contrast.

What differs: cosines are divided by a temperature. The released code multiplies them by
exp(temperature), which it starts at 0.1 to 0.2, a factor of about 1.1 that tells pairs hardly
apart; `scale="released"` does so. The weight of either loss could not be verified; both are 1.
"""

import math
from dataclasses import dataclass

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import cross_entropy

from vtk_notebooks.blocks.contrast import cosines, symmetric_cross_entropy
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register, unknown

SCALES = ("temperature", "released")
IGNORED = -100
"""A word that nobody has to write."""


@register(
    "objective",
    "symmetric_infonce",
    title="Contrast and language (COSMO)",
    paper="COSMO: COntrastive Streamlined MultimOdal Model with Interleaved Pre-Training",
    year=2024,
    arxiv="2401.00849",
    atlas=("cosmo",),
)
@dataclass(frozen=True)
class SymmetricInfoNCE:
    """The contrast of pictures and texts, and the loss of language.

    Args:
        contrast: weight of the former.
        language: weight of the latter.
        temperature: of the contrast.
        scale: cosines over "temperature", or times its exponential as "released".
    """

    contrast: float | int = 1
    language: float | int = 1
    temperature: float = 0.07
    scale: str = "temperature"

    def __post_init__(self) -> None:
        if self.scale not in SCALES:
            raise unknown("SymmetricInfoNCE", "scale", self.scale, SCALES)
        if self.temperature <= 0:
            raise VtkError("SymmetricInfoNCE", "a temperature above 0", self.temperature)

    def __call__(
        self,
        seen: Float[Tensor, "b d"],
        said: Float[Tensor, "b d"],
        logits: Float[Tensor, "b l v"] | None = None,
        words: Int[Tensor, "b l"] | None = None,
        paired: Bool[Tensor, "b"] | None = None,
    ) -> dict[str, Tensor]:
        """The terms by name, and "total".

        Args:
            seen: one vector for each picture or film.
            said: one for each text, of the lower half.
            logits: of the next word at each word; without them there is no loss of language.
            words: the text; -100 where there is none.
            paired: documents of one picture and one text; by default all.
        """
        if paired is not None:
            seen, said = seen[paired], said[paired]
        terms = {"contrast": symmetric_cross_entropy(self.factor * cosines(seen, said))}
        if not len(seen):
            terms["contrast"] = seen.sum() * 0
        if logits is not None and words is not None:
            following = rearrange(words[:, 1:], "b l -> (b l)")
            flat = rearrange(logits[:, :-1], "b l v -> (b l) v")
            terms["language"] = cross_entropy(flat, following, ignore_index=IGNORED)
        total = torch.stack([getattr(self, name) * term for name, term in terms.items()]).sum()
        return {**terms, "total": total}

    @property
    def factor(self) -> float:
        """What cosines are multiplied by."""
        released = self.scale == "released"
        return math.exp(self.temperature) if released else 1 / self.temperature
