"""`vtk-notebooks figure`: a figure's file says what made it, and makes it again."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from vtk_notebooks.progress import Bars


def figure(
    file: Annotated[Path | None, typer.Argument(help="A PDF, SVG or PNG of ours")] = None,
    explain: Annotated[Path | None, typer.Option("--explain", help="The same: a file")] = None,
    remake: Annotated[Path | None, typer.Option("--remake", help="Draw it again, into OUT")] = None,
    store: Annotated[Path | None, typer.Option(help="Where its runs may be saved")] = None,
    films: Annotated[list[Path] | None, typer.Option(help="Where to look for its films")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only")] = False,
) -> None:
    """Read what made a figure out of its file: recipes, films, weights, seeds, versions, command.

    With --remake it is drawn again, from saved runs or from its films; what changed is said, and
    another picture ends with code 1. --films may be given more than once.

    Example: vtk-notebooks figure out/figure.pdf --remake again.pdf
    """
    from vtk_notebooks.figures import read_provenance

    chosen = file or explain
    if chosen is None or (file and explain):
        raise typer.BadParameter("name one figure: a PDF, SVG or PNG that was saved by us")
    if remake is not None:
        _remake(chosen, remake, store, films or [], as_json)
        return
    said = read_provenance(chosen)
    print(json.dumps(said, indent=2, ensure_ascii=False) if as_json else _text(said))


def _remake(file: Path, out: Path, store: Path | None, films: list[Path], as_json: bool) -> None:
    from vtk_notebooks.figures import remake
    from vtk_notebooks.store import Store
    from vtk_notebooks.text.one_line import one_line

    with Bars(quiet=as_json) as bars:
        where = Store(store) if store else None
        done = remake(file, out, store=where, films=films, progress=bars)
    if as_json:
        told = {"path": str(done.path), "same": done.same, "same_picture": done.same_picture}
        print(json.dumps({**told, "changes": list(done.changes)}, ensure_ascii=False))
    else:
        head, *changes = str(done).splitlines()
        print("\n".join([one_line(head), *(f"  {one_line(change)}" for change in changes)]))
    if not done.same_picture:
        raise typer.Exit(1)


def _text(said: dict[str, Any]) -> str:
    """Line by line; what comes from the file may be anybody's, so each value stays on its line."""
    from vtk_notebooks.text.one_line import one_line

    lines = [f"made by   {said['made_by']}, matplotlib {said.get('matplotlib', '?')}"]
    lines.append(f"command   {said.get('command') or '(none was given)'}")
    lines += _drawing(said.get("drawing"))
    lines += [f"model     {model}" for model in said.get("models", ())]
    for run in said.get("runs", ()):
        film = run.get("film", {})
        lines += [
            f"run       {run.get('label')} ({run.get('address')})",
            f"  film    {film.get('name')}, sha256 {film.get('sha256') or 'unknown'}, "
            f"frames {film.get('clip')}",
            f"  place   {film.get('place') or 'outside the working folder'}",
            f"  query   {run.get('query')}",
            f"  seed    {run.get('seed')}",
            *(f"  weights {weight}" for weight in run.get("weights", ())),
            "  with    " + ", ".join(f"{k} {v}" for k, v in run.get("versions", {}).items()),
            f"  recipe  {json.dumps(run.get('recipe'), ensure_ascii=False)}",
        ]
    if sweep := said.get("sweep"):
        lines += [
            f"sweep     {sweep.get('rows')} rows, {sweep.get('errors')} errors "
            f"({sweep.get('address')})",
            *(f"  film    {film}" for film in sweep.get("films", ())),
            *(f"  query   {query}" for query in sweep.get("queries", ())),
            "  with    " + ", ".join(f"{k} {v}" for k, v in sweep.get("versions", {}).items()),
            f"  against {sweep.get('reference')}",
        ]
        for name, recipe in sweep.get("recipes", {}).items():
            lines.append(f"  recipe  {name}: {json.dumps(recipe, ensure_ascii=False)}")
    return "\n".join(line[:10] + one_line(line[10:]) for line in lines)


def _drawing(drawing: Any) -> list[str]:
    """Which figure it is, with what, and whether it can be made again."""
    if not isinstance(drawing, dict):
        return ["figure    drawn by hand; only its command can make it again"]
    name = drawing.get("figure")
    if "arguments" not in drawing:
        return [f"figure    {name}; only its command makes it again: {drawing.get('lost')}"]
    said = [f"{key}={_short(value)}" for key, value in dict(drawing["arguments"]).items()]
    return [f"figure    {name}({', '.join(said)}); --remake OUT draws it again"]


def _short(value: Any) -> str:
    """Numbers and texts as they are, data by their kind."""
    if not isinstance(value, dict):
        return repr(value)
    [(kind, held)] = value.items() if len(value) == 1 else [("data", value)]
    if kind == "run":
        return f"run {held}"
    many = kind in ("list", "tuple") and isinstance(held, list)
    return f"[{', '.join(map(_short, held[:6]))}{'…' * (len(held) > 6)}]" if many else kind
