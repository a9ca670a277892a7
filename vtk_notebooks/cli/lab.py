"""`vtk-notebooks lab`: JupyterLab on the start notebook."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from vtk_notebooks.errors import VtkError

START = "00_start_here.ipynb"


def lab(
    folder: Annotated[
        Path, typer.Option(help="Where the notebook goes if it is not here")
    ] = Path(),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the command, do not start")
    ] = False,
) -> None:
    """Open JupyterLab on the start notebook.

    Example: vtk-notebooks lab
    """
    import json
    import subprocess

    if find_spec("jupyterlab") is None:
        hint = "pip install 'vtk-notebooks[lab]'"
        raise VtkError("vtk-notebooks lab", "JupyterLab", "none installed", hint)
    notebook = _at_hand(folder)
    command = [sys.executable, "-m", "jupyterlab", str(notebook)]
    if as_json:
        print(json.dumps({"notebook": str(notebook), "command": command}))
        return
    where = {"VTK_OUT": os.environ.get("VTK_OUT") or str(Path("out").resolve())}
    ended = subprocess.run(command, check=False, env={**os.environ, **where})
    raise typer.Exit(ended.returncode)


def notebook_file(name: str = START) -> Path:
    """A notebook of ours: from the checkout, or from inside the installed package."""
    package = Path(__file__).parents[1]
    for path in (package.parent / "notebooks" / name, package / "notebooks" / name):
        if path.is_file():
            return path
    raise VtkError("vtk-notebooks", f"the notebook {name}", "no such file", "Reinstall it.")


def _at_hand(folder: Path) -> Path:
    """The checkout's own notebook, or a copy in the folder that the person may edit."""
    source = notebook_file()
    if (source.parents[1] / "pyproject.toml").is_file():
        return source
    copy = folder / source.name
    if not copy.exists():
        shutil.copyfile(source, copy)
    return copy
