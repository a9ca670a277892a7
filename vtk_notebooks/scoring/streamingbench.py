"""StreamingBench: multiple choice while a film runs, and output that nobody asks for in time.

After "StreamingBench: Assessing the Gap for MLLMs to Achieve Streaming Video Understanding" (Lin et
al., 2024, arXiv:2411.03628). A file of results is a file of questions, as its scripts leave it:
each question has one more member, named after the model (or `response`), with what it said. For
proactive questions that is an object with `answered` (when it spoke up, false if it never did) and
`dialog_history`, whose last entry has its `time` and `content`. Numbers are nested as in the
statistics that its script writes; "early", "late" and "silent" are ours.

Beside them stand answers that need no film: "always A", and for proactive questions to say what
was asked for seven seconds after the instruction, which on the released file is on time more often
than not.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vtk_notebooks.data import Sample, parse_clock
from vtk_notebooks.data.dataset import Dataset
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.proactive_timing import ProactiveTiming
from vtk_notebooks.metrics.questions.streaming_accuracy import StreamAccuracy
from vtk_notebooks.scoring.report import Report
from vtk_notebooks.scoring.scorer import Mode, Scorer, read_noted
from vtk_notebooks.statistics import Estimate

BLIND_AFTER_S = 7
"""When the blind proactive answer speaks, after the instruction."""
_DUE = "ground_truth_time_stamp"
_OF_STREAMS = frozenset({"audio_path", "time", "results"})
"""Members of the online variant of the files that are no answers."""


def score(pred: Path, truth: Path | None, mode: Mode) -> Report:
    """What a model said to each question, against the answers that stand beside them."""
    data, odd = read_noted(pred, "streamingbench", expected=("unknown field",))
    questions, model = list(data), _model(pred, data)
    proactive = [q for q in questions if _DUE in q.extra]
    if proactive and len(proactive) < len(questions):
        raise VtkError(pred.name, "proactive questions or others", "both", "Score them apart.")
    silent = sum(model not in q.extra for q in questions)
    what = "left out" if mode == "upstream" else "not right"
    missing = (f"{silent} questions have no answer of {model}: {what}",) if silent else ()
    notes = (f"answers of {model}", *missing, *odd)
    if proactive:
        return _timed(questions, model, mode, notes)
    return _chosen(questions, model, mode, notes)


def _model(pred: Path, data: Dataset) -> str:
    """The member that questions of the format do not have."""
    new = dict.fromkeys(p.field for p in data.problems if p.kind == "unknown field")
    held = {key for q in data for key in q.extra}
    found = [name for name in new if name in held and name not in _OF_STREAMS]
    if len(found) != 1:
        hint = "Each question needs one member, named after the model, with what it said."
        raise VtkError(pred.name, "the answers of one model", found or "none", hint)
    return found[0]


def _chosen(questions: Sequence[Sample], model: str, mode: Mode, notes: tuple[str, ...]) -> Report:
    answers = [-1 if q.answer_index is None else q.answer_index for q in questions]
    tasks = [str(q.extra.get("task_type", "?")) for q in questions]
    films, choices = [q.film for q in questions], [q.choices for q in questions]
    said = [q.extra.get(model) for q in questions]
    metric = StreamAccuracy(mode)
    texts = [text if isinstance(text, str) else None for text in said]
    numbers = metric(texts, answers, tasks, choices, films)
    always = metric(["A"] * len(said), answers, tasks, choices, films)
    unread = numbers.pop("unread").times(100)
    return Report(
        SCORER.name,
        mode,
        {name: _counted(name, accuracy) for name, accuracy in numbers.items()},
        len(questions),
        beside={"always A": {name: {"accuracy": a} for name, a in always.items()}},
        unread=unread,
        notes=notes,
    )


def _counted(name: str, accuracy: Estimate) -> dict[str, Any]:
    correct = round(accuracy * accuracy.n) if accuracy.n else 0
    return {"total": accuracy.n, "correct": correct, "accuracy": accuracy}


def _timed(questions: Sequence[Sample], model: str, mode: Mode, notes: tuple[str, ...]) -> Report:
    if mode == "upstream":
        questions = [q for q in questions if model in q.extra]
    metric, films = ProactiveTiming(mode=mode), [q.film for q in questions]
    spoken = [_spoken(q.extra.get(model), mode) for q in questions]
    due_s = [_due_s(q) for q in questions]
    wanted = [str(q.answer or "") for q in questions]
    asked_s = [q.asked_s or 0 for q in questions]
    numbers = metric([t for t, _ in spoken], [s for _, s in spoken], due_s, wanted, films)
    blind = metric([t + BLIND_AFTER_S for t in asked_s], wanted, due_s, wanted, films)
    task = "Proactive Output"
    return Report(
        SCORER.name,
        mode,
        {task: {"total": len(questions), **_with_counts(numbers)}},
        len(questions),
        beside={f"{BLIND_AFTER_S} s after the instruction": {task: blind}},
        notes=notes,
    )


def _due_s(question: Sample) -> float | int:
    time_s = parse_clock(str(question.extra[_DUE]))
    if time_s is None:
        expected = f"a clock time as {_DUE}"
        raise VtkError(f"question {question.id}", expected, repr(question.extra[_DUE]))
    return time_s


def _with_counts(numbers: Mapping[str, Estimate]) -> dict[str, Any]:
    counts = {
        name.replace("accuracy", "correct"): round(value * value.n)
        for name, value in numbers.items()
        if name.endswith("accuracy")
    }
    return {**counts, **numbers}


def _spoken(said: Any, mode: Mode) -> tuple[float | int | None, str | None]:
    """When a model spoke up and what it said then."""
    history = said.get("dialog_history") if isinstance(said, dict) else None
    last = history[-1] if isinstance(history, list) and history else None
    if not isinstance(last, dict) or (mode == "strict" and said.get("answered") is False):
        return None, None
    time_s, content = last.get("time"), last.get("content")
    known = isinstance(time_s, int | float)
    return (time_s if known else None), (content if isinstance(content, str) else None)


SCORER = Scorer(
    name="streamingbench",
    pred="a StreamingBench question file in which each question also holds the model's answer",
    truth="",
    score=score,
    differs="the first character of a response is its answer; questions without one are left out; "
    "what was to be said may stand inside other words",
)
