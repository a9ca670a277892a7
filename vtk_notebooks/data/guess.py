"""Guess: the format of a file whose name does not tell, as the one that reads most out of it."""

import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

from vtk_notebooks.data.dataset import Dataset
from vtk_notebooks.data.files import read
from vtk_notebooks.data.problem import AnnotationWarning, summary
from vtk_notebooks.data.record import Sample


def read_as_any(
    path: Path | str, formats: Iterable[str], worth: Callable[[Sample], int]
) -> Dataset:
    """All samples of a file, in whichever of these formats holds most; the first one of equals.

    Args:
        path: of the file.
        formats: names in `FORMATS` that it could be in.
        worth: how much of what is wanted a sample holds, such as its number of captions.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AnnotationWarning)  # of formats that it is not in
        found = [read(path, name) for name in formats]
    best = max(found, key=lambda data: sum(map(worth, data)))
    if best.problems:
        told = summary(Path(path).name, len(best), list(best.problems))
        warnings.warn(told, AnnotationWarning, stacklevel=2)
    return best
