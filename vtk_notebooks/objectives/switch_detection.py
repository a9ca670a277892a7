"""Switch detection: does a decision notice that a tracker follows another object?

After SAMWISE, "SAMWISE: Infusing wisdom in SAM2 for Text-Driven Video Segmentation" (Cuttano et
al., 2025, arXiv:2411.17646): cross-entropy with a label that nobody has to write, whether the
tracked mask and the one found without memory overlap by less than a tenth of the smaller one.
"""

from dataclasses import dataclass

from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.registry import register


@register(
    "objective",
    "switch_detection",
    title="Switch detection (SAMWISE)",
    paper="SAMWISE: Infusing wisdom in SAM2 for Text-Driven Video Segmentation",
    year=2025,
    arxiv="2411.17646",
    atlas=("samwise",),
)
@dataclass(frozen=True)
class SwitchDetection:
    """Cross-entropy of decisions, averaged over those that had something to judge.

    Args:
        switch: its weight in a head's loss.
    """

    switch: float = 1.0

    def __call__(
        self, logits: Float[Tensor, "b t"], others: Bool[Tensor, "b t"], known: Bool[Tensor, "b t"]
    ) -> Float[Tensor, ""]:
        """The loss; 0 where nothing is judged.

        Args:
            logits: above 0 for another object.
            others: whether it is another.
            known: which decisions count.
        """
        each = binary_cross_entropy_with_logits(logits, others.to(logits), reduction="none")
        return (each * known).sum() / known.sum().clamp_min(1)

    @property
    def weights(self) -> dict[str, float]:
        """How much its term counts."""
        return {"switch": self.switch}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """The term of a head's batch.

        Args:
            out: with aux "decisions", "others" and "judged" (b t).
            targets: which frames exist.
        """
        logits, others, known = (out.aux[k] for k in ("decisions", "others", "judged"))
        return {"switch": self(logits, others, known & targets.mask)}
