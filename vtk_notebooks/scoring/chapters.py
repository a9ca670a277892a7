"""Chapters: were films cut where their uploaders cut them, and called by the same names?

After "VidChapters-7M: Video Chapters at Scale" (Yang et al., 2023, arXiv:2309.13952). Files are its
JSON (chapters as starts and titles, or as timestamps and sentences), captioners' `results`, or one
film's description with a list of chapters, as typed. Numbers are parts of 1: `Precision@5s` and
`Recall@5s` of starts, `Precision@0.5` and `Recall@0.5` of chapters by IoU, their F1 of means, as
the authors' evaluator names them, and `SODA_c` with similarities that are here, by name: `same
words` for titles word for word, and `token F1`. Its own, METEOR 1.5, needs Java.

Every list starts at 0:00, so that everybody finds the first start; `without_first` has the numbers
of all others. Where neither file gives a film's duration, its last chapter has no end: it counts as
a start only. A film without a prediction counts as 0; `upstream` leaves it out, as the authors'
evaluator does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan, nan
from pathlib import Path
from typing import Any

import numpy as np

from vtk_notebooks.blind import equal_parts
from vtk_notebooks.data import Sample, Span, read_as_any
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.captions.boundary_recall import BoundaryRecall
from vtk_notebooks.metrics.captions.soda import Soda
from vtk_notebooks.scoring.report import Report
from vtk_notebooks.scoring.scorer import Mode, Scorer
from vtk_notebooks.text.captions import Caption

FORMATS = ("vidchapters", "activitynet_captions", "timechat_eval", "chapter_list")
Films = Sequence[Sequence[Caption]]


def score(pred: Path, truth: Path | None, mode: Mode) -> Report:
    """The predicted chapters of each film against the true ones."""
    assert truth is not None  # noqa: S101 the scorer says that it needs one
    pairs = paired(_read(pred), _read(truth))
    silent = sum(said is None for said, _ in pairs)
    if mode == "upstream":
        pairs = [(said, true) for said, true in pairs if said is not None]
    if not pairs:
        raise VtkError(f"chapters, {truth}", "films with chapters, one of them predicted", "none")
    answers, truths, lengths_s = zip(*(_lists(said, true) for said, true in pairs), strict=True)
    many = int(np.median([len(t) for t in truths]))
    blind = [equal_parts(length_s, many) for length_s in lengths_s]
    beside = {f"{many} equal parts": chapter_numbers(blind, truths, titled=False)}
    numbers = chapter_numbers(answers, truths)
    ends = sum(any(isnan(span.end_s) for span in spans) for spans in truths)
    what = "left out" if mode == "upstream" else "counted as 0"
    notes = (
        *([f"{silent} films have no prediction: {what}"] if silent else ()),
        *([f"{ends} films have no duration: their last chapter has no end"] if ends else ()),
    )
    return Report(SCORER.name, mode, numbers, len(pairs), beside, notes=notes)


def paired(
    said: Mapping[str, Sample], true: Mapping[str, Sample]
) -> list[tuple[Sample | None, Sample]]:
    """Each film with chapters, and what was predicted for it; two files of one film are paired."""
    films = {key: sample for key, sample in true.items() if sample.chapters or sample.captions}
    if len(said) == len(films) == 1:
        return [(next(iter(said.values())), next(iter(films.values())))]
    return [(said.get(key), sample) for key, sample in films.items()]


def chapters(sample: Sample, duration_s: float | int | None) -> list[Span]:
    """The chapters of a film as stretches; the end of the last one is nan where nobody knows it."""
    spans = sample.captions or replace(sample, duration_s=duration_s).chapter_spans
    rest = () if sample.captions else sample.chapters[len(spans) :]
    return [*spans, *(Span(c.start_s, nan, None, c.title) for c in rest)]


def chapter_numbers(answers: Films, truths: Films, *, titled: bool = True) -> dict[str, Any]:
    """All numbers; by IoU and by title only of chapters that have an end."""
    numbers: dict[str, Any] = dict(BoundaryRecall(thresholds=())(answers, truths))
    ended = [(_ended(a), _ended(t)) for a, t in zip(answers, truths, strict=True) if _ended(t)]
    if ended:
        both = [a for a, _ in ended], [t for _, t in ended]
        numbers |= BoundaryRecall(seconds=())(*both)
        for name in ("same_words", "token_f1") if titled else ():
            numbers |= {k: v for k, v in Soda(name)(*both).items() if k.startswith("SODA")}
    later = [(a, t) for a, t in zip(answers, truths, strict=True) if len(t) > 1]
    if later:
        others = BoundaryRecall(thresholds=(), skip_first=True)
        numbers["without_first"] = others([a for a, _ in later], [t for _, t in later])
    return numbers


def _lists(said: Sample | None, true: Sample) -> tuple[list[Span], list[Span], float]:
    """Predicted and true chapters of a film, and its length, as far as anybody knows."""
    known_s = true.duration_s or (said.duration_s if said else None)
    truth = chapters(true, known_s)
    times_s = [t for span in truth for t in (span.start_s, span.end_s) if not isnan(t)]
    answer = chapters(said, known_s) if said else []
    return answer, truth, float(known_s or max([*times_s, 1]))


def _ended(captions: Sequence[Caption]) -> list[Caption]:
    return [c for c in captions if not isnan(c.end_s)]


def _read(path: Path) -> dict[str, Sample]:
    data = read_as_any(path, FORMATS, lambda s: len(s.captions) + len(s.chapters))
    return {Path(sample.film).stem: sample for sample in data}


SCORER = Scorer(
    name="chapters",
    pred="JSON of films with chapters or captions, or one film's description with a list",
    truth="VidChapters JSON, or one film's description with a list of chapters",
    score=score,
    differs="films without a prediction are left out",
)
