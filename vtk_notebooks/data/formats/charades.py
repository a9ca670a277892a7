"""Charades: one row per film, with the script that was acted out and its action intervals.

After "Hollywood in Homes: Crowdsourcing Data Collection for Activity Understanding" (Sigurdsson
et al., 2016, arXiv:1604.01753). Actions are `c092 11.90 21.20;c147 0.00 12.60`. Copies in which a
spreadsheet has turned semicolons into commas are about: their rows have too many cells, which is
reported; such a row is kept whole in `extra` and says nothing but its film.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.problem import Report, shown
from vtk_notebooks.data.record import Sample, Span
from vtk_notebooks.data.source import Source, unlike_text
from vtk_notebooks.data.text.decimal import parse_decimal

COLUMNS = (
    "id", "subject", "scene", "quality", "relevance", "verified",
    "script", "objects", "descriptions", "actions", "length",
)  # fmt: skip


def parse_actions(text: str) -> tuple[Span, ...] | None:
    """Intervals with their class as text; None if one of them cannot be read."""
    spans = []
    for action in filter(None, text.split(";")):
        parts = action.split(" ")
        times = [parse_decimal(part) for part in parts[1:]]
        if len(times) != 2 or times[0] is None or times[1] is None:
            return None
        spans.append(Span(times[0], times[1], None, parts[0]))
    return tuple(spans)


def load(source: Source) -> Iterator[Sample]:
    """One sample per film."""
    rows = _rows(source)
    header = next(rows, None)
    if header is None:
        return
    missing = [column for column in ("id", "actions", "length") if column not in header]
    if missing:
        expected, hint = "columns id, actions and length", "The first line names them."
        source.report.add("not readable", "", expected, shown(header), hint)
        return
    Schema((), known=frozenset(COLUMNS)).note_unknown(header, source.report)
    for row in filter(None, rows):
        yield _sample(row, header, source.report)


def dump(samples: Iterable[Sample], layout: Layout) -> Iterator[str]:
    """Header and rows, with the columns of the first sample that has some."""
    samples = list(samples)
    header = next((s.keys for s in samples if s.keys), COLUMNS)
    yield _row(header)
    for sample in samples:
        yield _row(sample.extra.get("row") or [_cell(sample, column) for column in header])


def _rows(source: Source) -> Iterator[list[str]]:
    reader = csv.reader(line + "\n" for line in source.lines())
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            hint = "What follows it was not read."
            source.report.add("not readable", "", "CSV", str(error), hint)
            return


def _sample(row: list[str], header: list[str], report: Report) -> Sample:
    report.record = row[0]
    if len(row) != len(header):
        got = f"{len(row)}"
        hint = "Did a spreadsheet turn semicolons into commas? The row is kept, unread."
        report.add("bad line", "", f"{len(header)} cells", got, hint)
        return Sample(row[0], film=row[0], extra={"row": row}, keys=tuple(header))
    cells = dict(zip(header, row, strict=True))
    for column, cell in cells.items():
        odd = unlike_text(cell)
        if odd:
            report.add("bad unicode", column, "proper Unicode", odd)
    spans, length = parse_actions(cells["actions"]), parse_decimal(cells["length"])
    if spans is None:
        expected = "class start end; class start end; ..."
        report.add("wrong type", "actions", expected, shown(cells["actions"]))
    if length is None:
        report.add("wrong type", "length", "seconds", shown(cells["length"]))
    extra = {c: v for c, v in cells.items() if c not in ("id", "script")}
    film, script = cells["id"], cells.get("script", "")
    if not film:
        report.add("missing field", "id", "a value", "''")
    return Sample(film, film, length, script, spans=spans or (), extra=extra, keys=tuple(header))


def _cell(sample: Sample, column: str) -> str:
    """What a sample says in a column: as written, unless it says something else by now."""
    written = str(sample.extra.get(column, ""))
    if column == "actions" and (parse_actions(written) or ()) != sample.spans:
        return ";".join(f"{s.text} {s.start_s:.2f} {s.end_s:.2f}" for s in sample.spans)
    if column == "length" and parse_decimal(written) != sample.duration_s:
        return "" if sample.duration_s is None else str(sample.duration_s)
    return {"id": sample.film, "script": sample.text}.get(column, written)


def _row(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


FORMAT = Format(
    name="charades",
    title="Charades",
    paper="Hollywood in Homes: Crowdsourcing Data Collection for Activity Understanding",
    year=2016,
    arxiv="1604.01753",
    licence="non-commercial research",
    extensions=(".csv",),
    load=load,
    dump=dump,
    holds=frozenset({"film", "duration_s", "text", "spans"}),
    labels={"spans": "actions", "duration_s": "length", "text": "script", "film": "id"},
)
