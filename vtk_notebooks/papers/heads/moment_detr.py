"""Moment-DETR at work: ten learnt queries, matched one to one with the truth, on a real film."""

from pathlib import Path

from vtk_notebooks.heads.span_queries import SpanQueries
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.heads._planted import shipped

MECHANISMS = (
    "head:span_queries",
    "objective:set_prediction",
    "metric:moment_map",
    "metric:highlight_map",
)
TESTS = (
    "tests/heads/test_span_queries.py",
    "tests/objectives/test_set_prediction.py",
    "tests/oracles/test_moment_detr.py",
    "tests/papers/heads/test_moment_detr.py",
)
DIFFERS = (
    "Trained on made films with a planted moment, not on QVHighlights, and 64 wide instead of 256. "
    "Films are read by ConSE instead of CLIP and SlowFast, and clips are told their cosine with "
    "the question."
)


def demo(film: Path, query: str) -> Demo:
    """What the queries find in a film, beside planted moments and blind answers."""
    return shipped(SpanQueries("conse"), "span_queries", film, query)
