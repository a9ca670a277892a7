"""Drawing: a figure remembers which function drew it, and with what, so that it can be drawn again.

Only functions under `@redrawable` are known by name; nothing that a file says is ever looked up
elsewhere.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

from vtk_notebooks.figures.style import PaperFigure

P = ParamSpec("P")

FIGURES: dict[str, Callable[..., PaperFigure]] = {}
"""Every function that draws a figure, by its name; filled when the figures are imported."""


@dataclass(frozen=True)
class Drawing:
    """One call of a figure's function.

    Args:
        name: of the function, in `FIGURES`.
        arguments: by name, those that were given and no others.
    """

    name: str
    arguments: Mapping[str, Any]


def redrawable(function: Callable[P, PaperFigure]) -> Callable[P, PaperFigure]:
    """Register a figure's function; its figures then carry `drawing`."""
    signature = inspect.signature(function)

    @wraps(function)
    def draw(*args: P.args, **kwargs: P.kwargs) -> PaperFigure:
        fig = function(*args, **kwargs)
        given = signature.bind(*args, **kwargs).arguments
        fig.drawing = Drawing(function.__name__, given)
        return fig

    FIGURES[function.__name__] = draw
    return draw
