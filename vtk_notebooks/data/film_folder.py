"""Film folder: where the films of a data set lie, however their annotations call them."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from vtk_notebooks.data.problem import AnnotationError, name

FILM_ENDINGS = (".mp4", ".mkv", ".webm", ".avi", ".mov", ".m4v", ".mpg", ".mpeg", ".gif")


@dataclass(frozen=True)
class FilmFolder:
    """A folder of films, its subfolders included; a name never leads out of it."""

    root: Path

    def __post_init__(self) -> None:
        if not self.root.is_dir():
            raise AnnotationError("films", "a folder", name(self.root), "Where are the films?")

    def find(self, film: str) -> Path | None:
        """The file of a film: at the path as written, else by its name anywhere below."""
        parts = _parts(film)
        for wanted in (parts, parts[-1:]):
            found = self._files.get("/".join(wanted)) if wanted else None
            if found is not None:
                return found
        return None

    def missing(self, film: str) -> tuple[str, str]:
        """What was looked for, and advice."""
        parts = _parts(film)
        stem = name("/".join(parts)) if parts else "a file without a name"
        return f"no {stem} in {self.root}", f"It may end in {', '.join(FILM_ENDINGS)}."

    @cached_property
    def _files(self) -> dict[str, Path]:
        """Every film under its path, and under its bare name, both without their ending."""
        out: dict[str, Path] = {}
        for folder, subfolders, files in os.walk(self.root):
            subfolders.sort()
            for file in sorted(files):
                path = Path(folder, file)
                if path.suffix.lower() in FILM_ENDINGS:
                    whole = path.relative_to(self.root).with_suffix("").as_posix()
                    out.setdefault(whole, path)
                    out.setdefault(path.stem, path)
        return out


def _parts(film: str) -> tuple[str, ...]:
    """A film's path as written, without its ending and without anything that leads elsewhere."""
    path = PurePosixPath(film.replace("\\", "/"))
    if path.suffix.lower() in FILM_ENDINGS:
        path = path.with_suffix("")
    return tuple(part for part in path.parts if part not in ("/", "..", "."))
