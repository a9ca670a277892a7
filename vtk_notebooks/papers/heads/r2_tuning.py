"""R^2-Tuning at work: a block that visits an encoder's layers from deep to shallow."""

from pathlib import Path

from vtk_notebooks.heads.reversed_recurrent import ReversedRecurrent
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.heads._planted import films_told_apart, shipped

MECHANISMS = ("head:reversed_recurrent", "objective:sampled_nce")
TESTS = (
    "tests/heads/test_reversed_recurrent.py",
    "tests/objectives/test_sampled_nce.py",
    "tests/blocks/grounding/test_points.py",
    "tests/papers/heads/test_r2_tuning.py",
)
DIFFERS = (
    "Trained on made films with a planted moment and 64 wide instead of 256. ConSE gives one "
    "layer, which is visited four times, where CLIP gives its last four; a frame's own vector is "
    "the mean of its cells, and its patches are four."
)


def demo(film: Path, query: str) -> Demo:
    """What the points find in a film, and how often the right film is told from eight."""
    head = ReversedRecurrent("conse")
    right = films_told_apart(head.film_score, 8)
    return shipped(head, "reversed_recurrent", film, query, films_told_apart=right)
