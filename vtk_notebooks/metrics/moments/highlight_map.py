"""Highlight mAP and Hit1: how well a score per clip finds the clips that people rate highly.

After "QVHighlights: Detecting Moments and Highlights in Videos via Natural Language Queries" (Lei
et al., 2021, arXiv:2107.09609). As in its evaluator: a clip is positive for an annotator who rates
it at least Fair (2), Good (3) or VeryGood (4); mAP is the mean over annotators and questions of
interpolated average precision, where clips of one score share a rank and count once; Hit1 asks
whether any annotator agrees with the highest scored clip; a question without a positive clip scores
0 and is not left out; scores beyond the film are cut, missing ones are 0, though never the highest.

What differs: a question without any score counts as 0, where the evaluator fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from einops import rearrange
from jaxtyping import Bool, Float

from vtk_notebooks.arrays import padded
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate

LEVELS = (("Fair", 2), ("Good", 3), ("VeryGood", 4))

BLOCK = 256
"""Questions at once: so many fit into a processor's cache, which halves the time."""

Scores = Sequence[float | int] | Float[np.ndarray, "c"]
"""One number per clip, from the first clip on."""


@register(
    "metric",
    "highlight_map",
    title="Highlight mAP and Hit1",
    paper="QVHighlights: Detecting Moments and Highlights in Videos via Natural Language Queries",
    year=2021,
    arxiv="2107.09609",
    atlas=("moment_detr",),
)
@dataclass(frozen=True)
class HighlightMap:
    """mAP and Hit1, in percent, for each level of rating.

    Args:
        levels: names, and the rating from which on a clip is positive.
    """

    levels: tuple[tuple[str, int], ...] = LEVELS

    def __call__(
        self,
        answers: Sequence[Scores],
        truths: Sequence[Float[np.ndarray, "_ a"]],
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name: "HL-min-Fair-mAP", "HL-min-Fair-Hit1", ...

        Args:
            answers: for each question, a score for each clip; may be too short, or empty.
            truths: for each question, what each annotator gave to each clip of the film.
            films: of each question; intervals then draw whole films.
        """
        if len(answers) != len(truths) or not len(truths) or not all(map(len, truths)):
            got = f"{len(answers)} answers for {len(truths)} questions"
            hint = "Give an empty list where nothing was answered."
            raise VtkError("highlight_map", "answers and ratings of one or more clips", got, hint)
        flat = np.fromiter(chain.from_iterable(answers), float)
        scores = padded(flat, list(map(len, answers)))
        ratings = padded(np.concatenate(truths), list(map(len, truths)))
        precision = precisions(scores, ratings, [least for _, least in self.levels])
        out: dict[str, Estimate] = {}
        for (name, least), each in zip(self.levels, precision, strict=True):
            hit = first_hits(scores, ratings, least)
            out[f"HL-min-{name}-mAP"] = Estimate.mean(each, films, scale=100)
            out[f"HL-min-{name}-Hit1"] = Estimate.mean(hit, films, scale=100)
        return out

    @classmethod
    def example(cls) -> tuple[list[list[float]], list[np.ndarray]]:
        """One film of four clips, two of them rated very good by all, and scored highest."""
        ratings = np.array([[0, 0, 0], [4, 4, 4], [4, 4, 4], [0, 0, 0]], dtype=float)
        return [[0.1, 0.9, 0.8, 0.0]], [ratings]


def precisions(
    scores: Float[np.ndarray, "q s"], ratings: Float[np.ndarray, "q c a"], levels: Sequence[int]
) -> Float[np.ndarray, "l q"]:
    """Average precision of each question, a row per level; the mean over annotators."""
    blocks = []
    for start in range(0, len(scores), BLOCK):
        block = slice(start, start + BLOCK)
        by_rank = ranked(scores[block], ratings[block])
        blocks.append([average_precisions(*by_rank, least).mean(1) for least in levels])
    return np.concatenate(blocks, axis=1)


def ranked(
    scores: Float[np.ndarray, "q s"], ratings: Float[np.ndarray, "q c a"]
) -> tuple[Float[np.ndarray, "q a c"], Bool[np.ndarray, "q c"]]:
    """Ratings from the highest scored clip to the lowest, and which clip is the last of its score.

    Args:
        scores: of clips from the first one on; nan where there is none.
        ratings: by each annotator; nan behind the end of the film.
    """
    clips = ratings.shape[1]
    fitted = np.zeros(ratings.shape[:2])
    fitted[:, : scores.shape[1]] = np.nan_to_num(scores[:, :clips])
    fitted[np.isnan(ratings[..., 0])] = -np.inf
    order = np.argsort(-fitted, axis=1)
    fitted = np.take_along_axis(fitted, order, axis=1)
    last = np.ones(fitted.shape, dtype=bool)
    last[:, :-1] = fitted[:, 1:] != fitted[:, :-1]
    answered = np.any(np.isfinite(scores), axis=1)
    by_rank = np.take_along_axis(rearrange(ratings, "q c a -> q a c"), order[:, None], axis=2)
    return np.where(answered[:, None, None], by_rank, np.nan), last


def average_precisions(
    ratings: Float[np.ndarray, "q a c"], last: Bool[np.ndarray, "q c"], least: float | int
) -> Float[np.ndarray, "q a"]:
    """Interpolated average precision by question and annotator; 0 where no clip is positive.

    Args:
        ratings: of the clips from the highest scored one to the lowest.
        last: ends of runs of one score, where alone precision is known.
        least: rating of a positive clip.
    """
    right = (ratings >= least).cumsum(-1, dtype=np.int32)
    known = np.where(last[:, None], right, 0)
    gain = known > 0
    gain[..., 1:] = known[..., 1:] > np.maximum.accumulate(known, axis=-1)[..., :-1]
    precision = known / np.arange(1, right.shape[-1] + 1, dtype=np.int32)
    best_after = np.maximum.accumulate(precision[..., ::-1], axis=-1)[..., ::-1]
    return (best_after * gain).sum(-1) / gain.sum(-1).clip(1)


def first_hits(
    scores: Float[np.ndarray, "q s"], ratings: Float[np.ndarray, "q c a"], least: float | int
) -> Bool[np.ndarray, "q"]:
    """Whether the highest scored clip is positive for any annotator."""
    if not scores.shape[1]:
        return np.zeros(len(scores), dtype=bool)
    first = np.where(np.isnan(scores), -np.inf, scores).argmax(1)
    inside = np.any(np.isfinite(scores), axis=1) & (first < ratings.shape[1])
    rating = ratings[np.arange(len(scores)), np.where(inside, first, 0)]
    return inside & (rating >= least).any(1)
