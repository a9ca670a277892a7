"""Example votes: how far the labels of the most similar examples alone answer a question.

After "VideoICL: Confidence-based Iterative In-context Learning for Out-of-Distribution Video
Understanding" (Kim et al., 2025, arXiv:2412.02186), which ranks labelled clips by similarity and
shows the best ones to a model as examples. This vote asks no model: it is what the examples give
away by themselves, and so the number that in-context learning has to beat.

What follows the paper: examples in order of cosine similarity, the first k of them count, accuracy
in percent. What differs: the vote itself is our baseline and not in the paper. The label that most
of the first k have wins; of equal ones, the one that stands nearest. `weighted` counts similarities
instead of heads. Who has no example is wrong, not left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from jaxtyping import Float

from vtk_notebooks.arrays import padded
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate


@register(
    "metric",
    "example_votes",
    title="Votes of the nearest examples",
    paper=(
        "VideoICL: Confidence-based Iterative In-context Learning for Out-of-Distribution Video "
        "Understanding"
    ),
    year=2025,
    arxiv="2412.02186",
    atlas=("video_icl",),
)
@dataclass(frozen=True)
class ExampleVotes:
    """Accuracy of the vote of the first k examples, in percent, as "k=1", "k=8", ...

    Args:
        k: how many examples vote.
        weighted: a vote weighs as much as its example is similar.
    """

    k: tuple[int, ...] = (1, 8)
    weighted: bool = False

    def __post_init__(self) -> None:
        if not self.k or min(self.k) < 1:
            raise VtkError("ExampleVotes", "one or more k of 1 or more", self.k)

    def __call__(
        self,
        ranked: Sequence[Sequence[str]],
        truths: Sequence[str],
        similarities: Sequence[Sequence[float | int]] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by k.

        Args:
            ranked: labels of the examples of each question, the most similar first.
            truths: the right label of each.
            similarities: of the examples; only a weighted vote reads them.
        """
        if not len(truths) or len(ranked) != len(truths):
            got = f"{len(ranked)} lists for {len(truths)} questions"
            raise VtkError("ExampleVotes", "a list of labels for one or more questions", got)
        if self.weighted and similarities is None:
            raise VtkError("ExampleVotes", "similarities for a weighted vote", None)
        number = {label: n for n, label in enumerate({*truths, *chain(*ranked)})}
        labels = _rows([[number[label] for label in row] for row in ranked])
        weights = np.ones(labels.shape)
        if self.weighted and similarities is not None:
            weights = _rows(similarities)
            if not np.array_equal(np.isnan(weights), np.isnan(labels)):
                raise VtkError("ExampleVotes", "a similarity for each example", weights.shape)
        truth = np.array([number[t] for t in truths])
        return {
            f"k={k}": Estimate.mean(winners(labels[:, :k], weights[:, :k]) == truth, scale=100)
            for k in self.k
        }

    @classmethod
    def example(cls) -> tuple[list[list[str]], list[str]]:
        """Two questions, each with its own label nearest and in the majority."""
        return [["run", "run", "sit"], ["sit", "sit", "run"]], ["run", "sit"]


def winners(
    labels: Float[np.ndarray, "q k"], weights: Float[np.ndarray, "q k"]
) -> Float[np.ndarray, "q"]:
    """The label with the most votes in each row, the nearest of equal ones; nan where nobody votes.

    Args:
        labels: numbers, nearest first; nan is no example.
        weights: what each vote counts.
    """
    if not labels.shape[1]:
        return np.full(len(labels), np.nan)
    same = labels[:, :, None] == labels[:, None]
    votes = np.where(same, weights[:, None], 0.0).sum(2)
    first_best = np.where(np.isnan(labels), -np.inf, votes).argmax(1)  # the first of equal ones
    return np.take_along_axis(labels, first_best[:, None], axis=1)[:, 0]


def _rows(lists: Sequence[Sequence[float | int]]) -> Float[np.ndarray, "q k"]:
    """Lists as rows, filled up with nan."""
    return padded(np.array([*chain(*lists)], dtype=float), list(map(len, lists)))
