"""`vtk-notebooks doctor`: what works, what does not, and what to type."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from vtk_notebooks.cli.checkup import Finding

MARKS = {"ok": "ok", "absent": "--", "broken": "!!"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only")] = False,
) -> None:
    """Try decoders, torch, weights, films, widgets, browser and store; say what to do for each.

    Ends with 1 where something is broken; what is only not installed (--) is no fault.

    Example: vtk-notebooks doctor
    """
    from vtk_notebooks.cli.checkup import checkup

    found = checkup()
    broken = [f for f in found if f.status == "broken"]
    if as_json:
        print(json.dumps({"ok": not broken, "findings": [asdict(f) for f in found]}))
    else:
        print("\n".join(line for f in found for line in _lines(f)))
        print(f"\n{len(broken)} faults" if broken else "\nNo fault found.")
    raise typer.Exit(1 if broken else 0)


def _lines(finding: "Finding") -> list[str]:
    first = f"{MARKS[finding.status]}  {finding.about:<40} {finding.said}"
    return [first, f"      {finding.todo}"] if finding.todo else [first]
