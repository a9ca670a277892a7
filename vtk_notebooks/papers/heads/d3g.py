"""D3G at work: a map of all stretches that learned from one glance per sentence."""

from pathlib import Path

from vtk_notebooks.heads.moment_map import MomentMap
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.heads._planted import shipped

MECHANISMS = ("head:moment_map", "objective:glance_gaussian", "objective:group_contrastive")
TESTS = (
    "tests/heads/test_moment_map.py",
    "tests/objectives/test_glance_gaussian.py",
    "tests/objectives/test_group_contrastive.py",
    "tests/blocks/grounding/test_glances.py",
    "tests/blocks/grounding/test_moment_map.py",
    "tests/oracles/test_d3g.py",
    "tests/papers/heads/test_d3g.py",
)
DIFFERS = (
    "Trained on made films with one glance each, with 16 parts instead of 16 to 128 and 64 "
    "channels; films and sentences are read by ConSE. The prior is adjusted by one look at each "
    "film, not by counters kept from epoch to epoch."
)


def demo(film: Path, query: str) -> Demo:
    """What the map finds in a film, beside planted moments and blind answers."""
    return shipped(MomentMap("conse"), "moment_map", film, query)
