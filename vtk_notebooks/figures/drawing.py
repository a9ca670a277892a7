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
    return redrawable_from()(function)


def redrawable_from(
    **small: Callable[[Any], Any],
) -> Callable[[Callable[P, PaperFigure]], Callable[P, PaperFigure]]:
    """As `redrawable`, for a figure that needs only a part of what it is given.

    That part alone is drawn and kept, so that a file can carry it.

    Args:
        small: for arguments by name, from what is given to that part of it.
    """

    def registered(function: Callable[P, PaperFigure]) -> Callable[P, PaperFigure]:
        signature = inspect.signature(function)

        @wraps(function)
        def draw(*args: P.args, **kwargs: P.kwargs) -> PaperFigure:
            bound = signature.bind(*args, **kwargs)
            given = bound.arguments
            given |= {name: part(given[name]) for name, part in small.items() if name in given}
            fig = function(*bound.args, **bound.kwargs)
            fig.drawing = Drawing(function.__name__, given)
            return fig

        FIGURES[function.__name__] = draw
        return draw

    return registered
