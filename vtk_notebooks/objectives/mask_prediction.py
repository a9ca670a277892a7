"""Mask prediction: is each place part of the object, place by place and as a whole?

After VideoLISA, "One Token to Seg Them All: Language Instructed Reasoning Segmentation in Videos"
(Bai et al., 2024, arXiv:2409.19603): binary cross-entropy of each place, averaged over a frame, and
1 - dice of each frame's mask, with sums scaled by 1/1000 and 1e-6 added above and below; weights 2
and 0.5. SAMWISE (Cuttano et al., 2025, arXiv:2411.17646) takes focal loss, with alpha 0.25 and
gamma 2, in place of cross-entropy; its weight here is 0 unless it is set.
"""

from dataclasses import dataclass

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.registry import register


@register(
    "objective",
    "mask_prediction",
    title="Mask prediction (dice, cross-entropy, focal)",
    paper="One Token to Seg Them All: Language Instructed Reasoning Segmentation in Videos",
    year=2024,
    arxiv="2409.19603",
    atlas=("videolisa", "samwise"),
)
@dataclass(frozen=True)
class MaskPrediction:
    """The weighted sum of three terms.

    Args:
        bce: weight of binary cross-entropy.
        dice: of 1 - dice.
        focal: of focal loss.
    """

    bce: float = 2.0
    dice: float = 0.5
    focal: float = 0.0

    def __call__(
        self, logits: Float[Tensor, "n h w"], masks: Bool[Tensor, "n h w"] | Float[Tensor, "n h w"]
    ) -> dict[str, Tensor]:
        """The terms by name, and "total"; each is the mean over masks.

        Args:
            logits: of each place.
            masks: what is true of it; a part between 0 and 1 where the object covers some of it.
        """
        truth = masks.to(logits)
        terms = {
            "bce": binary_cross_entropy_with_logits(logits, truth),
            "dice": dice_loss(logits.sigmoid(), truth).mean(),
            "focal": focal_loss(logits, truth),
        }
        total = torch.stack([self.weights[name] * term for name, term in terms.items()]).sum()
        return {**terms, "total": total}

    @property
    def weights(self) -> dict[str, float]:
        """How much each term counts."""
        return {"bce": self.bce, "dice": self.dice, "focal": self.focal}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """The terms of a head's batch; where only times are known, the whole frame is the object.

        Args:
            out: with aux "mask_logits" (b t h w).
            targets: what is true of its clips.
        """
        logits = out.aux["mask_logits"]
        shown = rearrange(targets.labels.f, "b t -> b t 1 1").expand_as(logits)
        terms = self(logits[targets.mask], shown[targets.mask])
        return {name: terms[name] for name in self.weights}


def dice_loss(
    probability: Float[Tensor, "n h w"],
    truth: Float[Tensor, "n h w"],
    scale: float | int = 1000,
    eps: float = 1e-6,
) -> Float[Tensor, "n"]:
    """1 less twice the overlap over the sum of both areas, mask by mask."""
    both, ours, theirs = (
        x.flatten(1).sum(1) / scale for x in (probability * truth, probability, truth)
    )
    return 1 - (2 * both + eps) / (ours + theirs + eps)


def focal_loss(
    logits: Float[Tensor, "n h w"],
    truth: Float[Tensor, "n h w"],
    alpha: float = 0.25,
    gamma: float | int = 2,
) -> Float[Tensor, ""]:
    """Cross-entropy in which what is right already counts little, and background more."""
    plain = binary_cross_entropy_with_logits(logits, truth, reduction="none")
    p = logits.sigmoid()
    wrong = p * (1 - truth) + (1 - p) * truth
    weight = alpha * truth + (1 - alpha) * (1 - truth)
    return (weight * wrong**gamma * plain).mean()
