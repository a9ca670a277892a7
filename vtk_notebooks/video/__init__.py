"""Video: films opened, sampled, heard and made; floor 1, it knows no tokens.

`open_clip` gives a `Film`, which gives a `Clip` when sampled. `make_film` makes films whose truth
is known. Decoders are imported when the first film is opened.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vtk_notebooks.video.film import Film as Film
    from vtk_notebooks.video.film import open_clip as open_clip
    from vtk_notebooks.video.gallery import gallery_film as gallery_film
    from vtk_notebooks.video.gallery import gallery_films as gallery_films
    from vtk_notebooks.video.shots import find_cuts as find_cuts
    from vtk_notebooks.video.sound import Waveform as Waveform
    from vtk_notebooks.video.synth.made import MadeFilm as MadeFilm
    from vtk_notebooks.video.synth.made import make_film as make_film
    from vtk_notebooks.video.synth.write import write_film as write_film
    from vtk_notebooks.video.trouble import DecodeWarning as DecodeWarning

_HOMES = {
    "DecodeWarning": "trouble",
    "Film": "film",
    "MadeFilm": "synth.made",
    "Waveform": "sound",
    "find_cuts": "shots",
    "gallery_film": "gallery",
    "gallery_films": "gallery",
    "make_film": "synth.made",
    "open_clip": "film",
    "write_film": "synth.write",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'vtk_notebooks.video' has no attribute {name!r}")
    return getattr(import_module(f"vtk_notebooks.video.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
