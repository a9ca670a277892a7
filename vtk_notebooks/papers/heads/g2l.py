"""G2L at work: moments are compared along a graph of neighbours, sentences by what they gain."""

from pathlib import Path

from vtk_notebooks.heads.moment_map import MomentMap
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.heads._planted import shipped

MECHANISMS = ("objective:geodesic_contrastive", "objective:shapley_interaction")
TESTS = (
    "tests/objectives/test_geodesic_contrastive.py",
    "tests/objectives/test_shapley_interaction.py",
    "tests/papers/heads/test_g2l.py",
)
DIFFERS = (
    "A moment map learns from both losses alone, on made films, without the cross-entropy on IoU "
    "and the mined negatives; interactions are those of the textbook. Films and sentences are "
    "read by ConSE."
)


def demo(film: Path, query: str) -> Demo:
    """What a map that learned this way finds, beside planted moments and blind answers."""
    return shipped(MomentMap("conse_g2l"), "moment_map", film, query)
