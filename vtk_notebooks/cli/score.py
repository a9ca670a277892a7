"""`vtk-notebooks score`: predictions against the truth, as published benchmarks count."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class How(StrEnum):
    """As a careful reader of the paper would, or as the authors' script does."""

    strict = "strict"
    upstream = "upstream"


def score(
    format: Annotated[str, typer.Argument(help="Such as qvhighlights, charades-sta, vnbench")],
    pred: Annotated[Path, typer.Argument(help="File of predictions")],
    truth: Annotated[
        Path | None, typer.Argument(help="File of truths, where it is another")
    ] = None,
    mode: Annotated[How, typer.Option(help="Where published scripts differ")] = How.strict,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only")] = False,
) -> None:
    """Score a file of predictions; numbers come under their published names.

    Example: vtk-notebooks score qvhighlights predictions.jsonl highlight_val_release.jsonl
    """
    from vtk_notebooks.scoring import score as score_files

    report = score_files(format, pred, truth, mode.value)
    print(report.json() if as_json else report.table())
