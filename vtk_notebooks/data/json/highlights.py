"""Records of moment retrieval and highlight detection, as Moment-DETR and its followers share them.

The saliency of a film is a row of scores for each of its 2-second clips: those that lie in a
moment only, from three annotators (the truth), or all of them, from a model (predictions).
"""

from typing import Any

from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.kinds import NAME, NUMBER, SPANS, TEXT, Kind
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.json.values import Wrong, clip_numbers, numbers, part, rows
from vtk_notebooks.data.record import Saliency, Sample

CLIP_S = 2.0


def _rated(clips: Any, scores: Any) -> Saliency:
    if clips is None or scores is None:
        got = "one of them"
        raise Wrong("clips and their scores, or neither", got, kind="mismatched lists")
    numbered = part(0, clips, clip_numbers)
    return Saliency(part(1, scores, rows), CLIP_S, numbered)


def _two_seconds(saliency: Saliency) -> Saliency:
    if saliency.clip_s != CLIP_S:
        raise ValueError("the records have no place for another length")
    return saliency


def _write_rated(saliency: Saliency) -> tuple[Any, Any]:
    _two_seconds(saliency)
    clips = range(len(saliency.scores)) if saliency.clips is None else saliency.clips
    return list(clips), [list(row) for row in saliency.scores]


RATED = Kind(_rated, _write_rated)
"""Numbers of clips, and a row of scores for each of them."""

PREDICTED = Kind(
    lambda value: Saliency(tuple((score,) for score in numbers(value)), CLIP_S),
    lambda saliency: [score for [score] in _two_seconds(saliency).scores],
)
"""One score for every clip."""

LABELLED = Kind(
    lambda value: Saliency(rows(value), CLIP_S),
    lambda saliency: [list(row) for row in saliency.scores],
)
"""A row of scores for every clip."""

QUERY = (Field("qid", "id", NAME, required=True), Field("query", "text", TEXT, required=True))
FILM = Field("vid", "film", TEXT, required=True)
DURATION = Field("duration", "duration_s", NUMBER, required=True)
WINDOWS = Field("relevant_windows", "spans", SPANS)

TRUTH = Schema(
    (
        *QUERY,
        DURATION,
        FILM,
        Field(("relevant_clip_ids", "saliency_scores"), "saliency", RATED),
        WINDOWS,
    ),
)


def _predicted(sample: Sample) -> bool:
    scored = any(span.score is not None for span in sample.spans)
    return scored or (sample.saliency is not None and sample.saliency.clips is None)


PREDICTIONS = Schema(
    (
        *QUERY,
        FILM,
        Field("pred_relevant_windows", "spans", SPANS),
        Field("pred_saliency_scores", "saliency", PREDICTED),
    ),
    known=frozenset({"duration"}),
    when=("pred_relevant_windows", "pred_saliency_scores"),
    suits=_predicted,
)
