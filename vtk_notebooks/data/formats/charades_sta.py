"""Charades-STA: lines of `VID start end##sentence`, one per query.

After "TALL: Temporal Activity Localization via Language Query" (Gao et al., 2017,
arXiv:1705.02101). The lines give no durations: read them with `durations=`, and the ends that lie
after the end of their film (562 of 3720 in the test split) are reported.
"""

import re
from collections.abc import Iterable, Iterator

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.problem import AnnotationError, shown
from vtk_notebooks.data.record import Sample, Span
from vtk_notebooks.data.source import Source, unlike_text
from vtk_notebooks.data.text.as_written import keep, write
from vtk_notebooks.data.text.decimal import parse_decimal

_LINE = re.compile(r"(\S+)\s+(\S+)\s+(\S+?)##(.*)")


def parse(line: str) -> Sample | None:
    """One line as a sample, None where it is none."""
    found = _LINE.fullmatch(line)
    start, end = (parse_decimal(t) for t in found.group(2, 3)) if found else (None, None)
    if found is None or start is None or end is None:
        return None
    return Sample("", film=found.group(1), text=found.group(4), spans=(Span(start, end),))


def _line(sample: Sample) -> str:
    return f"{sample.film} {sample.spans[0].start_s} {sample.spans[0].end_s}##{sample.text}"


def render(sample: Sample) -> str:
    """A sample as one line."""
    where = f"sample {sample.id!r}"
    if len(sample.spans) != 1:
        got = f"{len(sample.spans)}"
        raise AnnotationError(where, "one span for a line of Charades-STA", got)
    line = _line(sample)
    if "\n" in line or parse(line) is None:
        raise AnnotationError(where, "a film without blanks and a text on one line", shown(line))
    return line


def load(source: Source) -> Iterator[Sample]:
    """Samples numbered from 0, as they come."""
    number = 0
    for line in source.lines():
        sample = parse(line)
        if sample is None:
            expected, hint = "`VID start end##sentence`", "The line is left out."
            source.report.add("bad line", "", expected, shown(line), hint)
            continue
        source.report.record = str(number)
        odd = unlike_text(sample.text)
        if odd:
            source.report.add("bad unicode", "sentence", "proper Unicode", odd)
        kept = keep(sample, line, _line)
        yield Sample(number, film=kept.film, text=kept.text, spans=kept.spans, extra=kept.extra)
        number += 1


def dump(samples: Iterable[Sample], layout: Layout) -> Iterator[str]:
    """One line each."""
    for sample in samples:
        yield write(sample, lambda line, s=sample: _said(parse(line)) == _said(s), render) + "\n"


def _said(sample: Sample | None) -> object:
    return sample and (sample.film, sample.spans, sample.text)


FORMAT = Format(
    name="charades_sta",
    title="Charades-STA",
    paper="TALL: Temporal Activity Localization via Language Query",
    year=2017,
    arxiv="1705.02101",
    licence="the terms of Charades: non-commercial research",
    extensions=(".txt",),
    load=load,
    dump=dump,
    holds=frozenset({"film", "text", "spans"}),
    labels={"spans": "start end", "text": "sentence", "film": "VID"},
    identity=_said,
)
