"""Moment mAP and R1 over IoU thresholds, for all moments and by how long they are.

After "QVHighlights: Detecting Moments and Highlights in Videos via Natural Language Queries" (Lei
et al., 2021, arXiv:2107.09609). As in its evaluator, whose 104 published numbers for a file of
predictions come out equal (20 of them are `highlight_map`'s): mAP is the mean over questions of
average precision, interpolated as on ActivityNet; only the first ten listed answers count, and of
these each, best score first, takes the free truth that it overlaps most; R1 asks the answer that is
*listed* first, whatever its score, for an IoU of at least the threshold; a split by length keeps
the truths of that length and the questions that have any.

What differs: a question without an answer scores 0, where the evaluator leaves it out of mAP and
fails at R1. The union is the hull throughout, which is exact at ties; the evaluator takes the hull
for R1 only. Of several truths at the very same overlap the last one is taken, as its sort does on
most machines.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register
from vtk_notebooks.spans import Stretch, as_arrays, hull_iou
from vtk_notebooks.statistics import Estimate

THRESHOLDS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
LENGTHS_S = (("long", 30.0, 150.0), ("middle", 10.0, 30.0), ("short", 0.0, 10.0))
ALL = "full"


@register(
    "metric",
    "moment_map",
    title="Moment mAP",
    paper="QVHighlights: Detecting Moments and Highlights in Videos via Natural Language Queries",
    year=2021,
    arxiv="2107.09609",
    atlas=("moment_detr",),
)
@dataclass(frozen=True)
class MomentMap:
    """mAP and R1, in percent, over many questions with one or more true moments each.

    Args:
        thresholds: of IoU; mAP without a threshold is the mean over them.
        most: how many of the answers count, in the order in which they are listed.
        lengths_s: name of each split, and the lengths above and up to which its truths are.
    """

    thresholds: tuple[float, ...] = THRESHOLDS
    most: int = 10
    lengths_s: tuple[tuple[str, float, float], ...] = LENGTHS_S

    def __call__(
        self,
        answers: Sequence[Sequence[Stretch]],
        truths: Sequence[Sequence[Stretch]],
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name: "MR-full-mAP", "MR-full-mAP@0.5", "MR-full-R1@0.5", "MR-long-mAP", ...

        Args:
            answers: for each question, in the order of the file; may be empty, or wrong in any way.
            truths: for each question, one or more.
            films: of each question; intervals then draw whole films.
        """
        if len(answers) != len(truths) or not len(truths) or not all(map(len, truths)):
            got = f"{len(answers)} answers for {len(truths)} questions"
            hint = "Give an empty list where nothing was answered."
            raise VtkError("moment_map", "answers and one or more truths per question", got, hint)
        (said, scores), (true, _) = as_arrays(answers, self.most), as_arrays(truths)
        iou = hull_iou(said[:, :, None], true[:, None])
        length_s = true[..., 1] - true[..., 0]
        splits = {ALL: ~np.isnan(length_s)} | {
            name: (low < length_s) & (length_s <= high) for name, low, high in self.lengths_s
        }
        labels = None if films is None else np.asarray(films)
        out: dict[str, Estimate] = {}
        for name, kept in splits.items():
            out |= _named(f"MR-{name}", iou, scores, kept, self.thresholds, labels)
        return out

    @classmethod
    def example(cls) -> tuple[list[list[Moment]], list[list[Moment]]]:
        """Three questions, with a short, a middle and a long moment, all answered exactly."""
        moments = [[Moment(0.0, 5.0)], [Moment(10.0, 30.0)], [Moment(40.0, 100.0)]]
        return moments, moments


def average_precisions(
    iou: Float[np.ndarray, "q p g"],
    scores: Float[np.ndarray, "q p"],
    kept: Bool[np.ndarray, "q g"],
    thresholds: Sequence[float],
) -> Float[np.ndarray, "q m"]:
    """Interpolated average precision of each question at each threshold.

    Args:
        iou: of each answer with each truth; 0 where a list is shorter.
        scores: of the answers; nan ranks last, equal ones keep their order.
        kept: truths that count; one or more in each row.
        thresholds: of IoU.
    """
    order = np.argsort(-scores, axis=1, kind="stable")
    ranked = np.take_along_axis(np.where(kept[:, None], iou, -1.0), order[..., None], axis=1)
    hit = hits(ranked, np.asarray(thresholds))
    rank = np.arange(1, hit.shape[-1] + 1)
    best_after = np.maximum.accumulate((hit.cumsum(-1) / rank)[..., ::-1], axis=-1)[..., ::-1]
    return (hit * best_after).sum(-1) / kept.sum(1)[:, None]


def hits(
    iou: Float[np.ndarray, "q p g"], thresholds: Float[np.ndarray, "m"]
) -> Bool[np.ndarray, "q m p"]:
    """Which answers, best first, find a truth that no answer before them has taken."""
    # Truths that no answer reaches are taken by none; without them most rows are one or two wide.
    reached = (iou >= thresholds.min()).any(1)
    front = np.argsort(~reached, axis=1, kind="stable")[:, : reached.sum(1).max(initial=0)]
    iou = np.take_along_axis(iou, front[:, None], axis=2)
    many, answers, width = iou.shape
    hit = np.zeros((many, len(thresholds), answers), dtype=bool)
    free = np.ones((many, len(thresholds), width), dtype=bool)
    question, level = np.ogrid[:many, : len(thresholds)]
    for rank in range(answers if width else 0):  # in turn: what is free depends on those before
        open_iou = np.where(free, iou[:, None, rank], -1.0)
        best = width - 1 - open_iou[..., ::-1].argmax(-1)
        hit[..., rank] = open_iou[question, level, best] >= thresholds
        free[question, level, best] &= ~hit[..., rank]
    return hit


def _named(
    head: str,
    iou: Float[np.ndarray, "q p g"],
    scores: Float[np.ndarray, "q p"],
    kept: Bool[np.ndarray, "q g"],
    thresholds: Sequence[float],
    films: np.ndarray | None,
) -> dict[str, Estimate]:
    """The numbers of one split."""
    asked = kept.any(1)
    iou, scores, kept = iou[asked], scores[asked], kept[asked]
    films = None if films is None else films[asked]
    precision = average_precisions(iou, scores, kept, thresholds)
    first = np.where(kept, iou[:, 0], 0.0).max(-1, initial=0.0)
    percent = {f"mAP@{m:g}": precision[:, i] for i, m in enumerate(thresholds)}
    percent |= {"mAP": precision.mean(1)}
    percent |= {f"R1@{m:g}": first >= m for m in thresholds}
    return {f"{head}-{n}": Estimate.mean(x, films, scale=100) for n, x in percent.items()}
