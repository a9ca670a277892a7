"""Dense detection: did the predicted events lie where events are, whatever is said of them?

After "Dense-Captioning Events in Videos" (Krishna et al., 2017, arXiv:1705.00754), whose evaluator
every work on dense captioning uses: at each threshold of IoU, precision is the part of predictions
that overlap any true event by more, recall the part of true events that any prediction overlaps so.
Predictions are not matched one to one: ten copies of a right one are all right.

The same predictions have several F1, which differ by a tenth of their value and share a name:

* `F1_Score`, mean of F1s: of each film's precision and recall, both averaged over thresholds, then
  averaged over films (TimeChat's evaluator, arXiv:2312.02051);
* `F1_of_means`: of all films' mean precision and recall, at each threshold (`F1@0.5`), then
  averaged over thresholds (VidChapters' evaluator, arXiv:2309.13952).

What differs: a film without a prediction counts as 0, as in TimeChat's evaluator; VidChapters'
leaves it out. A span that ends before it starts overlaps nothing, as in VidChapters' evaluator;
TimeChat's puts its ends in order, for which the caller may do so. Published evaluators add 1e-8 to
the union, so that a tie at a threshold does not count; here a tie is one up to 1e-8, the same. One
set of true events per film: ActivityNet's two are two calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from einops import rearrange
from jaxtyping import Float

from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register
from vtk_notebooks.spans import all_ious
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.text.captions import Caption, covered, f1, paired_films, times_s

_TIE = 1e-8


@register(
    "metric",
    "dense_detection",
    title="Dense detection",
    paper="Dense-Captioning Events in Videos",
    year=2017,
    arxiv="1705.00754",
)
@dataclass(frozen=True)
class DenseDetection:
    """Precision and recall at IoU thresholds, and two F1, as parts of 1.

    Args:
        thresholds: of IoU.
        strict: the IoU must exceed the threshold, as published; else it need only reach it.
    """

    thresholds: tuple[float, ...] = (0.3, 0.5, 0.7, 0.9)
    strict: bool = True

    def __call__(
        self, answers: Sequence[Sequence[Caption]], truths: Sequence[Sequence[Caption]]
    ) -> dict[str, Estimate]:
        """Numbers by their published names; "Precision_Mean" and "Recall_Mean" are over thresholds.

        Args:
            answers: for each film, its predicted events; may be empty.
            truths: for each film, one or more.
        """
        both = detections(answers, truths, self.thresholds, strict=self.strict)
        names = [f"{m:g}" for m in self.thresholds]
        precision, recall = both
        return {
            **{f"Precision@{m}": Estimate.mean(x) for m, x in zip(names, precision, strict=True)},
            **{f"Recall@{m}": Estimate.mean(x) for m, x in zip(names, recall, strict=True)},
            **{f"F1@{m}": f1_of_means(both[:, [i]]) for i, m in enumerate(names)},
            "Precision_Mean": Estimate.mean(precision.mean(0)),
            "Recall_Mean": Estimate.mean(recall.mean(0)),
            "F1_Score": mean_of_f1s(both),
            "F1_of_means": f1_of_means(both),
        }

    @classmethod
    def example(cls) -> tuple[list[list[Moment]], list[list[Moment]]]:
        """Two films, whose three events were all predicted exactly."""
        events = [[Moment(0.0, 8.0), Moment(9.0, 20.0)], [Moment(5.0, 6.0)]]
        return events, events


def detections(
    answers: Sequence[Sequence[Caption]],
    truths: Sequence[Sequence[Caption]],
    thresholds: Sequence[float],
    *,
    strict: bool = True,
) -> Float[np.ndarray, "2 t n"]:
    """Precision, then recall, at each threshold in each film."""
    least = np.asarray(thresholds)[:, None, None] + (_TIE if strict else -_TIE)
    each = [
        covered(all_ious(times_s(said), times_s(true)) > least)
        for said, true in paired_films("dense_detection", answers, truths)
    ]
    return np.stack(each, axis=-1)


def mean_of_f1s(both: Float[np.ndarray, "2 t n"]) -> Estimate:
    """The mean over films of the F1 of each film's mean precision and mean recall."""
    precision, recall = both.mean(1)
    return Estimate.mean(f1(precision, recall))


def f1_of_means(both: Float[np.ndarray, "2 t n"]) -> Estimate:
    """The mean over thresholds of the F1 of all films' mean precision and mean recall."""

    def value(means: Float[np.ndarray, "k r"]) -> Float[np.ndarray, "r"]:
        precision, recall = rearrange(means, "(two t) r -> two t r", two=2)
        return f1(precision, recall).mean(0)

    return Estimate.of_means(rearrange(both, "two t n -> (two t) n"), value)
