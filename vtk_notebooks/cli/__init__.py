"""The command line: thin commands over the library; every one takes `--json` and `--help`."""

import sys
import traceback
from typing import no_type_check

import typer

from vtk_notebooks.cli.atlas import atlas_app
from vtk_notebooks.cli.demo import demo
from vtk_notebooks.cli.doctor import doctor
from vtk_notebooks.cli.figure import figure
from vtk_notebooks.cli.lab import lab
from vtk_notebooks.cli.run import run
from vtk_notebooks.cli.score import score
from vtk_notebooks.cli.store import store_app
from vtk_notebooks.cli.sweep import sweep
from vtk_notebooks.errors import VtkError

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (demo, lab, run, sweep, score, figure, doctor):
    app.command()(command)
app.add_typer(atlas_app, name="atlas")
app.add_typer(store_app, name="store")


@app.callback(invoke_without_command=True)
@no_type_check  # what typer passes is not always the class that it asks to name
def options(context: typer.Context) -> None:
    """See, squeeze and compare the tokens of video-language models.

    Every command also takes --debug, which shows the traceback of an error.
    """
    if context.invoked_subcommand is None:
        print(context.get_help())


def main() -> None:
    """Run a command; what goes wrong is one line on stderr and a non-zero exit."""
    debug = "--debug" in sys.argv
    arguments = [a for a in sys.argv[1:] if a != "--debug"]
    try:
        sys.exit(app(arguments, standalone_mode=False))
    except (VtkError, OSError, ModuleNotFoundError) as error:
        if debug:
            traceback.print_exc()
        _fail(f"error: {error}", 1)
    except (KeyboardInterrupt, typer.Abort):
        _fail("interrupted; what was finished is in the store", 130)
    except Exception as error:
        # Wrong usage. Typer's own class for it has moved between releases; its method has not.
        if not hasattr(error, "format_message"):
            raise
        _fail(f"error: {error.format_message()} (try --help)", 2)  # type: ignore[attr-defined]


def _fail(message: str, code: int) -> None:
    print(" ".join(message.split()), file=sys.stderr)
    sys.exit(code)
