"""JSON Lines: one record per line, so that a file need not fit into memory."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from vtk_notebooks.data.json.document import json_document
from vtk_notebooks.data.json.record import Record, is_suspect, trouble_of
from vtk_notebooks.data.json.text import Cursor, dumps, json_style
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.problem import Report
from vtk_notebooks.data.source import Source


def json_lines(source: Source) -> Iterator[Record]:
    """One record per line; a file that is one JSON list is read as such."""
    cursor = Cursor("")
    for number, line in enumerate(source.lines()):
        if number == 0 and line.lstrip().startswith("["):
            yield from json_document(source)
            return
        if number == 0 and line.strip() == "{":
            got, hint = "one JSON document over many lines", "Is it in another format?"
            source.report.add("not readable", "", "one JSON object a line", got, hint)
            return
        if number == 0:
            source.note(container="lines", **json_style(line))
        if not line.isascii():
            source.note(ascii=False)
        record = _line(cursor, source.report, number, line)
        if record is not None:
            yield record


def write_lines(values: Iterable[Any], layout: Layout) -> Iterator[str]:
    """JSON Lines, each with its end."""
    for value in values:
        yield dumps(value, layout) + "\n"


def _line(cursor: Cursor, report: Report, number: int, line: str) -> Record | None:
    found: list[Any] = []
    cursor.text, cursor.at, cursor.repeated = line, 0, []

    def take() -> None:
        found.append(cursor.value())
        if cursor.peek():
            raise json.JSONDecodeError("Extra data", line, cursor.at)

    trouble = trouble_of(take) if line.strip() else (None, "an empty line")
    if trouble:
        report.add("bad line", "", "a JSON object", trouble[1], "The line is left out.")
        return None
    return Record(number, found[0], report.line, tuple(cursor.repeated), is_suspect(line))
