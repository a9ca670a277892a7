"""Dense captions, as for YouCook2: where events are, in two F1, and what is said of them.

After "TimeChat: A Time-sensitive Multimodal Large Language Model for Long Video Understanding" (Ren
et al., 2023, arXiv:2312.02051), whose files and evaluator these are, and "VidChapters-7M: Video
Chapters at Scale" (Yang et al., 2023, arXiv:2309.13952), whose evaluator has the other F1. Numbers
are parts of 1, under their published names:

* `Precision@0.5`, `Recall@0.5`, ..., their means over IoU, and `F1_Score`, the mean of films' F1,
  as TimeChat's evaluator counts: what ends before it starts is read the other way round;
* `F1@0.5`, ..., and `F1_of_means`, as VidChapters' counts: of the means over films, and such a
  prediction overlaps nothing;
* `CIDER`, as TimeChat's counts it: each prediction against every event that it overlaps by more
  than an IoU, or against nothing, word rarity counted within the film, meant over IoUs;
* `SODA_c`, by similarities that are here. The published one, METEOR 1.5, needs Java; with nltk's
  METEOR numbers come out about twice as high.

Files may also be ActivityNet's (`results`) or YouCook2's. A film without a prediction counts as 0,
as in TimeChat's evaluator; `upstream` leaves it out of `F1@` and `F1_of_means`, as VidChapters'
does.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float

from vtk_notebooks.blind import equal_parts
from vtk_notebooks.data import Sample, Span, read_as_any
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.captions.dense_detection import DenseDetection
from vtk_notebooks.metrics.captions.sentence_scores import cider_d
from vtk_notebooks.metrics.captions.soda import Soda
from vtk_notebooks.scoring.report import Report
from vtk_notebooks.scoring.scorer import Mode, Scorer
from vtk_notebooks.spans import all_ious
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.text.captions import Caption, times_s
from vtk_notebooks.text.sentences import has_meteor

FORMATS = ("timechat_eval", "activitynet_captions", "youcook2")
THRESHOLDS = (0.3, 0.5, 0.7, 0.9)
_TIE = 1e-8
"""Both evaluators add it to the union, so that a tie does not count."""

Films = Sequence[Sequence[Caption]]


def score(pred: Path, truth: Path | None, mode: Mode) -> Report:
    """The predicted events of each film against the true ones."""
    assert truth is not None  # noqa: S101 the scorer says that it needs one
    films = {_key(s): s for s in _read(truth) if s.captions}
    said = {_key(s): s.captions for s in _read(pred)}
    if not films:
        raise VtkError(f"dvc, {truth}", "films with captions", "none")
    truths = [s.captions for s in films.values()]
    written = [said.get(key, ()) for key in films]
    answers = [[_in_order(span) for span in spans] for spans in written]
    numbers = {
        "CIDER": Estimate.mean(matched_cider(answers, truths)),
        **detection_numbers(answers, written, truths, mode),
        **soda_numbers(answers, truths),
        "n_preds": Estimate.mean([len(spans) for spans in written]),
    }
    many = int(np.median([len(t) for t in truths]))
    blind = [equal_parts(_length_s(s), many) for s in films.values()]
    beside = {f"{many} equal parts": detection_numbers(blind, blind, truths, mode)}
    notes = _notes(written, len(said.keys() - films.keys()), mode)
    return Report(SCORER.name, mode, numbers, len(films), beside, notes=notes)


def detection_numbers(
    answers: Films, written: Films, truths: Films, mode: Mode
) -> dict[str, Estimate]:
    """TimeChat's numbers, of answers with their ends in order; VidChapters' F1, as written."""
    metric = DenseDetection(THRESHOLDS)
    kept = [i for i, spans in enumerate(written) if spans or mode == "strict"]
    as_written = metric([written[i] for i in kept], [truths[i] for i in kept]) if kept else {}
    ordered = metric(answers, truths)
    theirs = [name for name in ordered if name.startswith("F1@") or name == "F1_of_means"]
    return {**ordered, **{name: as_written.get(name, Estimate(0.0)) for name in theirs}}


def soda_numbers(answers: Films, truths: Films) -> dict[str, Estimate]:
    """SODA_c by each similarity that is at hand."""
    names = ("token_f1", "meteor") if has_meteor() else ("token_f1",)
    found = [Soda(name)(answers, truths) for name in names]
    return {k: v for numbers in found for k, v in numbers.items() if k.startswith("SODA")}


def matched_cider(answers: Films, truths: Films) -> Float[np.ndarray, "n"]:
    """CIDEr of each film, over its predictions and the events they overlap, meant over IoUs."""
    said: list[str] = []
    events: list[list[str]] = []
    places: list[int] = []  # film and threshold, in one number
    for i, (a, b) in enumerate(zip(answers, truths, strict=True)):
        ious = all_ious(times_s(a), times_s(b))
        for m, least in enumerate(THRESHOLDS):
            for caption, row in zip(a, ious > least + _TIE, strict=True):
                partners = [b[j].text for j in np.flatnonzero(row).tolist()] or [""]
                said += [caption.text] * len(partners)
                events += [[text] for text in partners]
                places += [i * len(THRESHOLDS) + m] * len(partners)
    size = len(answers) * len(THRESHOLDS)
    total = np.bincount(places, cider_d(said, events, places), size) if said else np.zeros(size)
    mean = total / np.maximum(1, np.bincount(places, minlength=size)) if said else total
    return mean.reshape(len(answers), -1).mean(1)


def _read(path: Path) -> list[Sample]:
    return list(read_as_any(path, FORMATS, lambda s: len(s.captions)))


def _key(sample: Sample) -> str:
    """The film's file name without folder and ending: both files need not say them alike."""
    return Path(sample.film).stem


def _in_order(span: Span) -> Span:
    """The same stretch, read the other way round where it ends before it starts."""
    ends = sorted((span.start_s, span.end_s))
    return Span(ends[0], ends[1], span.score, span.text)


def _length_s(sample: Sample) -> float:
    """The film's; where its last event ends if the file does not say."""
    return float(sample.duration_s or max(span.end_s for span in sample.captions))


def _notes(written: Films, strange: int, mode: Mode) -> tuple[str, ...]:
    every = [span for spans in written for span in spans]
    inverted = sum(span.end_s < span.start_s for span in every)
    silent = sum(not spans for spans in written)
    out = ", and left out of F1@ and F1_of_means" if mode == "upstream" else ""
    told = {
        f"{inverted} of {len(every)} predictions end before they start: read the other way round, "
        "but for F1@ and F1_of_means they overlap nothing": inverted,
        f"{silent} of {len(written)} films have no prediction: counted as 0{out}": silent,
        f"{strange} films have predictions but no truth": strange,
        "METEOR is left out: pip install 'vtk-notebooks[captions]'": not has_meteor(),
    }
    return tuple(note for note, there in told.items() if there)


SCORER = Scorer(
    name="dvc",
    pred="JSON of films, each a list of timestamp and caption; or ActivityNet's results",
    truth="TimeChat's caption file (annotations), or timestamps and sentences per film",
    score=score,
    differs="F1@ and F1_of_means leave out films without a prediction",
)
