"""`vtk-notebooks demo`: the main job from a real film to a figure and a live notebook."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from vtk_notebooks.atomic import replacing
from vtk_notebooks.cli.lab import START, notebook_file
from vtk_notebooks.progress import Bars

QUESTIONS = {"bikes": "a person riding a bicycle", "bigbuckbunny": "a rabbit"}
"""Gallery film -> what to ask of it; each is also asked of the other film."""

LEFT = ("start.html", "figure.pdf", "figure.png", "table.csv", "table.md", START)
"""What the demo leaves in the folder."""


def demo(
    out: Annotated[Path, typer.Option(help="Folder for all that the demo makes")] = Path("out"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only")] = False,
) -> None:
    """Run every starter recipe on real films with real weights, then the start notebook.

    Example: vtk-notebooks demo --out out
    """
    began_s = time.perf_counter()
    out.mkdir(parents=True, exist_ok=True)
    with Bars(quiet=as_json) as bars:
        rows = _compute(out, bars)
        _execute(out, bars)
    told = {"seconds": time.perf_counter() - began_s, "runs": rows}
    told["files"] = [str(out / name) for name in LEFT]
    print(json.dumps(told, ensure_ascii=False) if as_json else _text(told))


def _compute(out: Path, bars: Bars) -> list[dict[str, Any]]:
    """All starter recipes on the film of each question, and the default on the other film."""
    from vtk_notebooks.runs import run
    from vtk_notebooks.saved import save_run
    from vtk_notebooks.starters import DEFAULT, starter_recipes
    from vtk_notebooks.store import Store
    from vtk_notebooks.video import gallery_film

    store, rows = Store(out / "store"), []
    for film in QUESTIONS:
        for asked, text in QUESTIONS.items():
            for name, recipe in starter_recipes().items():
                if asked != film and name != DEFAULT:
                    continue
                bars.prefix = f"{film}: "
                done = run(recipe, gallery_film(film), text, store=store, progress=bars)
                save_run(done, store)
                rows.append({"starter": name, **done.as_dict(), "film": film})
    return rows


def _execute(out: Path, bars: Bars) -> None:
    """The start notebook, cell by cell, in the folder where it leaves its files."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(notebook_file(), as_version=4)
    total = sum(cell.cell_type == "code" for cell in notebook.cells)
    done = iter(range(1, total + 1))
    client = NotebookClient(
        notebook,
        timeout=600,
        resources={"metadata": {"path": str(out)}},
        extra_arguments=["--log-level=40"],  # a note on loopback without encryption tears the bar
        on_cell_executed=lambda **_: bars("notebook", next(done), total),
    )
    os.environ["VTK_OUT"] = str(out.resolve())
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # silences a debugger note on stderr
    bars.prefix = ""
    bars("notebook", 0, total)
    client.execute()
    with replacing(out / START) as part:
        nbformat.write(notebook, part)


def _text(told: dict[str, Any]) -> str:
    lines = [f"{'film':<13}{'query':<28}{'recipe':<10}{'tokens':>8}{'MB':>7}{'s':>7}  best moment"]
    for row in told["runs"]:
        best = row["moments"][0] if row["moments"] else None
        when = f"{best['start_s']:.2f}-{best['end_s']:.2f} s ({best['score']:.2f})" if best else "-"
        megabytes = row["feature_bytes"] / 1e6
        lines.append(
            f"{row['film']:<13}{row['query']:<28}{row['starter']:<10}{row['tokens_after']:>8}"
            f"{megabytes:>7.1f}{row['seconds']:>7.2f}  {when}"
        )
    lines += ["", f"done in {told['seconds']:.1f} s; look at:"]
    lines += [f"  {path}" for path in told["files"]]
    lines.append(f"next: {Path(sys.argv[0]).name} lab")
    return "\n".join(lines)
