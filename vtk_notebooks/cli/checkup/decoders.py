"""Decoders: whether each of them reads a film, the same film in the same way."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vtk_notebooks.cli.checkup.finding import Finding

PACKAGE = {"linear": "av", "pyav": "av", "decord": "decord2"}
_FRAMES = 4


def decoders() -> Iterator[Finding]:
    """Writes a short film and reads it with every backend."""
    from vtk_notebooks.video import make_film, open_clip, write_film
    from vtk_notebooks.video.backends import BACKENDS

    with tempfile.TemporaryDirectory() as folder:
        path = write_film(make_film(0, duration_s=2, size=(48, 64)), Path(folder) / "made.mp4")
        seen: dict[str, np.ndarray] = {}
        for name in BACKENDS:
            todo = f"pip install --force-reinstall --no-deps {PACKAGE[name]}"
            try:
                with open_clip(path, backend=name) as film:
                    seen[name] = film.sample(_FRAMES).frames
            except Exception as error:  # an import that fails, a library that is missing
                said = " ".join(f"{type(error).__name__}: {error}".split())
                yield Finding(f"decoder {name}", "broken", said, todo)
                continue
            first = next(iter(seen.values()))
            if seen[name].shape != first.shape or not np.allclose(seen[name], first, atol=2):
                yield Finding(f"decoder {name}", "broken", "other frames than the reference", todo)
            else:
                yield Finding(f"decoder {name}", "ok", f"reads {_FRAMES} frames of a film")


def films() -> Iterator[Finding]:
    """The real films of the gallery, each by its first frames."""
    from vtk_notebooks.errors import VtkError
    from vtk_notebooks.video import gallery_films, open_clip

    try:
        paths = gallery_films()
    except VtkError as error:
        yield Finding("films", "absent", f"no {error.expected}", error.hint)
        return
    for name, path in paths.items():
        with open_clip(path) as film:
            film.sample(2)
        yield Finding(f"film {name}", "ok", f"{path.stat().st_size / 1e6:.1f} MB, readable")
