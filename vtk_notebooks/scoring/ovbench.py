"""OVBench: macro and micro accuracy over 46 cells of questions put to a film that still runs.

After "Online Video Understanding: A Comprehensive Benchmark and Memory-Augmented Method" (Huang et
al., 2025, arXiv:2501.00584). Truths are the four released question files in one folder (ava.json,
coin.json, hirest.json, tao.json), or one of them. No layout of results is published, so this one is
ours: one JSON object that gives, for each file by its name without ".json", the responses in the
order of its questions, null where there is none: {"ava": ["A", "B. No", null, ...], "tao": [...]}.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vtk_notebooks.data import Sample
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.ovbench import OVBench
from vtk_notebooks.scoring.report import Report
from vtk_notebooks.scoring.scorer import Mode, Scorer, read_noted

_HINT = 'Such as {"ava": ["A", "B. No", null]}, in the order of the questions.'


def score(pred: Path, truth: Path | None, mode: Mode) -> Report:
    """Responses to each question of each file, against its right choice."""
    assert truth is not None  # noqa: S101 the scorer says that it needs one
    questions, odd = _questions(truth)
    said = _responses(pred, questions)
    asked = [(source, q) for source, listed in questions.items() for q in listed]
    responses = [text for source in questions for text in said[source]]
    answers = [-1 if q.answer_index is None else q.answer_index for _, q in asked]
    about = (
        [source for source, _ in asked],
        [str(q.extra.get("sub_answer_type", "?")) for _, q in asked],
        [q.choices for _, q in asked],
        [f"{source} {q.film}" for source, q in asked],
    )
    metric = OVBench(mode)
    numbers, always = (
        metric(responses, answers, *about),
        metric(["A"] * len(asked), answers, *about),
    )
    empty = sum(not text for text in responses)
    what = "left out" if mode == "upstream" else "not right"
    silent = (f"{empty} of {len(asked)} questions have no response: {what}",) if empty else ()
    unread = numbers.pop("unread")
    return Report(
        SCORER.name,
        mode,
        numbers,
        len(asked),
        beside={"always A": always},
        unread=unread,
        notes=(*silent, *odd),
    )


def _questions(truth: Path) -> tuple[dict[str, list[Sample]], list[str]]:
    """Questions by the name of their file, and what is odd about them."""
    files = sorted(truth.glob("*.json")) if truth.is_dir() else [truth]
    if not files:
        raise VtkError(str(truth), "question files of OVBench, such as tao.json", "none")
    found: dict[str, list[Sample]] = {}
    odd: list[str] = []
    for file in files:
        data, notes = read_noted(file, "ovbench")
        found[file.stem] = list(data)
        odd += notes
    return found, odd


def _responses(
    pred: Path, questions: Mapping[str, Sequence[Sample]]
) -> dict[str, list[str | None]]:
    """Responses by the name of the question file, one per question."""
    try:
        told: Any = json.loads(pred.read_text(encoding="utf-8"))
    except ValueError as error:
        raise VtkError(pred.name, "one JSON object", f"{error}", _HINT) from None
    if not isinstance(told, dict) or not set(told) <= set(questions):
        got = sorted(told) if isinstance(told, dict) else type(told).__name__
        expected = f"a JSON object with lists for {', '.join(questions)}"
        raise VtkError(pred.name, expected, got, _HINT)
    return {name: _listed(pred, name, told.get(name), len(q)) for name, q in questions.items()}


def _listed(pred: Path, name: str, said: Any, n: int) -> list[str | None]:
    if said is None:
        return [None] * n
    if not isinstance(said, list) or not all(isinstance(x, str | None) for x in said):
        raise VtkError(f"{pred.name}, {name}", "a list of texts", type(said).__name__, _HINT)
    if len(said) != n:
        raise VtkError(f"{pred.name}, {name}", f"{n} responses", len(said), _HINT)
    return said


SCORER = Scorer(
    name="ovbench",
    pred="a JSON object: for each question file, by its name, the responses in its order",
    truth="the folder of OVBench's question files, or one of them",
    score=score,
    differs="the first of A to E that stands as a word is the answer, also the article a; empty "
    "responses are left out",
)
