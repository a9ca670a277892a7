"""Atomic writing: a file appears whole or not at all."""

from collections.abc import Iterable
from pathlib import Path

from vtk_notebooks.atomic import replacing
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.problem import AnnotationError, shown
from vtk_notebooks.data.source import BOM


def write_whole(path: Path, pieces: Iterable[str], layout: Layout) -> Path:
    """Pieces of text as one file in a layout: written beside, then renamed."""
    try:
        with replacing(path) as part, part.open("xb") as file:
            file.write(BOM if layout.bom else b"")
            last = ""
            for piece in pieces:
                file.write(_encoded(last, path, layout))
                last = piece
            file.write(_encoded(last if layout.final_newline else last[:-1], path, layout))
    except OSError as error:
        got = f"{type(error).__name__}: {error.strerror}"
        raise AnnotationError(str(path), "a file it may write", got) from None
    return path


def _encoded(piece: str, path: Path, layout: Layout) -> bytes:
    try:
        return piece.replace("\n", layout.newline).encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        got = shown(piece[max(0, error.start - 20) : error.end])
        hint = "Only JSON can write half of a surrogate pair."
        raise AnnotationError(path.name, "proper Unicode", got, hint) from None
