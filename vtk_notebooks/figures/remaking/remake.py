"""Remake: a figure again, from what its own file says, and what has changed since.

Runs come out of the store, or are computed anew from their recipes and films. The same film,
weights and versions give the same bytes. What a file says is data: figures are looked up among ours
by name, recipes and arguments are checked as if a stranger had typed them.
"""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vtk_notebooks.errors import StoreError, VtkError
from vtk_notebooks.figures.drawing import FIGURES
from vtk_notebooks.figures.latex import set_in_latex
from vtk_notebooks.figures.provenance import kind_of, provenance, read_provenance, rendered, written
from vtk_notebooks.figures.remaking.films import found
from vtk_notebooks.figures.remaking.values import decoded
from vtk_notebooks.figures.style import PaperFigure
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.registry import unknown
from vtk_notebooks.runs import Progress, Run, run
from vtk_notebooks.saved import load_run
from vtk_notebooks.store import Store

_WHO = "remake"


@dataclass(frozen=True)
class Remade:
    """A figure that was made again.

    Args:
        path: where it is.
        same: whether it is the old one, byte for byte (in the old one's format).
        same_picture: whether only what the file says of itself differs.
        changes: what differs in it, one line each.
    """

    path: Path
    same: bool
    same_picture: bool
    changes: tuple[str, ...]

    def __str__(self) -> str:
        if self.same:
            return f"{self.path}: the same, byte for byte"
        what = "the same picture" if self.same_picture else "another picture"
        return "\n".join([f"{self.path}: {what}", *(f"  {change}" for change in self.changes)])


def remake(
    figure: str | Path,
    out: str | Path,
    *,
    store: Store | None = None,
    films: Sequence[str | Path] = (),
    progress: Progress | None = None,
) -> Remade:
    """Draw a figure again and say whether it is still the same.

    Args:
        figure: a PDF, SVG or PNG that `figures.save` wrote.
        out: the new file; may have another format.
        store: where runs may be saved and stages known; by default the user's own.
        films: folders in which to look for films, or films.
        progress: of runs that must be computed.

    Raises:
        VtkError: where the file does not say enough, or a film, weights or a mechanism are missing.
    """
    figure, out = Path(figure), Path(out)
    kind_of(out)
    record, store = read_provenance(figure), store or Store()
    drawing, places = _drawing(record), [*map(Path, films), figure.absolute().parent]
    said = record.get("runs", [])
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise StoreError(_WHO, "a list of runs in the file", type(said).__name__)
    runs = [_run(one, store, places, progress) for one in said]
    fig = _drawn(drawing, runs)
    if record.get("usetex") is True:
        set_in_latex(fig)
    command, models = str(record.get("command", "")), record.get("models", [])
    models = [str(m) for m in models] if isinstance(models, list) else []
    sweep = record.get("sweep")
    now = provenance(runs, command, sweep if isinstance(sweep, dict) else None, models, fig)
    old, kind = figure.read_bytes(), kind_of(figure)
    same = rendered(fig, kind, now) == old
    same_picture = same or rendered(fig, kind, record) == old
    written(out, rendered(fig, kind_of(out), now))
    changes = () if same else tuple(_changes(record, now, same_picture))
    return Remade(out, same, same_picture, changes)


def _drawing(record: Mapping[str, Any]) -> dict[str, Any]:
    """Which figure it is, and its arguments, neither of them trusted."""
    drawing = record.get("drawing")
    if not isinstance(drawing, dict) or not isinstance(drawing.get("arguments"), dict):
        why = drawing.get("lost") if isinstance(drawing, dict) else "not drawn by one of ours"
        hint = "Run the command that made it; --explain shows it."
        raise StoreError(_WHO, "a figure that says how it was drawn", why, hint)
    name = str(drawing.get("figure"))
    if name not in FIGURES:
        raise unknown(_WHO, "figure", name, FIGURES)
    known = inspect.signature(FIGURES[name]).parameters
    for argument in drawing["arguments"]:
        if argument not in known:
            raise unknown(_WHO, f"argument of {name}", argument, known)
    return {"figure": name, "arguments": drawing["arguments"]}


def _run(
    said: Mapping[str, Any], store: Store, places: Sequence[Path], progress: Progress | None
) -> Run:
    """A run out of the store, or else computed from the film."""
    address = str(said.get("address", ""))
    if address.isalnum():
        try:
            return load_run(address, store)
        except StoreError:
            pass  # never saved, or forgotten to make room
    film, recipe = said.get("film"), said.get("recipe")
    if not isinstance(film, dict) or not isinstance(recipe, dict):
        raise StoreError(_WHO, "a run with its film and recipe", "less")
    done = Recipe.from_dict(recipe)  # before any film is looked for
    return run(
        done, found(film, places), str(said.get("query", "")), store=store, progress=progress
    )


def _drawn(drawing: Mapping[str, Any], runs: Sequence[Run]) -> PaperFigure:
    name, said = drawing["figure"], drawing["arguments"]
    try:
        return FIGURES[name](**{key: decoded(value, runs) for key, value in said.items()})
    except VtkError:
        raise
    except Exception as error:  # arguments of the wrong kind, from a file that somebody changed
        got = f"{type(error).__name__}: {error}"
        raise StoreError(_WHO, f"arguments that {name} takes", got[:300]) from None


def _changes(old: Mapping[str, Any], new: Mapping[str, Any], same_picture: bool) -> list[str]:
    """Where two records differ; where they do not, the picture depends on what neither knows."""
    a, b = _flat(old), _flat(new)
    places = [place for place in {**a, **b} if a.get(place) != b.get(place)]
    said = [f"{place}: was {_short(a.get(place))}, is {_short(b.get(place))}" for place in places]
    if not said and not same_picture:
        said = ["all that is recorded is the same: a cost was measured anew, or fonts differ"]
    return said


def _flat(value: Any, at: str = "") -> dict[str, Any]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    out: dict[str, Any] = {}
    for key, sub in items:
        place = f"{at}.{key}".lstrip(".")
        out |= _flat(sub, place) if isinstance(sub, dict | list) else {place: sub}
    return out


def _short(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
