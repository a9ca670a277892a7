"""TempCompass: accuracy by aspect of time, for a file of predictions in one format of answer.

After "TempCompass: Do Video LLMs Really Understand Videos?" (Liu et al., 2024, arXiv:2403.00476).
A file of predictions is enough: each holds its question and its right answer. A file of results
that holds its judge's replies as well (`chatgpt-response`) is judged by those; otherwise what no
rule matches counts as wrong. Films made of the same source stand or fall together in intervals.
Descriptions (`captioning`) can only be scored with a judge: call the metric for them.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from vtk_notebooks.data import read
from vtk_notebooks.data.record import Sample
from vtk_notebooks.errors import VtkError
from vtk_notebooks.judge import Judge
from vtk_notebooks.metrics.questions.tempcompass import (
    Asked,
    Task,
    TempCompass,
    judge_prompt,
    matched,
)
from vtk_notebooks.scoring.report import Report
from vtk_notebooks.scoring.scorer import Mode, Scorer
from vtk_notebooks.statistics import Estimate

_BLIND: Mapping[Task, tuple[str, ...]] = MappingProxyType(
    {
        "multi-choice": ("A", "B"),
        "yes_no": ("yes", "no"),
        "caption_matching": ("the first", "the second"),
    }
)
"""Answers that need no film, by format."""


def score(pred: Path, truth: Path | None, mode: Mode) -> Report:
    """Predictions of one format against the answers that stand beside them."""
    samples = list(read(pred, "tempcompass"))
    task, asked = _task(pred, samples), [_asked(s) for s in samples]
    metric = TempCompass(task, mode)
    films = [one.film for one in asked]
    unread = [matched(task, one, mode) is None for one in asked]
    blind = {
        f"always {name}": metric([_blind(one, n, name) for one in asked])
        for n, name in enumerate(_BLIND[task])
    }
    replies = _replies(samples, asked)
    how = "rated by the judge whose replies the file holds" if replies else "wrong"
    told = (f"{sum(unread)} answers are matched by no rule: {how}",) if any(unread) else ()
    return Report(
        SCORER.name,
        mode,
        metric(asked, _recorded(replies)),
        len(asked),
        beside=blind,
        unread=Estimate.mean(unread, films, scale=100),
        notes=(f"format {task}", *told),
    )


def _asked(sample: Sample) -> Asked:
    film, aspect = (str(part) for part in sample.place[:2])
    source = film.partition("_")[0]  # of a film, its reverse and its neighbours in a row of films
    return Asked(sample.text, str(sample.answer), sample.response, sample.choices, aspect, source)


def _task(pred: Path, samples: list[Sample]) -> Task:
    """The format that all questions of a file share, as they look."""
    found = {_task_of(sample) for sample in samples}
    if len(found) != 1 or not found <= _BLIND.keys():
        hint = "Score them one by one; descriptions need the metric and a judge."
        raise VtkError(f"tempcompass, {pred}", f"one of {sorted(_BLIND)}", sorted(found), hint)
    return next(task for task in _BLIND if task in found)


def _task_of(sample: Sample) -> Task:
    if sample.choices:
        lettered = sample.choices[0][1:2] in (".", ")")
        return "multi-choice" if lettered else "caption_matching"
    return "yes_no" if str(sample.answer).lower() in ("yes", "no") else "captioning"


def _blind(one: Asked, number: int, name: str) -> Asked:
    said = one.choices[number] if one.choices else name
    return Asked(one.question, one.answer, said, one.choices, one.aspect, one.film)


def _replies(samples: list[Sample], asked: list[Asked]) -> dict[str, str]:
    """What the file's judge said, by the prompt we would have used."""
    return {
        judge_prompt(one): str(sample.extra["chatgpt-response"])
        for sample, one in zip(samples, asked, strict=True)
        if "chatgpt-response" in sample.extra
    }


def _recorded(replies: dict[str, str]) -> Judge | None:
    return (lambda prompt: replies.get(prompt, "")) if replies else None


SCORER = Scorer(
    name="tempcompass",
    pred="a JSON file of TempCompass predictions, or of results with a judge's replies",
    truth="",
    score=score,
    differs="strict reads answers with our rules, upstream with those released (a letter alone or "
    "with a dot, whatever starts with yes or no, a line or its label character by character)",
)
