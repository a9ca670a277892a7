"""Recall at k and mean IoU: how often a film's moment is found, and how well.

After "TALL: Temporal Activity Localization via Language Query" (Gao et al., 2017,
arXiv:1705.02101), whose R@n, IoU=m every work on moment retrieval reports. Three choices move the
numbers: an answer counts at `IoU >= threshold`, as with most evaluators (`strict` asks for more
than the threshold); a question without an answer counts as IoU 0 and is never left out; the union
is the hull, which is exact at ties.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register
from vtk_notebooks.spans import Stretch, as_arrays, hull_iou
from vtk_notebooks.statistics import Estimate


@register(
    "metric",
    "recall",
    title="R@k and mIoU",
    paper="TALL: Temporal Activity Localization via Language Query",
    year=2017,
    arxiv="1705.02101",
)
@dataclass(frozen=True)
class Recall:
    """R@k at IoU thresholds and mIoU, in percent, over many questions.

    Args:
        at: how many of the first answers may hold the right one.
        thresholds: of IoU.
        strict: the IoU must exceed the threshold, not only reach it.
    """

    at: tuple[int, ...] = (1, 5)
    thresholds: tuple[float, ...] = (0.3, 0.5, 0.7)
    strict: bool = False

    def __call__(
        self,
        answers: Sequence[Sequence[Stretch]],
        truths: Sequence[Sequence[Stretch]],
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name, "R1@0.5" and "mIoU"; the latter is of first answers.

        Args:
            answers: for each question, best first; may be empty.
            truths: for each question, one or more; the nearest one counts.
            films: of each question; intervals then draw whole films.
        """
        iou = best_ious(answers, truths, most=max(self.at))
        out = {
            f"R{k}@{m:g}": recall_at(iou, k, m, films, strict=self.strict)
            for k in self.at
            for m in self.thresholds
        }
        return {**out, "mIoU": mean_iou(iou, films)}

    @classmethod
    def example(cls) -> tuple[list[list[Moment]], list[list[Moment]]]:
        """Two questions, both answered exactly."""
        moments = [[Moment(0.0, 10.0)], [Moment(20.0, 30.0)]]
        return moments, moments


def best_ious(
    answers: Sequence[Sequence[Stretch]], truths: Sequence[Sequence[Stretch]], most: int = 5
) -> Float[np.ndarray, "q k"]:
    """IoU of each answer with its nearest truth; 0 where there is no answer."""
    if len(answers) != len(truths) or not len(truths) or not all(map(len, truths)):
        got = f"{len(answers)} answers for {len(truths)} questions"
        hint = "Give an empty list where nothing was answered."
        raise VtkError("best_ious", "answers and one or more truths per question", got, hint)
    (a, _), (b, _) = as_arrays(answers, most), as_arrays(truths)
    return hull_iou(a[:, :, None], b[:, None]).max(-1)


def recall_at(
    iou: Float[np.ndarray, "q k"],
    k: int,
    threshold: float,
    films: Sequence[str] | None = None,
    *,
    strict: bool = False,
) -> Estimate:
    """Percent of questions with a hit among the first k answers."""
    best = iou[:, :k].max(1)
    return Estimate.mean(best > threshold if strict else best >= threshold, films, scale=100)


def mean_iou(iou: Float[np.ndarray, "q k"], films: Sequence[str] | None = None) -> Estimate:
    """Mean IoU of the first answers, in percent."""
    return Estimate.mean(iou[:, 0], films, scale=100)
