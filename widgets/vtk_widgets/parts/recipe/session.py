"""Session: a workbench as a JSON file, checked when it is read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from traitlets import TraitError

from vtk_notebooks import __version__
from vtk_notebooks.atomic import replacing
from vtk_notebooks.errors import StoreError, VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.video import gallery_films
from vtk_widgets.selection import Selection

SCHEMA = 1
"""Version of the file; readers refuse a newer one."""

SELECTED = ("time_s", "speed", "cell", "grid", "token", "pinned", "moment", "window")
SELECTED_LATER = ("layer", "head", "word")
_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "film": dict,
    "question": str,
    "truth": list,
    "recipe": dict,
    "pinned": list,
    "reference": str,
    "selection": dict,
    "layout": dict,
}
_WHO = "Workbench.restore"


def save(bench: Any, path: Path) -> Path:
    """Write what a workbench shows.

    Raises:
        VtkError: for a clip that is in no file, or a place that cannot be written to.
    """
    said = {
        "schema": SCHEMA,
        "made_by": f"vtk-notebooks {__version__}",
        "film": _film(bench),
        "question": bench.question,
        "truth": [[m.start_s, m.end_s] for m in bench.truth],
        "recipe": bench.recipe.as_dict(),
        "pinned": list(bench.ablation.kept),
        "reference": bench.ablation.reference,
        "selection": {
            name: getattr(bench.selection, name) for name in (*SELECTED, *SELECTED_LATER)
        },
        "layout": {
            "tab": bench.tab,
            "cost": bench.ablation.cost,
            "mode": bench.tokens.mode if bench.tokens is not None else "",
        },
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as part:
            part.write_text(json.dumps(said, indent=2, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        hint = "Choose another folder."
        raise StoreError("Workbench.save", "a place to write to", str(error), hint) from None
    return path


def restore(cls: Any, path: Path, **where: Any) -> Any:
    """A workbench from what `save` wrote."""
    said = _read(path)
    try:
        pinned = {str(p["name"]): Recipe.from_dict(p["recipe"]) for p in said["pinned"]}
        truth = [Moment(float(a), float(b)) for a, b in said["truth"]]
        recipe = Recipe.from_dict(said["recipe"])
        selected = _selected(said["selection"])
        Selection(**selected).close()  # so that a wrong value is an error now
        if said["reference"] not in pinned:
            raise VtkError(_WHO, "a reference that is pinned", said["reference"])
    except (KeyError, TypeError, ValueError, TraitError) as error:
        raise _bad(path, str(error)) from None
    first = {said["reference"]: pinned[said["reference"]], **pinned}
    layout = said["layout"]
    return cls.of(
        _source(path, said["film"]),
        said["question"],
        recipe,
        truth=truth,
        pinned={name: pinned[name] for name in first},
        settle=lambda bench: _lay_out(bench, selected, layout),
        **where,
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _bad(path, str(error)) from None
    if not isinstance(said, dict) or not isinstance(said.get("schema"), int):
        raise _bad(path, "no schema")
    if said["schema"] > SCHEMA:
        raise VtkError(_WHO, f"schema up to {SCHEMA}", said["schema"], "Update vtk-notebooks.")
    for name, kind in _FIELDS.items():
        if not isinstance(said.get(name), kind):
            raise _bad(path, f"{name} is {said.get(name)!r:.80}")
    return said


def _film(bench: Any) -> dict[str, str]:
    if bench._source is not None:
        hint = "Open the workbench on a path to be able to save it."
        raise VtkError("Workbench.save", "a film in a file", "a clip", hint)
    if bench.film in {entry["name"] for entry in bench.films}:
        return {"gallery": bench.film}
    sha256 = bench.run.clip.origin.sha256 if bench.run is not None else ""
    return {"path": str(Path(bench.film).expanduser().resolve()), "sha256": sha256}


def _source(path: Path, film: Mapping[str, Any]) -> str:
    if isinstance(name := film.get("gallery"), str):
        if name not in gallery_films():
            raise _bad(path, f"no film {name!r} in the gallery")
        return name
    if not isinstance(name := film.get("path"), str):
        raise _bad(path, "no film")
    if not Path(name).is_file():
        hint = "Put the film back, or mend the path in the file."
        raise VtkError(_WHO, "the film it was saved with", f"no file {name}", hint)
    return name


def _selected(said: Mapping[str, Any]) -> dict[str, Any]:
    """Traits of a selection; those that an older file lacks keep their defaults."""
    known = (*SELECTED, *SELECTED_LATER)
    for name in said:
        if name not in known:
            raise ValueError(f"selection.{name}: no such field")
    return {n: tuple(v) if isinstance(v, list) else v for n, v in said.items()}


def _lay_out(bench: Any, selected: Mapping[str, Any], layout: Mapping[str, Any]) -> None:
    """Selection and views as they were; a view that is gone by now is left out."""
    from vtk_widgets.parts.recipe.plugs import PLUGS

    with bench.selection.hold_sync():
        for name, value in selected.items():
            setattr(bench.selection, name, value)
    if layout.get("tab") in PLUGS:
        bench.tab = layout["tab"]
    for widget, name in ((bench.ablation, "cost"), (bench.tokens, "mode")):
        trait = None if widget is None else widget.traits().get(name)
        if trait is not None and layout.get(name) in trait.values:
            setattr(widget, name, layout[name])


def _bad(path: Path, got: str) -> VtkError:
    hint = "Only files that Workbench.save wrote can be restored."
    return VtkError(_WHO, "a saved workbench", f"{path.name}: {got}", hint)
