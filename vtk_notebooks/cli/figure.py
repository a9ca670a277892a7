"""`vtk-notebooks figure`: a figure's file says what made it."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def figure(
    explain: Annotated[Path, typer.Option("--explain", help="A PDF, SVG or PNG of ours")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only")] = False,
) -> None:
    """Read what made a figure out of its file: recipes, films, weights, seeds, versions, command.

    Example: vtk-notebooks figure --explain out/figure.pdf
    """
    from vtk_notebooks.figures import read_provenance

    said = read_provenance(explain)
    print(json.dumps(said, indent=2, ensure_ascii=False) if as_json else _text(said))


def _text(said: dict[str, Any]) -> str:
    """Line by line; what comes from the file may be anybody's, so each value stays on its line."""
    from vtk_notebooks.text.one_line import one_line

    lines = [f"made by   {said['made_by']}, matplotlib {said.get('matplotlib', '?')}"]
    lines.append(f"command   {said.get('command') or '(none was given)'}")
    for run in said.get("runs", ()):
        film = run.get("film", {})
        lines += [
            f"run       {run.get('label')} ({run.get('address')})",
            f"  film    {film.get('name')}, sha256 {film.get('sha256') or 'unknown'}, "
            f"frames {film.get('clip')}",
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
