"""Video Token Kit: a film becomes tokens that remember which pixels they speak for.

The nouns: `Clip` (frames with times), `Query` (a question as vectors), `Tokens` (features with
provenance), `Moment` (the answer to "when?"), `Recipe` (what to do) and `Run` (what was done).
The verbs: `open_clip`, `build`, `run`, `ablate`. Everything here is imported on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vtk_notebooks.clip import Clip as Clip
    from vtk_notebooks.comparison import compare as compare
    from vtk_notebooks.errors import VtkError as VtkError
    from vtk_notebooks.explained import explain as explain
    from vtk_notebooks.models.door import load as load
    from vtk_notebooks.moment import Moment as Moment
    from vtk_notebooks.moment import tiou as tiou
    from vtk_notebooks.part import Part as Part
    from vtk_notebooks.progress import Bars as Bars
    from vtk_notebooks.query import Query as Query
    from vtk_notebooks.recipe import Recipe as Recipe
    from vtk_notebooks.registry import build as build
    from vtk_notebooks.registry import card as card
    from vtk_notebooks.registry import names as names
    from vtk_notebooks.registry import register as register
    from vtk_notebooks.runs import Run as Run
    from vtk_notebooks.runs import run as run
    from vtk_notebooks.saved import load_run as load_run
    from vtk_notebooks.saved import save_run as save_run
    from vtk_notebooks.saved import saved_runs as saved_runs
    from vtk_notebooks.starters import default_recipe as default_recipe
    from vtk_notebooks.starters import starter_recipes as starter_recipes
    from vtk_notebooks.store import Store as Store
    from vtk_notebooks.sweep import Question as Question
    from vtk_notebooks.sweep import ablate as ablate
    from vtk_notebooks.tokens import Tokens as Tokens
    from vtk_notebooks.video import gallery_film as gallery_film
    from vtk_notebooks.video import open_clip as open_clip

_HOMES = {
    "Bars": "progress",
    "Clip": "clip",
    "Moment": "moment",
    "Part": "part",
    "Query": "query",
    "Question": "sweep",
    "Recipe": "recipe",
    "Run": "runs",
    "Store": "store",
    "Tokens": "tokens",
    "VtkError": "errors",
    "ablate": "sweep",
    "build": "registry",
    "card": "registry",
    "compare": "comparison",
    "default_recipe": "starters",
    "explain": "explained",
    "gallery_film": "video",
    "load": "models.door",
    "load_run": "saved",
    "names": "registry",
    "open_clip": "video",
    "register": "registry",
    "run": "runs",
    "save_run": "saved",
    "starter_recipes": "starters",
    "saved_runs": "saved",
    "tiou": "moment",
}

__version__ = "0.1.0"
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'vtk_notebooks' has no attribute {name!r}")
    return getattr(import_module(f"vtk_notebooks.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
