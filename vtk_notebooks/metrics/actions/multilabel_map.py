"""Multi-label mAP: which of many actions a film shows, each class ranking all films.

After "Hollywood in Homes: Crowdsourcing Data Collection for Activity Understanding" (Sigurdsson
et al., 2016, arXiv:1604.01753). As in their evaluator `Charades_v1_classify`: average precision
without interpolation for each of 157 classes, its mean (mAP), and the mean weighted by how many
films a class has (WAP); a film without an answer stands last.

What differs: equal scores stand together (`ties="in order"` ranks them by their place in the file,
as there), and a class that no film has is left out, where theirs makes the mean nan. The challenge
of 2017 scaled every class to 104 right and 1759 wrong films, which is `balance=(104, 1759)`; it
also ranked films without any action last, whatever was answered for them, which we do not repeat.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.statistics.average_precision import mean_ap


@register(
    "metric",
    "multilabel_map",
    title="Multi-label mAP",
    paper="Hollywood in Homes: Crowdsourcing Data Collection for Activity Understanding",
    year=2016,
    arxiv="1604.01753",
    atlas=("charades",),
)
@dataclass(frozen=True)
class MultilabelMap:
    """mAP and WAP in percent, over films with any number of actions each.

    Args:
        ties: "together", or "in order" of the file, as the authors' evaluator has it.
        balance: right and wrong films that every class is scaled to; none by default.
    """

    ties: str = "together"
    balance: tuple[int, int] | None = None

    def __call__(
        self,
        scores: Float[np.ndarray, "n c"],
        actions: Bool[np.ndarray, "n c"],
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name, "mAP" and "WAP".

        Args:
            scores: of each action for each clip; nan where nothing was answered, which stands last.
            actions: which ones a clip shows.
            films: that clips were cut from; intervals then draw whole films.
        """
        return {
            name: mean_ap(
                scores, actions, films, weighted=weighted, ties=self.ties, balance=self.balance
            )
            for name, weighted in (("mAP", False), ("WAP", True))
        }

    @classmethod
    def example(cls) -> tuple[np.ndarray, np.ndarray]:
        """Three films and two actions; what is shown is scored 1, the rest 0."""
        actions = np.array([[True, False], [True, True], [False, True]])
        return actions.astype(float), actions
