"""Pairwise temporal IoU: soft masks of one film are pushed off each other, each finds its own.

After ZeroTA, "Zero-Shot Dense Video Captioning by Jointly Optimizing Text and Moment" (Jo et al.,
2023, arXiv:2307.02682). There is a loss for how much every two soft moment masks overlap; that an
overlap is the sum of minima over the sum of maxima, and that pairs are averaged, not added, could
not be verified.
"""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.blocks.grounding.soft_spans import pairwise_soft_iou
from vtk_notebooks.registry import register


@register(
    "objective",
    "soft_iou",
    title="Pairwise temporal IoU of soft masks",
    paper="Zero-Shot Dense Video Captioning by Jointly Optimizing Text and Moment",
    year=2023,
    arxiv="2307.02682",
    atlas=("zerota",),
)
@dataclass(frozen=True)
class SoftIoU:
    """The mean overlap of every two masks, in [0, 1].

    Args:
        weight: beside the other losses.
    """

    weight: float | int = 1

    def __call__(self, masks: Float[Tensor, "m t"]) -> dict[str, Tensor]:
        """The term by its name, and "total".

        Args:
            masks: how much each frame belongs to each moment, in [0, 1].
        """
        overlap = pairwise_soft_iou(masks)
        return {"overlap": overlap, "total": self.weight * overlap}
