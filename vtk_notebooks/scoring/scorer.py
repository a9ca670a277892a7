"""Scorer: one published evaluation, from two files to a report."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from vtk_notebooks.data import AnnotationWarning, read
from vtk_notebooks.data.dataset import Dataset
from vtk_notebooks.scoring.report import Report

Mode = Literal["strict", "upstream"]
"""strict: as a careful reader of the paper would. upstream: as the authors' script does."""
MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(frozen=True)
class Scorer:
    """How one benchmark is scored.

    Args:
        name: as on the command line.
        pred: what the file of predictions is.
        truth: what the file of truths is; "" where predictions carry their truth.
        score: from both paths (the second may be None where `truth` is "") to a report.
        differs: what `upstream` does otherwise; "" where both modes agree.
    """

    name: str
    pred: str
    truth: str
    score: Callable[[Path, Path | None, Mode], Report]
    differs: str = ""


def read_noted(
    path: Path, format: str, expected: tuple[str, ...] = ()
) -> tuple[Dataset, tuple[str, ...]]:
    """An annotation file, with what is odd about it as notes for a report, not as a warning.

    Args:
        path: of the file.
        format: a name in `vtk_notebooks.data.FORMATS`.
        expected: kinds of oddities that files of results have by nature.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AnnotationWarning)
        data = read(path, format)
    odd = [f"{kind} ({n})" for kind, n in data.counts().items() if kind not in expected]
    return data, ((f"odd in {path.name}: {', '.join(odd)}",) if odd else ())
