"""vtk-tiny: a Video-LLM of our own, trained in this repository; its card lies beside it."""

from pathlib import Path

from vtk_notebooks.models.bundled import ROOT, TINY
from vtk_notebooks.models.steps import Steps


def folder(steps: Steps | None = None) -> Path:
    """Config, weights, tokenizer and card, as `save_pretrained` wrote them."""
    return ROOT / TINY
