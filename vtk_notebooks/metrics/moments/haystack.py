"""Haystack: do the frames that a search picked stand for the frames that answer the question?

After LV-Haystack, in "Re-thinking Temporal Search for Long-Form Video Understanding" (Ye et al.,
2025, arXiv:2504.02259). Two sets of frames are compared by how alike their members are. Precision
is the mean, over picked frames, of the likeness to the true frame that is most alike; recall is
the same with the roles exchanged. In time, two frames are alike (1) if they are at most 5 s apart,
else not (0); to the eye, they are as alike as their structural similarity says.

Averages are those of the authors' script: temporal F1 is the mean of each question's F1, visual F1
is the F1 of mean precision and mean recall. What differs: a question for which nothing was picked
counts as 0, where the script leaves it out; and likeness comes from the caller. The script's visual
numbers cannot be met, and could not be verified: as published it multiplies times by the frame rate
twice before it looks up pictures, and blurs them over columns and colours. `ssim` here is that of
"Image Quality Assessment: From Error Visibility to Structural Similarity" (Wang et al., 2004),
mirrored at the edges.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import numpy as np
from jaxtyping import Bool, Float

from vtk_notebooks.arrays import padded
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate

Times = Sequence[float | int]
"""Of frames, in seconds."""
Likeness = Float[np.ndarray, "_ _"]
"""Of each picked frame (rows) with each true one (columns); 1 for the same picture."""


@register(
    "metric",
    "haystack",
    title="Temporal and visual F1 of picked frames",
    paper="Re-thinking Temporal Search for Long-Form Video Understanding",
    year=2025,
    arxiv="2504.02259",
    atlas=("t_star",),
)
@dataclass(frozen=True)
class Haystack:
    """Precision, recall and F1 of sets of frames, in [0, 1].

    Args:
        tolerance_s: how far apart two frames may be to count as the same in time.
    """

    tolerance_s: float = 5.0

    def __call__(
        self,
        answers: Sequence[Times],
        truths: Sequence[Times],
        likeness: Sequence[Likeness] | Callable[[int], Likeness] | None = None,
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name: "temporal precision", "temporal recall", "temporal F1", "visual ...".

        Args:
            answers: times of the picked frames of each question; may be empty.
            truths: times of its true frames, one or more.
            likeness: to the eye, for each question, or a function from its number; without it
                there are no visual numbers.
            films: of each question; intervals then draw whole films.
        """
        if len(answers) != len(truths) or not len(truths) or not all(map(len, truths)):
            got = f"{len(answers)} answers for {len(truths)} questions"
            hint = "Give an empty list where nothing was picked."
            raise VtkError(
                "haystack", "answers and one or more true frames per question", got, hint
            )
        said_s, true_s = _as_array(answers), _as_array(truths)
        near = np.abs(said_s[:, :, None] - true_s[:, None]) <= self.tolerance_s
        pairs = ~np.isnan(said_s)[:, :, None] & ~np.isnan(true_s)[:, None]
        columns = precision_recall(near.astype(float), pairs)
        out = {
            **_named("temporal", columns, films),
            "temporal F1": Estimate.mean(f1(columns), films),
        }
        if likeness is not None:
            columns = precision_recall(_likenesses(likeness, answers, truths, pairs), pairs)
            out |= _named("visual", columns, films)
            out["visual F1"] = Estimate.of_means(columns, f1, films)
        return out

    @classmethod
    def example(cls) -> tuple[list[list[float]], list[list[float]], list[np.ndarray]]:
        """Two questions, the very frames of which were picked."""
        return [[3.0], [10.0, 70.0]], [[3.0], [10.0, 70.0]], [np.eye(1), np.eye(2)]


def precision_recall(
    likeness: Float[np.ndarray, "q p g"], pairs: Bool[np.ndarray, "q p g"]
) -> Float[np.ndarray, "2 q"]:
    """How well picked frames stand for true ones, and the other way round; 0 if none was picked.

    Args:
        likeness: of each picked frame with each true one.
        pairs: which of them exist.
    """
    alike = np.where(pairs, likeness, -np.inf)
    sides = []
    for other in (2, 1):
        there = pairs.any(other)
        best = np.where(there, alike.max(other), 0.0)
        sides.append(best.sum(1) / there.sum(1).clip(1))
    return np.stack(sides)


def f1(means: Float[np.ndarray, "2 r"]) -> Float[np.ndarray, "r"]:
    """The harmonic mean of precision and recall; 0 where either is."""
    precision, recall = means
    total = precision + recall
    return np.divide(2 * precision * recall, total, out=np.zeros_like(total), where=total > 0)


def ssim(a: Float[np.ndarray, "p h w c"], b: Float[np.ndarray, "g _ _ _"]) -> Likeness:
    """Structural similarity of each picture with each other; values in [0, 1], one size for all."""
    from scipy.ndimage import gaussian_filter

    if a.shape[1:] != b.shape[1:]:
        raise ShapeError("ssim", f"pictures of {a.shape[1:]}", b.shape[1:], "Resize them first.")
    blur = partial(gaussian_filter, sigma=1.5, radius=5, axes=(-3, -2))
    a, b = a[:, None], b[None]
    mean_a, mean_b, dark, flat = blur(a), blur(b), 0.01**2, 0.03**2
    spread = blur(a * a) - mean_a**2 + blur(b * b) - mean_b**2
    together = blur(a * b) - mean_a * mean_b
    light = (2 * mean_a * mean_b + dark) / (mean_a**2 + mean_b**2 + dark)
    return (light * (2 * together + flat) / (spread + flat)).mean((-3, -2, -1))


def _as_array(times: Sequence[Times]) -> Float[np.ndarray, "q k"]:
    lengths = list(map(len, times))
    flat = np.fromiter(chain.from_iterable(times), float)
    return padded(flat, lengths, max(1, *lengths))


def _likenesses(
    likeness: Sequence[Likeness] | Callable[[int], Likeness],
    answers: Sequence[Times],
    truths: Sequence[Times],
    pairs: Bool[np.ndarray, "q p g"],
) -> Float[np.ndarray, "q p g"]:
    """All of them in one array."""
    out = np.zeros(pairs.shape)
    for number, shape in enumerate(zip(map(len, answers), map(len, truths), strict=True)):
        alike = likeness(number) if callable(likeness) else likeness[number]
        if alike.shape != shape and shape[0]:
            raise ShapeError("haystack", f"a likeness {shape} for question {number}", alike.shape)
        out[number, : shape[0], : shape[1]] = alike if shape[0] else 0.0
    return out


def _named(
    head: str, columns: Float[np.ndarray, "2 q"], films: Sequence[str] | None
) -> dict[str, Estimate]:
    names = ("precision", "recall")
    return {f"{head} {n}": Estimate.mean(c, films) for n, c in zip(names, columns, strict=True)}
