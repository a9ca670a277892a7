"""Boundary recall: were films cut where people cut them, to within so many seconds?

After "VidChapters-7M: Video Chapters at Scale" (Yang et al., 2023, arXiv:2309.13952), whose
evaluator asks, beside the IoU of chapters, whether they start in the right place: precision at 5 s
is the part of predicted starts with a true start less than 5 s away, recall the part of true starts
with a predicted one so near. Values are averaged over films; `F1@5s` is of those means.

What differs: a film without a prediction counts as 0, where the evaluator leaves it out. Chapters
as their uploaders type them always start at 0:00, so that everybody finds the first one:
`skip_first` leaves it out on both sides, and is off, as published.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register
from vtk_notebooks.spans import all_ious
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.text.captions import Caption, covered, f1, paired_films, times_s

_TIE = 1e-8
"""In the evaluator it stands below the IoU; seconds are compared as they are."""


@register(
    "metric",
    "boundary_recall",
    title="Boundary precision and recall",
    paper="VidChapters-7M: Video Chapters at Scale",
    year=2023,
    arxiv="2309.13952",
    atlas=("vidchapters",),
)
@dataclass(frozen=True)
class BoundaryRecall:
    """Precision, recall and F1 of chapters, by start and by IoU, as parts of 1.

    Args:
        seconds: limits of distance between starts.
        thresholds: of IoU of whole chapters.
        skip_first: only starts after the first one count.
        strict: nearer than a limit and above a threshold, as published; else reaching is enough.
    """

    seconds: tuple[float | int, ...] = (1, 3, 5, 10, 30, 60)
    thresholds: tuple[float, ...] = (0.3, 0.5, 0.7, 0.9)
    skip_first: bool = False
    strict: bool = True

    def __call__(
        self, answers: Sequence[Sequence[Caption]], truths: Sequence[Sequence[Caption]]
    ) -> dict[str, Estimate]:
        """Numbers by their published names: "Precision@5s", "Recall@0.5", ...

        Args:
            answers: for each film, its predicted chapters; may be empty.
            truths: for each film, one or more; two or more where the first one is left out.
        """
        films = paired_films("boundary_recall", answers, truths)
        by_start = np.stack([self._starts(said, true) for said, true in films], axis=-1)
        by_iou = np.stack([self._ious(said, true) for said, true in films], axis=-1)
        names = [*(f"{s:g}s" for s in self.seconds), *(f"{m:g}" for m in self.thresholds)]
        precision, recall = np.concatenate([by_start, by_iou], axis=1)
        out: dict[str, Estimate] = {}
        for name, p, r in zip(names, precision, recall, strict=True):
            out[f"Precision@{name}"] = Estimate.mean(p)
            out[f"Recall@{name}"] = Estimate.mean(r)
            out[f"F1@{name}"] = Estimate.of_means(np.stack([p, r]), lambda means: f1(*means))
        return out

    @classmethod
    def example(cls) -> tuple[list[list[Moment]], list[list[Moment]]]:
        """A film of three chapters, cut exactly there."""
        chapters = [[Moment(0.0, 75.0), Moment(75.0, 720.0), Moment(720.0, 900.0)]]
        return chapters, chapters

    def _starts(self, said: Sequence[Caption], true: Sequence[Caption]) -> Float[np.ndarray, "2 s"]:
        a, b = (np.sort(times_s(c)[:, 0])[int(self.skip_first) :] for c in (said, true))
        if not len(b):
            hint = "Leave the film out, or count its first chapter."
            raise VtkError("boundary_recall", "two or more true chapters per film", 1, hint)
        return start_coverage(a, b, self.seconds, strict=self.strict)

    def _ious(self, said: Sequence[Caption], true: Sequence[Caption]) -> Float[np.ndarray, "2 m"]:
        least = np.asarray(self.thresholds)[:, None, None] + (_TIE if self.strict else -_TIE)
        return covered(all_ious(times_s(said), times_s(true)) > least)


def start_coverage(
    said_s: Float[np.ndarray, "p"],
    true_s: Float[np.ndarray, "g"],
    limits_s: Sequence[float | int],
    *,
    strict: bool = True,
) -> Float[np.ndarray, "2 s"]:
    """Precision, then recall, of the starts of one film, at each limit."""
    away_s = np.abs(said_s[:, None] - true_s[None])
    limit_s = np.asarray(limits_s)[:, None, None]
    return covered(away_s < limit_s if strict else away_s <= limit_s)
