"""UniVTG at work: an (f, b, s) head that learned on made films answers on a real one."""

from pathlib import Path

from vtk_notebooks.heads.univtg import UniVTG
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.heads._planted import shipped

MECHANISMS = ("head:univtg", "objective:univtg")
TESTS = (
    "tests/heads/test_univtg.py",
    "tests/objectives/test_univtg.py",
    "tests/blocks/grounding/test_labels.py",
)
DIFFERS = (
    "Trained for seconds on made films with a planted moment, not pre-trained on real ones, and "
    "smaller: 64 channels in 2 layers instead of 1024 in 4. Films are read by ConSE instead of "
    "CLIP and SlowFast, and the encoder is also told the cosine of clip and question."
)


def demo(film: Path, query: str) -> Demo:
    """How well the head finds planted moments that it has not seen, and what it finds here."""
    return shipped(UniVTG("conse"), "univtg", film, query)
