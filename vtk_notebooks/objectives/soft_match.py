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


def soft_target(at: Float[Tensor, "m"], frames: int, alpha: float | int) -> Float[Tensor, "m t"]:
    """Alpha to the power of minus the distance, in frames, from the right one."""
    away = torch.arange(frames, device=at.device, dtype=at.dtype) - at[:, None]
    return alpha ** -away.abs()
