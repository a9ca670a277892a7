"""Spans of a timeline as annotation files that benchmarks read."""

import re
from collections.abc import Sequence
from pathlib import Path

from vtk_notebooks.data import Sample, Span, write
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment

FORMATS = ("qvhighlights", "charades_sta")
"""What both the kernel and the browser can write; the browser's side is `_annotation_files.js`."""


def save_moments(
    moments: Sequence[Moment],
    path: str | Path,
    format: str,
    *,
    film: str,
    question: str,
    duration_s: float,
) -> Path:
    """Write moments to a file; each belongs to its own text, or to the question.

    Args:
        moments: in any order.
        path: of the file.
        format: one of `FORMATS`.
        film: the id that the file gives the film.
        question: the query of moments without a text of their own.
        duration_s: of the film.
    """
    if format not in FORMATS:
        hint = "For others make Samples and use vtk_notebooks.data.write."
        raise VtkError("export", f"one of {FORMATS}", repr(format), hint)
    spans: dict[str, list[Span]] = {}
    for moment in sorted(moments, key=lambda m: m.start_s):
        span = Span(moment.start_s, moment.end_s)
        spans.setdefault(moment.text or question, []).append(span)
    if format == "qvhighlights":
        samples = [
            Sample(number, film=film, duration_s=duration_s, text=text, spans=tuple(group))
            for number, (text, group) in enumerate(spans.items())
        ]
        return write(samples, path, format)
    ordered = sorted(
        ((span, text) for text, group in spans.items() for span in group),
        key=lambda pair: pair[0].start_s,
    )
    name = re.sub(r"\s+", "_", film.strip()) or "film"
    lines = [
        Sample(number, film=name, text=" ".join(text.split()), spans=(span,))
        for number, (span, text) in enumerate(ordered)
    ]
    return write(lines, path, format)
