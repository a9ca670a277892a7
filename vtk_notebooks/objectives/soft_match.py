"""Soft match: of all frames the right one should match best, and its neighbours nearly as well.

After E.T. Chat, in "E.T. Bench: Towards Open-Ended Event-Level Video-Language Understanding" (Liu
et al., 2024, arXiv:2409.18111). As in its released code: the logits of all frames are held, by
cross-entropy, against a target that is 1 at the right frame and falls by a factor alpha = 2 with
every frame away from it. The target is not scaled to add up to 1, so a moment in the middle of a
film weighs more than one at its edge; `normalised` does scale it.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register


@register(
    "objective",
    "soft_match",
    title="Soft frame matching (E.T. Chat)",
    paper="E.T. Bench: Towards Open-Ended Event-Level Video-Language Understanding",
    year=2024,
    arxiv="2409.18111",
    atlas=("et_bench",),
)
@dataclass(frozen=True)
class SoftMatch:
    """Cross-entropy of frames against a peak with soft sides.

    Args:
        alpha: by how much the target falls from one frame to the next, above 1; as it grows, this
            becomes plain cross-entropy.
        normalised: the target adds up to 1.
    """

    alpha: float = 2.0
    normalised: bool = False

    def __post_init__(self) -> None:
        if not self.alpha > 1:
            raise VtkError("SoftMatch", "an alpha above 1", self.alpha)

    def __call__(
        self,
        logits: Float[Tensor, "m t"],
        at: Float[Tensor, "m"],
        mask: Bool[Tensor, "m t"] | None = None,
    ) -> dict[str, Tensor]:
        """The term by its name, and "total".

        Args:
            logits: how well each frame matches each of m tokens.
            at: the right frame's number; between two frames it is a fraction.
            mask: frames that exist; by default all.
        """
        mask = torch.ones_like(logits, dtype=torch.bool) if mask is None else mask
        target = soft_target(at, logits.shape[1], self.alpha) * mask
        if self.normalised:
            target = target / target.sum(1, keepdim=True)
        # no -inf for what is masked: 0 x inf has no gradient
        lowest = torch.finfo(logits.dtype).min
        log = logits.masked_fill(~mask, lowest).log_softmax(1).masked_fill(~mask, 0)
        match = -(target * log).sum(1).mean()
        return {"match": match, "total": match}

    @property
    def weights(self) -> dict[str, float]:
        """How much each term counts."""
        return {"start": 1.0, "end": 1.0}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """One for the first and one for the last frame of each film's first moment.

        Args:
            out: with aux "logits" (b 2 t).
            targets: what is true of its clips.
        """
        start, end = targets.spans[:, 0, :, None].unbind(1)
        begun, over = targets.clips[..., 0] < end - 1e-6, targets.clips[..., 1] <= start + 1e-6
        first = (over & targets.mask).sum(1)
        last = (begun & targets.mask).sum(1) - 1
        at = torch.stack([first, last], 1).to(out.aux["logits"])
        sides = zip(out.aux["logits"].unbind(1), at.unbind(1), strict=True)
        start_loss, end_loss = (self(x, where, targets.mask)["match"] for x, where in sides)
        return {"start": start_loss, "end": end_loss}


def soft_target(at: Float[Tensor, "m"], frames: int, alpha: float | int) -> Float[Tensor, "m t"]:
    """Alpha to the power of minus the distance, in frames, from the right one."""
    away = torch.arange(frames, device=at.device, dtype=at.dtype) - at[:, None]
    return alpha ** -away.abs()
