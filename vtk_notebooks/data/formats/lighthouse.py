"""Lighthouse: TACoS, TVSum, YouTube Highlights and others in the records of QVHighlights.

After "Lighthouse: A User-Friendly Library for Reproducible Video Moment Retrieval and Highlight
Detection" (Nishimura et al., 2024, arXiv:2408.02901). Two things differ between its data sets:
the `duration` of a TVSum film is the number of its 2-second clips, not seconds (the film
J0nA4VgnoCo has 14019 frames at 24 a second, and a duration of 292); and the clips of YouTube
Highlights are stretches of about 100 frames that overlap, so that their `clip_s` is only the mean
step (the frames are in `extra["clip"]`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.flat import FlatJson
from vtk_notebooks.data.json.highlights import (
    DURATION,
    FILM,
    LABELLED,
    PREDICTIONS,
    QUERY,
    TRUTH,
    WINDOWS,
)
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.record import Sample
from vtk_notebooks.data.source import Source

_LABELS = Schema(
    (*QUERY, DURATION, FILM, WINDOWS, Field("label", "saliency", LABELLED)),
    known=frozenset(
        {"relevant_clip_ids", "saliency_scores", "domain", "clip", "match", "fps", "frames"}
    ),
    when=("label",),
)
_JSON = FlatJson((PREDICTIONS, _LABELS, TRUTH), shape="lines")


def load(source: Source) -> Iterator[Sample]:
    """Samples with all times in seconds."""
    return map(_in_seconds, _JSON.load(source))


def dump(samples: Iterable[Sample], layout: Layout) -> Iterator[str]:
    """The text of a file, with the durations of TVSum in clips again."""
    return _JSON.dump(map(_in_clips, samples), layout)


def _in_seconds(sample: Sample) -> Sample:
    saliency, duration = sample.saliency, sample.duration_s
    if "label" not in sample.keys or saliency is None or not saliency.scores or not duration:
        return sample
    if "clip" in sample.keys:
        return replace(sample, saliency=replace(saliency, clip_s=duration / len(saliency.scores)))
    if duration != len(saliency.scores):
        return sample
    extra = {**sample.extra, "duration": duration}
    return replace(sample, duration_s=duration * 2, extra=extra)


def _in_clips(sample: Sample) -> Sample:
    clips = sample.extra.get("duration")
    if "label" in sample.keys and isinstance(clips, int | float) and sample.duration_s == clips * 2:
        return replace(sample, duration_s=clips)
    return sample


FORMAT = Format(
    name="lighthouse",
    title="TACoS, TVSum, YouTube Highlights (Lighthouse)",
    paper="Lighthouse: A User-Friendly Library for Reproducible Video Moment Retrieval and "
    "Highlight Detection",
    year=2024,
    arxiv="2408.02901",
    licence="the library Apache-2.0; each data set keeps the terms of its authors",
    extensions=(".jsonl",),
    load=load,
    dump=dump,
    fields=_JSON.fields,
)
