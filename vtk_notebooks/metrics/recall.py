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
        self, answers: Sequence[Sequence[Moment]], truths: Sequence[Sequence[Moment]]
    ) -> dict[str, float]:
        """Numbers by name, "R1@0.5" and "mIoU"; the latter is of first answers.

        Args:
            answers: for each question, best first; may be empty.
            truths: for each question, one or more; the nearest one counts.
        """
        iou = best_ious(answers, truths, most=max(self.at))
        out = {
            f"R{k}@{m:g}": recall_at(iou, k, m, strict=self.strict)
            for k in self.at
            for m in self.thresholds
        }
        return {**out, "mIoU": mean_iou(iou)}


def hull_iou(
    a: Float[np.ndarray, "*#n 2"], b: Float[np.ndarray, "*#n 2"]
) -> Float[np.ndarray, "..."]:
    """Temporal IoU of (start, end) pairs with the hull as union; nan pairs give 0."""
    inter = np.minimum(a[..., 1], b[..., 1]) - np.maximum(a[..., 0], b[..., 0])
    hull = np.maximum(a[..., 1], b[..., 1]) - np.minimum(a[..., 0], b[..., 0])
    return np.nan_to_num(np.maximum(inter, 0) / hull)


def best_ious(
    answers: Sequence[Sequence[Moment]], truths: Sequence[Sequence[Moment]], most: int = 5
) -> Float[np.ndarray, "q k"]:
    """IoU of each answer with its nearest truth; 0 where there is no answer."""
    if len(answers) != len(truths) or not len(truths) or not all(map(len, truths)):
        got = f"{len(answers)} answers for {len(truths)} questions"
        hint = "Give an empty list where nothing was answered."
        raise VtkError("best_ious", "answers and one or more truths per question", got, hint)
    a, b = _table(answers, most), _table(truths, max(map(len, truths)))
    return hull_iou(a[:, :, None], b[:, None]).max(-1)


def recall_at(
    iou: Float[np.ndarray, "q k"], k: int, threshold: float, *, strict: bool = False
) -> float:
    """Percent of questions with a hit among the first k answers."""
    best = iou[:, :k].max(1)
    return float(100 * np.mean(best > threshold if strict else best >= threshold))


def mean_iou(iou: Float[np.ndarray, "q k"]) -> float:
    """Mean IoU of the first answers, in percent."""
    return float(100 * iou[:, 0].mean())


def whole_film(duration_s: float) -> Moment:
    """The blind answer "all of it"."""
    return Moment(0.0, duration_s)


def middle_third(duration_s: float) -> Moment:
    """The blind answer "somewhere in the middle"."""
    return Moment(duration_s / 3, 2 * duration_s / 3)


def first_seconds(duration_s: float, most_s: float = 8.0) -> Moment:
    """The blind answer "at the start"; on Charades-STA the hardest of the blind ones to beat."""
    return Moment(0.0, min(most_s, duration_s))


def _table(moments: Sequence[Sequence[Moment]], most: int) -> Float[np.ndarray, "q k 2"]:
    """Starts and ends in one array, nan where a question has fewer."""
    out = np.full((len(moments), most, 2), np.nan)
    for row, listed in zip(out, moments, strict=True):
        for place, m in zip(row, listed, strict=False):
            place[:] = m.start_s, m.end_s
    return out
