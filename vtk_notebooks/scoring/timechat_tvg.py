"""TimeChat's temporal grounding: R1 at IoU .3, .5 and .7 on Charades-STA, and mIoU.

After "TimeChat: A Time-sensitive Multimodal Large Language Model for Long Video Understanding"
(Ren et al., 2023, arXiv:2312.02051). Predictions are one span per query id, empty where none could
be read, or what the model said (`generated_cap`), from which the first stretch of time is read
here. Durations are not in the file of truths, so only the blind answer that needs none stands
beside.

`strict` counts a query that the file of predictions does not have as missed. `upstream` takes the
predicted queries for all there are, as the authors' script does with `--sample`; their published
example holds 500 of 3720. It also turns a span round whose end comes first when it reads one out
of text, which `strict` leaves wrong. Times are read by our own rules in both modes.
"""

import math
from collections.abc import Mapping
from pathlib import Path

from vtk_notebooks.answers import spans_in
from vtk_notebooks.blind import first_seconds
from vtk_notebooks.data import Sample, Span, read
from vtk_notebooks.metrics.moments.recall import Recall
from vtk_notebooks.scoring.report import Report
from vtk_notebooks.scoring.scorer import Mode, Scorer
from vtk_notebooks.statistics import Estimate


def score(pred: Path, truth: Path | None, mode: Mode) -> Report:
    """The first predicted span of each query against its true one."""
    assert truth is not None  # noqa: S101 the scorer says that it needs one
    queries = [s for s in read(truth, "timechat_eval") if s.moments]
    said = {str(s.id): spans_said(s, mode) for s in read(pred, "timechat_eval")}
    notes = _notes(queries, said, mode)
    if mode == "upstream":
        queries = [q for q in queries if str(q.id) in said]
    films, truths = [q.film for q in queries], [q.moments[:1] for q in queries]
    answers = [said.get(str(q.id), ()) for q in queries]
    recall = Recall(at=(1,))
    blind = {"first 8 s": recall([[first_seconds(math.inf)]] * len(queries), truths, films)}
    unread = Estimate.mean([not spans for spans in said.values()], scale=100)
    told = recall(answers, truths, films)
    return Report(SCORER.name, mode, told, len(queries), blind, unread, notes)


def spans_said(sample: Sample, mode: Mode) -> tuple[Span, ...]:
    """The spans of one prediction, out of its text where it has one."""
    if sample.response is None:
        return sample.spans
    spans = spans_in(sample.response)
    if mode == "upstream":
        spans = [(min(span), max(span)) for span in spans]
    return tuple(Span(start_s, end_s) for start_s, end_s in spans)


def _notes(queries: list[Sample], said: Mapping[str, object], mode: Mode) -> tuple[str, ...]:
    known = {str(q.id) for q in queries}
    silent, strange = len(known - said.keys()), len(said.keys() - known)
    what = "left out" if mode == "upstream" else "missed"
    told = f"{silent} of {len(queries)} queries have no prediction: {what}"
    odd = f"{strange} predictions are for queries that the truth does not have"
    return (*[told] * bool(silent), *[odd] * bool(strange))


SCORER = Scorer(
    name="timechat-tvg",
    pred="JSON with a timestamp per query id, or a list with id and generated_cap",
    truth="JSON with annotations: id, image_id, caption and timestamp",
    score=score,
    differs="only predicted queries count; spans read out of text are turned round if inverted",
)
