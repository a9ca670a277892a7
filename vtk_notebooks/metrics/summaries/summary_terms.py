"""Summary terms: what a summary of a film keeps, on ten axes at once.

After "How Good is a Video Summary? A New Benchmarking Dataset and Evaluation Framework Towards
Realistic Video Summarization" (Kaushal et al., 2021, arXiv:2101.10514; VISIOCITY). Snippets carry
concepts, and concepts a worth. A summary is measured by its importance, by how whole its mega
events are, by its diversity over time, scenes and concepts and by its dissimilarity, against human
summaries (mean and best F1 over frames), and by how unbroken and how evenly spread it is.

As in the released evaluator: a snippet is worth its best concept, or nothing if any of its concepts
is worth nothing; clusters in time are runs of snippets with the same concepts; the similarity of
two snippets is the weighted Jaccard of their concepts, each weighing its worth + 1; continuity and
uniformity are taken over frames. The classes that add the terms up are in a library outside that
repository, so that these sums could not be verified: importance as the sum of ratings; a mega event
as its worth times the square of how many of its snippets are there; diversity as the best rating
picked from each cluster, summed; dissimilarity as the sum over pairs. What differs: a film without
mega events or scenes has no such term, where a file of theirs says 99999.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate

Chosen = Bool[np.ndarray, "b s"]
"""For each of b summaries, the snippets in it."""


@dataclass(frozen=True)
class Annotated:
    """What people say of the snippets of a film.

    Args:
        concepts: which ones a snippet shows.
        worth: of each concept, 0 or more.
        frames: in each snippet.
        events: number of the mega event a snippet belongs to, from 0; -1 for none.
        event_worth: of each mega event.
        scenes: number of the scene of each snippet, from 0; empty where scenes are not known.
    """

    concepts: Bool[np.ndarray, "s k"]
    worth: Float[np.ndarray, "k"]
    frames: Int[np.ndarray, "s"]
    events: Int[np.ndarray, "s"]
    event_worth: Float[np.ndarray, "e"]
    scenes: Int[np.ndarray, "_s"]

    def __post_init__(self) -> None:
        s = len(self.concepts)
        if not s or (self.frames < 1).any() or len(self.scenes) not in (0, s):
            got = f"{s} snippets, {len(self.scenes)} with a scene"
            raise VtkError(
                "Annotated", "snippets of one or more frames, all in scenes or none", got
            )
        if (self.worth < 0).any() or self.events.max() >= len(self.event_worth):
            got = f"{self.worth.min()}, event {self.events.max()} of {len(self.event_worth)}"
            raise VtkError("Annotated", "a worth of 0 or more for every concept and event", got)

    @cached_property
    def ratings(self) -> Float[np.ndarray, "s"]:
        """Of each snippet: its best concept, or 0 if one of them is worth 0."""
        best = np.where(self.concepts, self.worth, 0.0).max(1, initial=0.0)
        return np.where((self.concepts & (self.worth == 0)).any(1), 0.0, best)

    @cached_property
    def runs(self) -> Bool[np.ndarray, "c s"]:
        """Clusters of snippets that follow each other with the same concepts."""
        changed = (self.concepts[1:] != self.concepts[:-1]).any(1)
        return _clusters(np.concatenate([[0], changed.cumsum()]))

    @cached_property
    def similarity(self) -> Float[np.ndarray, "s s"]:
        """Weighted Jaccard of concepts; 1 for two snippets that show the same, or nothing."""
        weighted = self.concepts * (self.worth + 1)
        common, total = weighted @ self.concepts.T, weighted.sum(1)
        union = total[:, None] + total[None] - common
        return np.where(union > 0, common / np.where(union > 0, union, 1), 1.0)


def importance(
    film: Annotated, chosen: Chosen, *, exclusive: bool = False
) -> Float[np.ndarray, "b"]:
    """The sum of ratings; `exclusive` leaves mega events to their own term."""
    return chosen @ np.where(exclusive & (film.events >= 0), 0.0, film.ratings)


def mega_continuity(film: Annotated, chosen: Chosen) -> Float[np.ndarray, "b"]:
    """Twice as much of a mega event is worth four times as much."""
    events = np.arange(len(film.event_worth))[:, None] == film.events
    return (chosen.astype(float) @ events.T) ** 2 @ film.event_worth


def cluster_diversity(
    ratings: Float[np.ndarray, "s"], clusters: Bool[np.ndarray, "c s"], chosen: Chosen
) -> Float[np.ndarray, "b"]:
    """The best rating from each cluster, summed; what else is picked from it adds nothing."""
    rated = chosen * ratings
    return sum((rated[:, c].max(1) for c in clusters if c.any()), np.zeros(len(chosen)))


def dissimilarity(film: Annotated, chosen: Chosen) -> Float[np.ndarray, "b"]:
    """The sum over pairs of one minus their similarity."""
    x = chosen.astype(float)
    return np.einsum("b i, i j, b j -> b", x, 1 - film.similarity, x) / 2


def continuity(mask: Bool[np.ndarray, "f"]) -> float:
    """1 for one unbroken run of frames, 1 / n for n equal ones; 0 for none."""
    lengths = np.diff(_runs(mask), axis=1)[:, 0] if mask.any() else np.zeros(1)
    return float((lengths**2).sum() / max(lengths.sum(), 1) ** 2)


def uniformity(mask: Bool[np.ndarray, "f"]) -> float:
    """1 where the film's ends and the middles of all runs are equally far apart; 0 for none."""
    if not mask.any():
        return 0.0
    start, stop = _runs(mask).T
    places = np.concatenate([[0], start + (stop - 1 - start) // 2, [len(mask) - 1]])
    gaps = np.diff(places)
    part, root = gaps / max(gaps.sum(), 1), np.sqrt(len(gaps))
    return float(1 - (np.linalg.norm(part) * root - 1) / (root - 1))


def f1(mask: Bool[np.ndarray, "f"], reference: Bool[np.ndarray, "f"]) -> float:
    """Of frames; 0 where nothing is shared."""
    both = (mask & reference).sum()
    return float(2 * both / max(mask.sum() + reference.sum(), 1))


@register(
    "metric",
    "summary_terms",
    title="VISIOCITY terms",
    paper="How Good is a Video Summary? A New Benchmarking Dataset and Evaluation Framework "
    "Towards Realistic Video Summarization",
    year=2021,
    arxiv="2101.10514",
    atlas=("visiocity",),
)
@dataclass(frozen=True)
class SummaryTerms:
    """Ten numbers by their published names, averaged over films."""

    def __call__(
        self,
        summaries: Sequence[Bool[np.ndarray, "_s"]],
        films: Sequence[Annotated],
        references: Sequence[Sequence[Bool[np.ndarray, "_s"]]],
    ) -> dict[str, Estimate]:
        """Numbers by name: "avgf1", "maxf1", the six terms, "norm-vis-cont", "norm-uniform".

        Args:
            summaries: the snippets of each film that are in its summary.
            films: in the same order.
            references: for each film, one or more human summaries.
        """
        if not len(summaries) == len(films) == len(references) or not all(map(len, references)):
            got = f"{len(summaries)}, {len(films)} and {len(references)}"
            raise VtkError("SummaryTerms", "a summary, a film and references each", got)
        told = zip(summaries, films, references, strict=True)
        rows = [terms(film, s) | _of_frames(film, s, r) for s, film, r in told]
        return {name: Estimate.mean([row[name] for row in rows]) for name in _NAMES}

    @classmethod
    def example(cls) -> tuple[list[np.ndarray], list[Annotated], list[list[np.ndarray]]]:
        """A film of three snippets, of which people and the summary take the first and last."""
        film = Annotated(
            concepts=np.eye(3, dtype=bool),
            worth=np.array([3.0, 1.0, 2.0]),
            frames=np.array([4, 4, 4]),
            events=np.array([0, -1, -1]),
            event_worth=np.array([5.0]),
            scenes=np.array([0, 0, 1]),
        )
        summary = np.array([True, False, True])
        return [summary], [film], [[summary]]


_NAMES = (
    *("avgf1", "maxf1", "imp", "mega-cont", "div-time", "div-scene", "div-concept", "div-sim"),
    *("norm-vis-cont", "norm-uniform"),
)


def terms(film: Annotated, chosen: Bool[np.ndarray, "s"]) -> dict[str, float]:
    """The six terms of one summary; nan where the film has no mega events or no scenes."""
    s = chosen[None]
    scenes = _clusters(film.scenes) if len(film.scenes) else None
    found = {
        "imp": importance(film, s),
        "mega-cont": mega_continuity(film, s) if len(film.event_worth) else np.array([np.nan]),
        "div-time": cluster_diversity(film.ratings, film.runs, s),
        "div-scene": np.array([np.nan])
        if scenes is None
        else cluster_diversity(film.ratings, scenes, s),
        "div-concept": cluster_diversity(film.ratings, film.concepts.T, s),
        "div-sim": dissimilarity(film, s),
    }
    return {name: float(value[0]) for name, value in found.items()}


def _of_frames(
    film: Annotated, chosen: np.ndarray, references: Sequence[np.ndarray]
) -> dict[str, float]:
    mask = np.repeat(chosen, film.frames)
    scores = [f1(mask, np.repeat(r, film.frames)) for r in references]
    return {
        "avgf1": float(np.mean(scores)),
        "maxf1": max(scores),
        "norm-vis-cont": continuity(mask),
        "norm-uniform": uniformity(mask),
    }


def _clusters(numbers: Int[np.ndarray, "s"]) -> Bool[np.ndarray, "c s"]:
    return np.arange(numbers.max() + 1)[:, None] == numbers


def _runs(mask: Bool[np.ndarray, "f"]) -> Int[np.ndarray, "r 2"]:
    """Start and stop of each stretch that is set."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return edges.reshape(-1, 2)
