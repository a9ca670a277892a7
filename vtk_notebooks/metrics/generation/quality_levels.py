"""Quality levels: how well a model's words or numbers for quality agree with people's opinions.

After "LMM-VQA: Advancing Video Quality Assessment with Large Multimodal Models" (Ge et al., 2025,
arXiv:2408.14008), where a language model is asked for the quality of a film, as a number and as one
of five levels, and its numbers are compared with mean opinion scores: PLCC, the correlation after a
logistic curve of four parameters was fitted to them, and SRCC, the correlation of ranks. A model
that gives probabilities of levels scores their expectation, `sum p_l c_l`; a number belongs to the
level whose centre is nearest.

Only the abstract was at hand: that the levels are the usual five with centres 1 to 5, that the
curve is the one of the Video Quality Experts Group, and how expectation and level are taken, is
common practice and could not be verified for this paper. What differs: the curve must rise, so that
a model that has it upside down gets a negative PLCC, not a good one; a model that always says the
same correlates at 0; an answer that could not be read counts as the middle of the scale and is
never left out. Intervals take the fitted curve and the ranks as they are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import least_squares
from scipy.special import expit
from scipy.stats import rankdata

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate

LEVELS = ("bad", "poor", "fair", "good", "excellent")


@register(
    "metric",
    "quality_levels",
    title="PLCC, SRCC and levels",
    paper="LMM-VQA: Advancing Video Quality Assessment with Large Multimodal Models",
    year=2025,
    arxiv="2408.14008",
    atlas=("lmm_vqa",),
)
@dataclass(frozen=True)
class QualityLevels:
    """PLCC and SRCC in [-1, 1], and the percentage of films whose level is right.

    Args:
        levels: words for quality, worst first; their centres are 1, 2, 3 and so on.
    """

    levels: tuple[str, ...] = LEVELS

    def __post_init__(self) -> None:
        if len(set(self.levels)) < max(2, len(self.levels)):
            raise VtkError("QualityLevels", "two or more different levels", self.levels)

    def __call__(
        self,
        said: Float[np.ndarray, "n"],
        opinions: Float[np.ndarray, "n"],
        sources: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name: "PLCC", "SRCC", "level" and "unread", the last two in percent.

        Args:
            said: the model's quality of each film, on the scale of the levels; nan where its answer
                could not be read.
            opinions: people's mean opinion of each film, on the same scale.
            sources: what films were made from; intervals then draw whole sources.
        """
        if len(said) != len(opinions) or len(said) < 2 or not np.isfinite(opinions).all():
            got = f"{len(said)} answers and {len(opinions)} opinions"
            raise VtkError("QualityLevels", "an answer and an opinion for two or more films", got)
        unread = np.isnan(said)
        x = np.where(unread, (1 + len(self.levels)) / 2, said)
        right = self.nearest(x) == self.nearest(opinions)
        return {
            "PLCC": correlation(fitted(x, opinions), opinions, sources),
            "SRCC": correlation(rankdata(x), rankdata(opinions), sources),
            "level": Estimate.mean(right & ~unread, sources, scale=100),
            "unread": Estimate.mean(unread, sources, scale=100),
        }

    def expected(self, probabilities: Float[np.ndarray, "n l"]) -> Float[np.ndarray, "n"]:
        """The quality that probabilities of levels amount to."""
        total = probabilities.sum(1, keepdims=True)
        if probabilities.shape[1] != len(self.levels) or (probabilities < 0).any():
            expected = f"{len(self.levels)} probabilities for each film"
            raise VtkError("QualityLevels.expected", expected, probabilities.shape)
        return (probabilities / total) @ np.arange(1.0, len(self.levels) + 1)

    def nearest(self, quality: Float[np.ndarray, "n"]) -> Int[np.ndarray, "n"]:
        """The level of each number, from 0; half way, the better one."""
        return np.clip(np.floor(quality + 0.5).astype(int), 1, len(self.levels)) - 1

    def read(self, answer: str) -> float:
        """The quality that an answer names; nan where it names no level, or several."""
        words = re.findall(r"[a-z]+", answer.lower())
        named = [k for k, level in enumerate(self.levels, 1) if level in words]
        return float(named[0]) if len(named) == 1 else float("nan")

    @classmethod
    def example(cls) -> tuple[np.ndarray, np.ndarray]:
        """Five films, one of each level, all judged as people do."""
        return np.arange(1.0, 6.0), np.arange(1.0, 6.0)


def fitted(x: Float[np.ndarray, "n"], y: Float[np.ndarray, "n"]) -> Float[np.ndarray, "n"]:
    """The rising logistic curve of x that is nearest to y; x itself where none is better than flat.

    Four parameters: lower and upper end, the middle, and the steepness.
    """
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return x
    u, v = (x - x.mean()) / x.std(), (y - y.mean()) / y.std()

    def curve(p: Float[np.ndarray, "4"]) -> Float[np.ndarray, "n"]:
        low, height, middle, steepness = p
        return low + height * expit(steepness * (u - middle))

    start = [v.min(), np.ptp(v), 0.0, 4.0]
    least, most = [-np.inf, 0.0, -np.inf, 1e-3], [np.inf, np.inf, np.inf, 1e3]
    best = curve(least_squares(lambda p: curve(p) - v, start, bounds=(least, most)).x)
    return best if best.std() > 1e-3 else x


def correlation(
    x: Float[np.ndarray, "n"],
    y: Float[np.ndarray, "n"],
    clusters: Sequence[str] | None = None,
) -> Estimate:
    """Pearson's, with an interval over items or clusters; 0 where one of both is constant."""
    x, y = x - x.mean(), y - y.mean()
    columns = np.stack([x, y, x * x, y * y, x * y])
    return Estimate.of_means(columns, _of_means, clusters)


def _of_means(m: Float[np.ndarray, "5 r"]) -> Float[np.ndarray, "r"]:
    x, y, xx, yy, xy = m
    spread = np.sqrt(np.maximum(xx - x * x, 0) * np.maximum(yy - y * y, 0))
    sure = spread > 1e-12 * np.sqrt(xx * yy)
    return np.clip(np.where(sure, (xy - x * y) / np.where(sure, spread, 1), 0.0), -1, 1)
