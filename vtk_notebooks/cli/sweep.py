"""`vtk-notebooks sweep`: recipes over films and questions, as a file says."""

import json
import shlex
from pathlib import Path
from typing import Annotated

import typer

from vtk_notebooks.progress import Bars


def sweep(
    spec: Annotated[Path, typer.Argument(help="A JSON or TOML file: recipes, films, queries")],
    out: Annotated[Path, typer.Option(help="Folder for the report and the store")] = Path("out"),
    workers: Annotated[int, typer.Option(help="Processes that share films and cores")] = 1,
    engine: Annotated[str, typer.Option(help="local, or ray: workers on a Ray cluster")] = "local",
    address: Annotated[str, typer.Option(help="Of that cluster; else one on this machine")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only")] = False,
) -> None:
    """Run every recipe over every film and question; write a page, CSV and LaTeX.

    Called again it goes on where it stopped. A spec in TOML: base = "merge", films = ["bikes"],
    queries = ["a bicycle"], and under [vary] a line "stages.0.keep" = [0.5, 0.25].

    Example: vtk-notebooks sweep grid.toml --out out --workers 2

    On a cluster: vtk-notebooks sweep grid.toml --workers 64 --engine ray --address head:6379
    """
    from vtk_notebooks.store import Store
    from vtk_notebooks.sweep import ablate
    from vtk_notebooks.sweep.spec import read_spec

    wanted = read_spec(spec)
    with Bars(quiet=as_json) as bars:
        done = ablate(
            wanted.recipes,
            wanted.films,
            wanted.queries,
            reference=wanted.reference,
            store=Store(out / "store"),
            workers=workers,
            engine=engine,
            address=address,
            progress=bars,
        )
    command = f"vtk-notebooks sweep {shlex.quote(str(spec))} --out {shlex.quote(str(out))}"
    files = [str(path) for path in done.report(out, command)]
    if as_json:
        counts = {"rows": len(done.rows), "total": done.total, "errors": len(done.errors)}
        stages = {"computed": done.computed, "reused": done.reused}
        print(json.dumps({**counts, **stages, "front": done.front(), "files": files}))
    else:
        print("\n".join([str(done), *(f"  {path}" for path in files)]))
    if not done.finished:
        raise typer.Exit(130)
