"""The published evaluations by name."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import unknown
from vtk_notebooks.scoring import (
    chapters,
    charades_sta,
    dvc,
    ovbench,
    qvhighlights,
    streamingbench,
    tc_bench,
    tempcompass,
    timechat_tvg,
    timechat_vhd,
    vnbench,
    vript_rr,
)
from vtk_notebooks.scoring.report import Report
from vtk_notebooks.scoring.scorer import MODES, Mode, Scorer

_FILES = (
    chapters,
    charades_sta,
    dvc,
    ovbench,
    qvhighlights,
    streamingbench,
    tc_bench,
    tempcompass,
    timechat_tvg,
    timechat_vhd,
    vnbench,
    vript_rr,
)

SCORERS: Mapping[str, Scorer] = MappingProxyType({f.SCORER.name: f.SCORER for f in _FILES})
"""Every scorer by its name; its file has the same name, with underscores."""


def score(
    format: str, pred: Path | str, truth: Path | str | None = None, mode: Mode | str = "strict"
) -> Report:
    """Score a file of predictions as a published benchmark does.

    Args:
        format: a name in `SCORERS`.
        pred: file of predictions.
        truth: file of truths; not needed where the predictions carry theirs.
        mode: "strict", or "upstream" for what the authors' script does.
    """
    if format not in SCORERS:
        raise unknown("score", "format", format, SCORERS)
    if mode not in MODES:
        raise unknown("score", "mode", mode, MODES)
    scorer = SCORERS[format]
    if truth is None and scorer.truth:
        hint = f"Give {scorer.truth}."
        raise VtkError(f"score {format}", "a second file with the truth", "none", hint)
    known: Mode = "upstream" if mode == "upstream" else "strict"
    return scorer.score(Path(pred), None if truth is None else Path(truth), known)
