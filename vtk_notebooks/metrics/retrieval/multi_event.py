"""Multi-event retrieval: a film has several true sentences; how high does each of them rank?

After "Multi-event Video-Text Retrieval" (Zhang et al., 2023, arXiv:2308.11551). As in its released
script: for each film all sentences are ranked, and for each sentence all films. Of the ranks of
what is true, "hit@k" is the share within the first k, "best@k" says whether the first of them is,
"worst@k" whether all of them are; "mean_median" is the mean over films of the median rank, and so
on for mean and median in either place.

What differs: where similarities tie, what is false ranks first, where the script goes by the order
of columns. The interval of a median over films is not given.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate


@register(
    "metric",
    "multi_event",
    title="Multi-event retrieval (MeVTR)",
    paper="Multi-event Video-Text Retrieval",
    year=2023,
    arxiv="2308.11551",
    atlas=("me_retriever",),
)
@dataclass(frozen=True)
class MultiEvent:
    """Shares and ranks in both directions; shares in [0, 1], ranks from 1.

    Args:
        ks: how many of the first ranks count.
    """

    ks: tuple[int, ...] = (1, 5, 10, 50, 100)

    def __call__(
        self, similarity: Float[np.ndarray, "v s"], true: Bool[np.ndarray, "v s"]
    ) -> dict[str, Estimate]:
        """Numbers by name: "v2t hit@1", "t2v mean_median", ...

        Args:
            similarity: of each film with each sentence.
            true: which sentence tells of which film; each has a film or more, and the other way
                round.
        """
        if similarity.shape != true.shape or not true.any(1).all() or not true.any(0).all():
            got = f"{similarity.shape} similarities and {int(true.sum())} true pairs"
            hint = "Leave out films without a sentence, and sentences without a film."
            raise VtkError("multi_event", "something true for every film and sentence", got, hint)
        return {
            **{f"v2t {name}": v for name, v in _scores(similarity, true, self.ks).items()},
            **{f"t2v {name}": v for name, v in _scores(similarity.T, true.T, self.ks).items()},
        }

    @classmethod
    def example(cls) -> tuple[np.ndarray, np.ndarray]:
        """Three films with two, one and two sentences, all of them told apart."""
        true = np.arange(3)[:, None] == np.array([0, 0, 1, 2, 2])
        return true.astype(float), true


def true_ranks(
    similarity: Float[np.ndarray, "n m"], true: Bool[np.ndarray, "n m"]
) -> list[Int[np.ndarray, "_"]]:
    """For each row the ranks of its true columns, from 1; a tie with a false one is lost."""
    order = np.lexsort((true, -similarity))  # by falling similarity, then false ones first
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, true.shape[1] + 1)[None], 1)
    return [row[right] for row, right in zip(ranks, true, strict=True)]


def _scores(
    similarity: Float[np.ndarray, "n m"], true: Bool[np.ndarray, "n m"], ks: Sequence[int]
) -> dict[str, Estimate]:
    ranks = true_ranks(similarity, true)
    each = {"mean": [r.mean() for r in ranks], "median": [np.median(r) for r in ranks]}
    out = {f"mean_{name}": Estimate.mean(values) for name, values in each.items()}
    for name, values in each.items():
        out[f"median_{name}"] = Estimate(float(np.median(values)), len(values))
    for k in ks:
        out[f"hit@{k}"] = Estimate.mean([(r <= k).mean() for r in ranks])
        out[f"best@{k}"] = Estimate.mean([float(r.min() <= k) for r in ranks])
        out[f"worst@{k}"] = Estimate.mean([float(r.max() <= k) for r in ranks])
    return out
