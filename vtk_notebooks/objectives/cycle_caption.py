"""Cycle captioning: a caption must be written twice, the second time from what its words point at.

After "Learning to Generate Grounded Visual Captions without Localization Supervision" (Ma et al.,
2020, arXiv:1906.00283). As in its released code: half of the cross-entropy of the caption as it is
decoded, and half of that of the caption as it is decoded again, by the same decoder, from the
regions to which its own words were localised. No box takes part.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import cross_entropy

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.registry import register


@register(
    "objective",
    "cycle_caption",
    title="Cyclical captioning",
    paper=("Learning to Generate Grounded Visual Captions without Localization Supervision"),
    year=2020,
    arxiv="1906.00283",
    atlas=("grounded_captions",),
)
@dataclass(frozen=True)
class CycleCaption:
    """Cross-entropy of words, decoded and reconstructed.

    Args:
        decode: weight of the first.
        reconstruct: of the second.
    """

    decode: float = 0.5
    reconstruct: float = 0.5

    def __call__(
        self,
        decoded: Float[Tensor, "b l v"],
        reconstructed: Float[Tensor, "b l v"],
        words: Int[Tensor, "b l"],
        mask: Bool[Tensor, "b l"],
    ) -> dict[str, Tensor]:
        """The terms by name, and "total"; each is the mean over words.

        Args:
            decoded: logits of the vocabulary for each word.
            reconstructed: likewise, of the second reading.
            words: numbers of the right ones.
            mask: words that exist.
        """
        terms = {
            "decode": cross_entropy(decoded[mask], words[mask]),
            "reconstruct": cross_entropy(reconstructed[mask], words[mask]),
        }
        total = torch.stack([self.weights[name] * term for name, term in terms.items()]).sum()
        return {**terms, "total": total}

    @property
    def weights(self) -> dict[str, float]:
        """How much each term counts."""
        return {"decode": self.decode, "reconstruct": self.reconstruct}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """Both terms of a head's batch; when things happen plays no part.

        Args:
            out: with aux "decoded" and "reconstructed" (b l v), "words" and "said" (b l).
            targets: not looked at.
        """
        aux = out.aux
        terms = self(aux["decoded"], aux["reconstructed"], aux["words"], aux["said"])
        return {name: terms[name] for name in self.weights}
