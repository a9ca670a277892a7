"""`vtk-notebooks store`: what is remembered, how much room it takes, why it is used or not."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from vtk_notebooks.store import Entry, Store

store_app = typer.Typer(no_args_is_help=True)
Root = Annotated[Path | None, typer.Option("--store", help="Its folder; by default the user's own")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON only")]


@store_app.callback()
def store() -> None:
    """Look at what was computed once and is remembered.

    Example: vtk-notebooks store ls
    """


@store_app.command("ls")
def ls(root: Root = None, as_json: AsJson = False) -> None:
    """List what is in the store, least recently used first.

    Example: vtk-notebooks store ls --store out/store
    """
    opened = _opened(root)
    entries = [{**asdict(e), "holds": _holds(opened, e)} for e in opened.entries()]
    if as_json:
        print(json.dumps(entries, ensure_ascii=False))
        return
    for e in entries:
        used = datetime.fromtimestamp(e["used"], UTC).strftime("%Y-%m-%d %H:%M")
        print(f"{e['bytes'] / 1e6:10.2f} MB  {used}  {e['address']:<24} {e['holds']}")
    total = sum(e["bytes"] for e in entries) / 1e6
    print(f"{total:10.2f} MB  in {len(entries)} entries of {opened.root}")


@store_app.command("gc")
def gc(
    max_gb: Annotated[float | None, typer.Option(help="Forget the least used above this")] = None,
    check: Annotated[bool, typer.Option("--check", help="Also read all, drop damaged")] = False,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Make room: forget what was not used for longest; what is needed is computed again.

    Example: vtk-notebooks store gc --max-gb 5 --check
    """
    from vtk_notebooks.errors import StoreError

    if max_gb is not None and not max_gb >= 0:
        raise StoreError("vtk-notebooks store gc", "--max-gb of 0 or more", max_gb)
    opened = _opened(root)
    limit = None if max_gb is None else int(max_gb * 1e9)
    gone = opened.collect(limit, check=check)
    freed, left = sum(e.bytes for e in gone), opened.entries()
    if as_json:
        told = {"removed": [e.address for e in gone], "freed_bytes": freed, "left": len(left)}
        print(json.dumps(told))
    else:
        print(f"removed {len(gone)} entries ({freed / 1e6:.2f} MB); {len(left)} are left")


@store_app.command("explain")
def explain(
    recipe: Annotated[str, typer.Argument(help="default, a starter's name, or a JSON file")],
    film: Annotated[str, typer.Argument(help="A video file, or a gallery film")],
    query: Annotated[str, typer.Option("--query", "-q", help="What to look for")],
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Say stage by stage why a run would or would not use what is in the store.

    Example: vtk-notebooks store explain merge bikes -q "a person riding a bicycle"
    """
    from vtk_notebooks.cli.run import find_film, find_recipe
    from vtk_notebooks.explained import explain as explained

    opened = _opened(root)
    reasons = explained(find_recipe(recipe), find_film(film), query, store=opened)
    if as_json:
        print(json.dumps([asdict(r) for r in reasons], ensure_ascii=False))
    else:
        print("\n".join(map(str, reasons)))


def _opened(root: Path | None) -> "Store":
    from vtk_notebooks.errors import StoreError
    from vtk_notebooks.store import Store, default_root

    folder = root or default_root()
    if not folder.is_dir():
        hint = "Give its folder with --store, or run something first."
        raise StoreError("vtk-notebooks store", "a store", f"no folder {folder}", hint)
    return Store(folder)


def _holds(store: "Store", entry: "Entry") -> str:
    """In a few words; text from outside on one line."""
    from vtk_notebooks.text.one_line import one_line

    record = store.record(entry.address)
    if record is None:
        return "damaged"
    if made := record.get("made_of"):
        numbers = " ".join(f"{k}={v}" for k, v in made["params"].items())
        return one_line(f"{made['kind']} {made['name']} {numbers}")
    if "origin" in record:
        return one_line(f"run over {record['origin']['name']}: {record['text']}")
    return "row of a sweep" if "stages" in record and "numbers" in record else "a stage"
