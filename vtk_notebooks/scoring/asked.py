"""Asked: questions with their true moments, and what each of several models answered to each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from vtk_notebooks.data import Dataset, Sample, read_as_any
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.moments.misses import Misses, MissTable
from vtk_notebooks.moment import Moment
from vtk_notebooks.spans import Stretch

TRUTHS = ("qvhighlights", "charades_sta", "activitynet_captions", "timechat_eval")
ANSWERS = ("qvhighlights", "lighthouse")
"""Formats that a file may be in."""

Samples = str | Path | Dataset | Sequence[Sample]
"""A file, what was read of one, or samples."""
Lists = Sequence[Sequence[Stretch] | Stretch]
"""A stretch, or several, for each question in order."""


@dataclass(frozen=True, eq=False)
class Asked:
    """Questions side by side with the answers of several models.

    Args:
        ids: what the file calls each question. Untrusted text, as films and texts are.
        films: id or path of each question's film.
        texts: what was asked.
        truths: one or more true moments for each question.
        answers: by the model's name, its answers to each question, best first.
    """

    ids: tuple[str, ...]
    films: tuple[str, ...]
    texts: tuple[str, ...]
    truths: tuple[tuple[Stretch, ...], ...]
    answers: Mapping[str, tuple[tuple[Stretch, ...], ...]]

    def __post_init__(self) -> None:
        many = {"films": self.films, "texts": self.texts, "truths": self.truths, **self.answers}
        wrong = {name: len(column) for name, column in many.items() if len(column) != len(self)}
        if wrong or not self.answers or not len(self):
            got = f"{len(self)} questions, {wrong or 'no model'}"
            raise VtkError("Asked", "one or more questions, and as many answers", got)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def tables(self) -> dict[str, MissTable]:
        """How each model's first answer to each question ended, with `Misses()` as it stands."""
        return {name: self.table(name) for name in self.answers}

    def table(self, model: str, misses: Misses | None = None) -> MissTable:
        """How one model's first answers ended."""
        return (misses or Misses()).table(self.answers[model], self.truths)


def asked(
    predictions: Samples | Lists | Mapping[str, Samples | Lists], truths: Samples | Lists
) -> Asked:
    """Questions and answers out of files, samples or plain lists of moments.

    Args:
        predictions: of one model, or by the model's name. Files and samples are matched by id,
            lists by their order. A question without a prediction has an empty answer.
        truths: the questions. Those without a valid true moment are left out.
    """
    questions = _questions(truths)
    kept = [n for n, q in enumerate(questions) if q.moments]
    if not kept:
        hint = f"Files can be in {', '.join(TRUTHS)}."
        raise VtkError("asked", "questions with a true moment", f"{len(questions)} without", hint)
    mine = predictions if isinstance(predictions, Mapping) else {"answers": predictions}
    every = {str(name): _answers(name, said, questions) for name, said in mine.items()}
    shown = [questions[n] for n in kept]
    return Asked(
        ids=tuple(str(q.id) for q in shown),
        films=tuple(q.film for q in shown),
        texts=tuple(q.text for q in shown),
        truths=tuple(q.moments for q in shown),
        answers={name: tuple(said[n] for n in kept) for name, said in every.items()},
    )


def _questions(truths: Samples | Lists) -> list[Sample]:
    found = _items(truths, TRUTHS)
    if all(isinstance(item, Sample) for item in found):
        return found
    lists = [[item] if isinstance(item, Moment) else list(item) for item in found]
    return [_sample(n, moments) for n, moments in enumerate(lists)]


def _sample(number: int, moments: Sequence[Any]) -> Sample:
    from vtk_notebooks.data import Span

    spans = tuple(Span(m.start_s, m.end_s, m.score) for m in moments)
    texts = [m.text for m in moments if getattr(m, "text", "")]
    return Sample(id=number, text=texts[0] if texts else "", spans=spans)


def _answers(
    name: Any, said: Samples | Lists, questions: Sequence[Sample]
) -> list[tuple[Stretch, ...]]:
    found = _items(said, ANSWERS)
    if found and all(isinstance(item, Sample) for item in found):
        by_id = {str(s.id): s.spans for s in found}
        return [_valid(by_id.get(str(q.id), ())) for q in questions]
    if len(found) != len(questions):
        got = f"{len(found)} for {len(questions)}"
        hint = "Lists go by order: give an empty one where nothing was answered."
        raise VtkError(f"asked: {name}", "an answer for each question", got, hint)
    return [_valid([item] if isinstance(item, Moment) else item) for item in found]


def _valid(spans: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Without stretches that are no numbers; inverted ones stay, and count as wrong."""
    return tuple(s for s in spans if np.isfinite([s.start_s, s.end_s]).all())


def _items(source: Any, formats: Sequence[str]) -> list[Any]:
    if isinstance(source, str | Path):
        return list(read_as_any(source, formats, lambda sample: len(sample.spans)))
    return list(source)
