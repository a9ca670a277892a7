"""`vtk-notebooks run`: one recipe, one film, one question."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vtk_notebooks.progress import Bars

if TYPE_CHECKING:
    from vtk_notebooks.recipe import Recipe
    from vtk_notebooks.runs import Run


def run(
    recipe: Annotated[str, typer.Argument(help="default, a starter's name, or a JSON file")],
    film: Annotated[str, typer.Argument(help="A video file, or bikes, bigbuckbunny, carphone")],
    query: Annotated[str, typer.Option("--query", "-q", help="What to look for")],
    out: Annotated[Path | None, typer.Option(help="Folder for figures and the run's JSON")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only")] = False,
) -> None:
    """Find the moments of a film that answer a question, and say what it cost.

    Example: vtk-notebooks run default bikes --query "a person riding a bicycle"
    """
    from vtk_notebooks import runs
    from vtk_notebooks.store import Store

    chosen = find_recipe(recipe)
    with Bars(quiet=as_json) as bars:
        store = Store(out / "store") if out else None
        done = runs.run(chosen, find_film(film), query, store=store, progress=bars)
    told = done.as_dict()
    if out:
        told["files"] = [str(p) for p in _write(done, out)]
    print(json.dumps(told, ensure_ascii=False) if as_json else _text(done, told))


def find_recipe(name: str) -> "Recipe":
    """A starter recipe by name, or a recipe from a JSON file."""
    from vtk_notebooks.recipe import Recipe
    from vtk_notebooks.registry import unknown
    from vtk_notebooks.starters import DEFAULT, starter_recipes

    starters = starter_recipes()
    if name in starters or name == "default":
        return starters[DEFAULT if name == "default" else name]
    if not Path(name).is_file():
        raise unknown("vtk-notebooks run", "recipe or JSON file", name, [*starters, "default"])
    return Recipe.from_json(Path(name).read_text(encoding="utf-8"))


def find_film(name: str) -> Path:
    """A file, or else a gallery film of that name."""
    from vtk_notebooks.video import gallery_film

    path = Path(name)
    return path if path.exists() or path.suffix else gallery_film(name)


def _write(done: "Run", out: Path) -> list[Path]:
    from vtk_notebooks.figures import keep_map, save, timeline

    command = f"vtk-notebooks run (recipe {done.address})"
    record = out / "run.json"
    record.write_text(json.dumps(done.as_dict(), indent=2, ensure_ascii=False), encoding="utf-8")
    figures = {"keep_map.pdf": keep_map(done), "timeline.pdf": timeline([done])}
    saved = [save(f, out / name, runs=[done], command=command) for name, f in figures.items()]
    return [record, *saved]


def _text(done: "Run", told: dict) -> str:
    lines = [f"{told['film']}: {told['query']!r} with {done.label}"]
    for m in done.moments:
        lines.append(f"  {m.start_s:7.2f} s to {m.end_s:7.2f} s   score {m.score:.3f}")
    lines += [] if done.moments else ["  no moment"]
    before, after = told["tokens_before"], told["tokens_after"]
    lines.append(f"  {before} -> {after} tokens ({after / before:.0%}), {done.seconds:.2f} s,")
    lines[-1] += f" {done.peak_bytes / 2**20:.0f} MiB at the peak"
    lines += [f"  {path}" for path in told.get("files", ())]
    return "\n".join(lines)
