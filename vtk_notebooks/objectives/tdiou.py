"""Temporal-distance IoU: a span pays for overlap, and for centre and length that are far off.

After "Text-Visual Prompting for Efficient 2D Temporal Video Grounding" (Zhang et al., 2023,
arXiv:2303.04995). As in the loss that transformers has of it: 1 - IoU with the hull as union, the
distance of the centres but 0.2 at least, and the squared difference of the lengths but 0.4 at
least, weighed 1, 1 and 0.1; all in parts of the film. Below the two floors nothing pulls, so a
perfect span costs 0.24, and a span that ends before it starts pays like one that meets nothing.

What differs: it is right for any batch, as the mean over its films; that of transformers multiplies
spans by durations along the wrong axis, which is silently wrong for two films and fails for more.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.registry import register


@register(
    "objective",
    "tdiou",
    title="Temporal-distance IoU (TVP)",
    paper="Text-Visual Prompting for Efficient 2D Temporal Video Grounding",
    year=2023,
    arxiv="2303.04995",
    atlas=("tvp",),
)
@dataclass(frozen=True)
class TemporalDistanceIoU:
    """Three terms of one span for each film.

    Args:
        iou: weight of 1 - IoU.
        distance: of the distance of the centres.
        duration: of the squared difference of the lengths.
        near: distance below which nothing pulls.
        alike: squared difference below which nothing pulls.
    """

    iou: float = 1.0
    distance: float = 1.0
    duration: float = 0.1
    near: float = 0.2
    alike: float = 0.4

    @property
    def weights(self) -> dict[str, float]:
        """How much each term counts."""
        return {name: getattr(self, name) for name in ("iou", "distance", "duration")}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """The means over a head's batch, unweighted.

        Args:
            out: with aux "ends" (b 2), start and end as they were said.
            targets: the first span of each film is the truth.
        """
        each = self(out.aux["ends"], targets.spans[:, 0])
        return {name: term.mean() for name, term in each.items()}

    def __call__(
        self, said: Float[Tensor, "b 2"], truth: Float[Tensor, "b 2"]
    ) -> dict[str, Float[Tensor, "b"]]:
        """The terms of each film.

        Args:
            said: start and end, as parts of the film, in any order.
            truth: the same, in order.
        """
        inter = torch.minimum(said[:, 1], truth[:, 1]) - torch.maximum(said[:, 0], truth[:, 0])
        hull = torch.maximum(said[:, 1], truth[:, 1]) - torch.minimum(said[:, 0], truth[:, 0])
        away = (said.mean(1) - truth.mean(1)).abs()
        longer = (said.diff(dim=1) - truth.diff(dim=1))[:, 0]
        return {
            "iou": 1 - inter.clamp_min(0) / hull.clamp_min(1e-9),
            "distance": away.clamp_min(self.near),
            "duration": longer.square().clamp_min(self.alike),
        }
