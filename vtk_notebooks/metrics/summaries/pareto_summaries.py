"""Pareto summaries: references that none beats on every axis, and summaries held against them.

After "How Good is a Video Summary? A New Benchmarking Dataset and Evaluation Framework Towards
Realistic Video Summarization" (Kaushal et al., 2021, arXiv:2101.10514; VISIOCITY). Different people
want different summaries of a long film, so references are made for many of them: each is what the
greedy algorithm picks within a budget of time for one mixture of terms, by gain or by gain per
frame, and those that another one dominates are thrown away.

What differs: mixtures are drawn by lot from all of them, beside each term alone, where theirs are
listed; terms are first divided by what greedy reaches for them alone; greedy stops where nothing
gains, and the first of equals is taken. Two numbers of our own say where a summary stands: whether
no reference dominates it, and how much it would have to gain on every axis. The first makes sense
with few axes only: with ten, hardly anything is dominated.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate

Term = Callable[[Bool[np.ndarray, "b s"]], Float[np.ndarray, "b"]]
"""From b summaries of s snippets to a number for each."""


@register(
    "metric",
    "pareto_summaries",
    title="Pareto references",
    paper="How Good is a Video Summary? A New Benchmarking Dataset and Evaluation Framework "
    "Towards Realistic Video Summarization",
    year=2021,
    arxiv="2101.10514",
    atlas=("visiocity",),
)
@dataclass(frozen=True)
class ParetoSummaries:
    """References for many tastes, and how far summaries fall short of them.

    Args:
        mixtures: of terms, drawn by lot, beside each term alone.
        cost_sensitive: take what gains most per frame, not what gains most.
        seed: of the mixtures.
    """

    mixtures: int = 32
    cost_sensitive: bool = True
    seed: int = 0

    def __call__(
        self, scores: Float[np.ndarray, "n k"], references: Float[np.ndarray, "r k"]
    ) -> dict[str, Estimate]:
        """The percentage "undominated", and the mean "shortfall" in parts of the axes' ranges.

        Args:
            scores: of each summary on each axis, more is better.
            references: likewise, of the references of the same film.
        """
        if not len(scores) or not len(references):
            got = f"{len(scores)} and {len(references)}"
            raise VtkError("ParetoSummaries", "one or more summaries and references", got)
        return {
            "undominated": Estimate.mean(~dominated(scores, references), scale=100),
            "shortfall": Estimate.mean(shortfall(scores, references)),
        }

    def references(
        self, terms: Mapping[str, Term], frames: Int[np.ndarray, "s"], budget: int
    ) -> tuple[Bool[np.ndarray, "r s"], Float[np.ndarray, "r k"]]:
        """Summaries that no other one of them dominates, and their scores on each term.

        Args:
            terms: by name; the order is that of the scores.
            frames: in each snippet.
            budget: frames that a summary may have.
        """
        draw, k = np.random.default_rng(self.seed), len(terms)
        alone = [self.greedy(term, frames, budget) for term in terms.values()]
        best = np.array([term(s[None])[0] for term, s in zip(terms.values(), alone, strict=True)])
        scale = np.where(best > 0, best, 1.0)
        weights = draw.dirichlet(np.ones(k), self.mixtures) / scale
        picked = [self.greedy(mixed(terms, w), frames, budget) for w in weights]
        found = np.unique([*alone, *picked], axis=0)
        scores = np.stack([term(found) for term in terms.values()], axis=1)
        kept = ~dominated(scores, scores)
        return found[kept], scores[kept]

    def greedy(
        self, term: Term, frames: Int[np.ndarray, "s"], budget: int
    ) -> Bool[np.ndarray, "s"]:
        """One snippet after the other, the one that gains most among those that still fit."""
        if budget < 1 or (frames < 1).any():
            got = f"{budget} and {frames.min()}"
            raise VtkError("greedy", "a budget and snippets of one or more frames", got)
        chosen, one = np.zeros(len(frames), dtype=bool), np.eye(len(frames), dtype=bool)
        while True:
            fits = ~chosen & (frames <= budget - frames[chosen].sum())
            gain = term(chosen | one) - term(chosen[None])
            gain = np.where(fits, gain / (frames if self.cost_sensitive else 1), -np.inf)
            if gain.max() <= 0:
                return chosen
            chosen[gain.argmax()] = True

    @classmethod
    def example(cls) -> tuple[np.ndarray, np.ndarray]:
        """Two references, of which each is better on one axis, held against themselves."""
        scores = np.array([[1.0, 3.0], [2.0, 1.0]])
        return scores, scores


def mixed(terms: Mapping[str, Term], weights: Float[np.ndarray, "k"]) -> Term:
    """The weighted sum of terms."""
    pairs = list(zip(weights.tolist(), terms.values(), strict=True))
    return lambda chosen: sum((w * term(chosen) for w, term in pairs), np.zeros(len(chosen)))


def dominated(
    scores: Float[np.ndarray, "n k"], references: Float[np.ndarray, "r k"]
) -> Bool[np.ndarray, "n"]:
    """Whether some reference is nowhere worse and somewhere better."""
    gap = references[None] - scores[:, None]
    return np.any((gap >= 0).all(2) & (gap > 0).any(2), axis=1)


def shortfall(
    scores: Float[np.ndarray, "n k"], references: Float[np.ndarray, "r k"]
) -> Float[np.ndarray, "n"]:
    """What a summary must gain on every axis so that no reference is better on all of them.

    In parts of the references' range; an axis on which these agree is taken as it is.
    """
    reach = np.ptp(references, axis=0)
    gap = (references[None] - scores[:, None]) / np.where(reach > 0, reach, 1.0)
    return np.maximum(gap.min(2).max(1), 0.0)
