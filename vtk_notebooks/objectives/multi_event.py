"""Multi-event loss: a film has several true sentences, and none of them pushes another away.

After "Multi-event Video-Text Retrieval" (Zhang et al., 2023, arXiv:2308.11551): the loss of a film
is the mean over its true sentences of a cross-entropy against the sentences of other films, that
of a sentence is plain cross-entropy over films, and both are added.

In the released code there are two readings of the film's side. In the one called "unbalanced" a
true sentence is held against false ones only (here `disjoint`, the default); in the one called
"balanced" also against the film's other true sentences, so that with n of them the loss never
falls below log n. The weight between both sides is said to be adapted while training; how could
not be verified, and here it stays as it is.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register


@register(
    "objective",
    "multi_event",
    title="Multi-event loss (MeVTR)",
    paper="Multi-event Video-Text Retrieval",
    year=2023,
    arxiv="2308.11551",
    atlas=("me_retriever",),
)
@dataclass(frozen=True)
class MultiEventLoss:
    """Cross-entropy in both directions, where a film has several true sentences.

    Args:
        alpha: weight of the sentences' side.
        disjoint: a true sentence is held against false ones only.
    """

    alpha: float | int = 1
    disjoint: bool = True

    def __call__(
        self, similarity: Float[Tensor, "v s"], true: Bool[Tensor, "v s"]
    ) -> dict[str, Tensor]:
        """The terms "v2t" and "t2v", and "total".

        Args:
            similarity: of films and sentences, temperature and all.
            true: which sentence tells of which film; each has one film or more.
        """
        v2t = multi_positive_ce(similarity, true, disjoint=self.disjoint)
        t2v = multi_positive_ce(similarity.T, true.T, disjoint=self.disjoint)
        return {"v2t": v2t, "t2v": t2v, "total": v2t + self.alpha * t2v}


def multi_positive_ce(
    similarity: Float[Tensor, "n m"], true: Bool[Tensor, "n m"], *, disjoint: bool = True
) -> Float[Tensor, ""]:
    """The mean over rows of the mean cross-entropy of a row's true columns.

    Args:
        similarity: logits.
        true: one true column in every row, or more.
        disjoint: the other true columns are left out of the sum in the denominator.
    """
    if not true.any(1).all():
        got = f"{int((~true.any(1)).sum())} rows without one"
        raise VtkError("multi_positive_ce", "a true column in every row", got, "Leave them out.")
    false = similarity.masked_fill(true, -torch.inf).logsumexp(1, keepdim=True)
    whole = torch.logaddexp(similarity, false) if disjoint else similarity.logsumexp(1, True)
    cost = (whole - similarity).masked_fill(~true, 0)
    return (cost.sum(1) / true.sum(1)).mean()
