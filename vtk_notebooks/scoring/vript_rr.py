"""Vript-RR: multiple-choice answers to questions whose hint points to a scene of a film.

After "Vript: A Video Is Worth Thousands of Words" (Yang et al., 2024, arXiv:2406.06040). A file of
predictions is enough: a CSV with columns `id`, `pred` and `gt`, the right answer as "(B) text", and
`meta`, from which the texts of the choices are taken where it has them. Questions about one film
stand or fall together in intervals.
"""

import ast
import csv
from collections.abc import Mapping
from pathlib import Path

from vtk_notebooks.data.source import open_source
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.scripts.retrieve_reason import RetrieveReason
from vtk_notebooks.scoring.report import Report
from vtk_notebooks.scoring.scorer import Mode, Scorer

CHOICES = 4
"""Of every question."""
_MOST_META = 100_000  # characters of a cell that is worth reading


def score(pred: Path, truth: Path | None, mode: Mode) -> Report:
    """Predictions against the answers that stand beside them."""
    rows = read_rows(pred)
    answers = [_letter(row["gt"], pred) for row in rows]
    choices = [choices_of(row.get("meta") or "") for row in rows]
    films = [row["id"].split("-Scene-")[0] for row in rows]
    metric = RetrieveReason(upstream=mode == "upstream")
    numbers = metric([row["pred"] or None for row in rows], answers, choices, films)
    unread = numbers.pop("unread")
    blind = {}
    for letter in "ABCD":
        always = metric([f"({letter})"] * len(rows), answers, choices, films)
        blind[f"always {letter}"] = {"acc": always["acc"]}
    return Report(SCORER.name, mode, numbers, len(rows), beside=blind, unread=unread)


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of the file, each with id, pred and gt."""
    lines = (line + "\n" for line in open_source(path, strict=True).lines())
    reader = csv.DictReader(lines)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise VtkError(f"vript-rr, {path}", "a CSV file", str(error)) from None
    if not rows or not {"id", "pred", "gt"} <= set(reader.fieldnames or ()):
        got = f"{len(rows)} rows with {reader.fieldnames}"
        raise VtkError(f"vript-rr, {path}", "rows with id, pred and gt", got)
    return rows


def choices_of(meta: str) -> tuple[str, ...] | int:
    """The texts of a question's choices; how many there are where they cannot be read."""
    try:
        told = ast.literal_eval(meta[:_MOST_META])
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return CHOICES
    texts = told.get("multiple_choice", ()) if isinstance(told, Mapping) else ()
    read = isinstance(texts, list) and len(texts) == CHOICES and all(map(_is_text, texts))
    return tuple(texts) if read else CHOICES


def _is_text(x: object) -> bool:
    return isinstance(x, str)


def _letter(gt: str, path: Path) -> int:
    if len(gt or "") < 3 or gt[0] != "(" or gt[1] not in "ABCD" or gt[2] != ")":
        raise VtkError(f"vript-rr, {path}", 'a right answer such as "(B) text"', repr(gt))
    return ord(gt[1]) - ord("A")


SCORER = Scorer(
    name="vript-rr",
    pred="a CSV file with id, pred, gt and meta, as Vript's evaluation writes it",
    truth="",
    score=score,
    differs="strict reads answers with our rules, and a missing one is wrong; upstream takes the "
    "first capital in brackets, and leaves a missing answer out",
)
