"""`vtk-notebooks atlas`: the published systems, which of them work, and their demos."""

import json
from pathlib import Path
from typing import Annotated, no_type_check

import typer

atlas_app = typer.Typer(invoke_without_command=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON only")]


@atlas_app.callback()
@no_type_check  # what typer passes is not always the class that it asks to name
def atlas(
    context: typer.Context,
    family: Annotated[str | None, typer.Option(help="Only this family")] = None,
    as_json: AsJson = False,
) -> None:
    """List the systems: what works, what is planned, and whose idea it is.

    Example: vtk-notebooks atlas --family compressors
    """
    if context.invoked_subcommand:
        return
    from vtk_notebooks.papers import atlas as entries
    from vtk_notebooks.papers import atlas_table

    if as_json:
        found = [e for e in entries() if family in (None, e["family"])]
        print(json.dumps(found, ensure_ascii=False))
    else:
        print(atlas_table(family=family))


@atlas_app.command("run")
def run_demo(
    key: Annotated[str, typer.Argument(help="Key of a working system, as `atlas` lists it")],
    film: Annotated[str, typer.Option(help="A video file or a gallery film")] = "bikes",
    query: Annotated[str, typer.Option(help="What to look for")] = "a person riding a bicycle",
    out: Annotated[Path, typer.Option(help="Folder for the figure")] = Path("out/atlas"),
    as_json: AsJson = False,
) -> None:
    """Run one system's mechanism on a film: seconds, numbers, figure.

    Example: vtk-notebooks atlas run timesuite --json
    """
    from vtk_notebooks import figures, papers

    demo = papers.run_demo(key, film=film, query=query)
    told = demo.as_dict()
    if demo.run is not None:
        command = f"vtk-notebooks atlas run {key} --film {film} --query {query!r}"
        figure = figures.keep_map(demo.run)
        path = figures.save(figure, out / f"{key}.pdf", runs=[demo.run], command=command)
        told["figure"] = str(path)
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"{key}: {told['seconds']:.1f} s")
    for name, value in told["numbers"].items():
        print(f"  {name:<32} {value:g}")
    if told.get("figure"):
        print(f"  {told['figure']}")
