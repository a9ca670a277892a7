"""VISIOCITY at work: a film's shots are summarised in a third of its time, on several axes."""

from pathlib import Path

import numpy as np

from vtk_notebooks.encoders import ConSE
from vtk_notebooks.metrics.summaries.pareto_summaries import ParetoSummaries
from vtk_notebooks.metrics.summaries.summary_terms import Annotated, SummaryTerms, terms
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.video import open_clip
from vtk_notebooks.video.shots import find_cuts

MECHANISMS = ("metric:summary_terms", "metric:pareto_summaries")
TESTS = (
    "tests/metrics/summaries/test_summary_terms.py",
    "tests/metrics/summaries/test_pareto_summaries.py",
    "tests/papers/metrics/test_visiocity.py",
)
DIFFERS = (
    "No people: concepts of a snippet are what ConSE finds in it more than elsewhere, their worth "
    "falls with their rank for the query, scenes are shots found by colour, and there are no mega "
    "events. References are the greedy ones that no other dominates, instead of human summaries."
)
CONCEPTS = ("a bicycle", "a car", "a person walking", "a street", "an animal", "a building")
AXES = ("imp", "div-time", "div-scene", "div-concept")


def demo(film: Path, query: str) -> Demo:
    """Greedy references of a third of the film, and how far its first third falls short."""
    clip = open_clip(film).sample(20, short_side=224)
    seen = _annotated(clip, query)
    budget = int(seen.frames.sum()) // 3
    axes = {name: lambda many, n=name: np.array([terms(seen, s)[n] for s in many]) for name in AXES}
    metric = ParetoSummaries(mixtures=8)
    picked, scores = metric.references(axes, seen.frames, budget)
    first = (np.arange(len(seen.frames)) < budget)[None]
    short = metric(np.stack([axis(first) for axis in axes.values()], 1), scores)
    best = SummaryTerms()([picked[0]], [seen], [list(picked)])
    return Demo(
        {
            "references": float(len(picked)),
            "reference_maxf1": float(best["maxf1"]),
            "first_third_shortfall": float(short["shortfall"]),
            "reference_shortfall": float(metric(scores, scores)["shortfall"]),
        }
    )


def _annotated(clip, query: str) -> Annotated:
    """Snippets of one frame with what ConSE finds in them."""
    conse = ConSE()
    tokens = conse(clip)
    words = [conse.read(text).vector for text in (*CONCEPTS, query)]
    like = np.stack([tokens.per_frame(tokens.x @ v).numpy() for v in words], 1)
    shown = like > like.mean(0) + 0.5 * like.std(0)
    cuts = [0.0, *find_cuts(clip)]
    scenes = np.searchsorted(cuts, clip.times_s, side="right") - 1
    one = np.ones(len(clip), dtype=int)
    worth = np.linspace(1, 5, len(words))
    return Annotated(shown, worth, one, -one, np.zeros(0), scenes)
