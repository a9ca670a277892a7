"""Films: where one lay when a figure was made, and where it is now.

A film is known by its digest, never by its name alone. What a figure's file says of the place is
only a hint: below the working folder, or a film of the gallery; nothing else travels.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from vtk_notebooks.clip import Origin
from vtk_notebooks.errors import StoreError, VtkError
from vtk_notebooks.video.gallery import FILMS, gallery_films

GALLERY = "gallery:"


def place_of(origin: Origin) -> str:
    """Where a film lies, as far as that may be published; "" elsewhere."""
    if not origin.path:
        return ""
    path = Path(origin.path).absolute()
    for name, film in _gallery().items():
        if film == path:
            return GALLERY + name
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else ""


def found(film: Mapping[str, Any], folders: Sequence[Path]) -> Path:
    """The file with that digest.

    Args:
        film: a run's film, as a figure's record has it; not trusted.
        folders: where to look besides the working folder and the gallery; or films themselves.

    Raises:
        StoreError: where it is nowhere, or all there is by its name has another content.
    """
    name, digest, place = (str(film.get(k) or "") for k in ("name", "sha256", "place"))
    who = f"remaking a figure of {name!r}"
    if not digest:
        hint = "Give the store in which its run was saved: --store FOLDER."
        raise StoreError(who, "a film in a file", "one that was made in memory", hint)
    others = []
    for path in _candidates(name, place, folders):
        if path.is_file():
            if sha256(path) == digest:
                return path
            others.append(path)
    hint = "Say where it is: --films FOLDER."
    was = f"it was at {place}" if place else "it lay outside the working folder"
    if others:
        got = f"{others[0]} with {sha256(others[0])[:12]}; {was}"
        raise StoreError(who, f"the film with sha256 {digest[:12]}", got, hint)
    raise StoreError(who, f"the film with sha256 {digest[:12]}", f"no such file; {was}", hint)


def sha256(path: Path) -> str:
    """Digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _candidates(name: str, place: str, folders: Sequence[Path]) -> Iterator[Path]:
    if place.startswith(GALLERY):
        known = place.removeprefix(GALLERY)
        yield from [_gallery()[known]] if known in _gallery() else []
        place = ""
    inside = [part for part in (place, name) if part and _stays(part)]
    for folder in folders:
        if folder.is_file():
            yield folder
        yield from (folder / part for part in dict.fromkeys([*inside, Path(name).name]) if part)
    yield from (Path.cwd() / part for part in inside)


def _stays(part: str) -> bool:
    """Whether a path of a file's record leads below the folder it is put under."""
    path = PurePosixPath(part)
    return not path.is_absolute() and ".." not in path.parts and "\0" not in part


def _gallery() -> dict[str, Path]:
    try:
        return {name: film.absolute() for name, film in gallery_films().items() if name in FILMS}
    except VtkError:  # its package is not installed
        return {}
