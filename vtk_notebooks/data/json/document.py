"""JSON documents: a list or an object of records, at the top or under one of its members.

A document that breaks off gives the records before the break, and a problem that says where.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from vtk_notebooks.data.json.record import Record, is_suspect, trouble_of
from vtk_notebooks.data.json.text import Cursor, Members, dumps, json_style
from vtk_notebooks.data.layout import Container, Layout
from vtk_notebooks.data.source import Source

_OPENING = ("[", "{")  # "" is in every string, in no tuple


def json_document(source: Source, wraps: Sequence[str] = ()) -> Iterator[Record]:
    """The records of a JSON list or object, or of that one of its members that wraps them."""
    source.report.at(None)
    text = source.text()
    if source.layout.bom:
        hint = "Save it as plain UTF-8."
        source.report.add("bad unicode", "", "JSON without a byte order mark", "one", hint)
    if text.strip():
        source.note(**json_style(text))
        yield from _Document(source, Cursor(text), wraps).read()


def write_document(items: Iterable[tuple[str | int, Any]], layout: Layout) -> Iterator[str]:
    """One JSON document of keyed records."""
    body: Any
    if layout.container == "object":
        body = Members((str(key), value) for key, value in items)
    else:
        body = [value for _, value in items]
    if layout.wrap:
        body = {**layout.header, layout.wrap: body}
    yield dumps(body, layout) + "\n"


class _Document:
    """Walks a document once; keeps what was read before it breaks."""

    def __init__(self, source: Source, cursor: Cursor, wraps: Sequence[str]) -> None:
        self.source, self.cursor, self.wraps = source, cursor, wraps
        self.records: list[Record] = []
        self.header: dict[str, Any] = {}
        self.line, self.counted = 1, 0

    def read(self) -> Iterator[Record]:
        trouble = trouble_of(self._walk)
        wrapped = self.source.layout.wrap
        self.source.note(header=self.header if wrapped else {})
        if trouble:
            line, got = trouble
            lines = "It may be JSON Lines, one object a line." if "Extra data" in got else ""
            self.source.report.at(line)
            hint = lines or "What follows it was not read."
            self.source.report.add("not readable", "", "JSON", got, hint)
        yield from self.records

    def _walk(self) -> None:
        cursor, opening = self.cursor, self.cursor.peek()
        if opening not in _OPENING:
            raise json.JSONDecodeError("Expecting a list or an object", cursor.text, cursor.at)
        self.source.note(container=_container(opening))
        for key in cursor.entries():
            if key in self.wraps and cursor.peek() in _OPENING and not self.source.layout.wrap:
                self._unwrap(str(key))
            elif self.source.layout.wrap:
                self.header[str(key)] = cursor.value()
            else:
                self.records.append(self._record(key))
        if cursor.peek():
            raise json.JSONDecodeError("Extra data", cursor.text, cursor.at)

    def _unwrap(self, key: str) -> None:
        """What came before the wrapped records was the header."""
        self.header = {str(record.key): record.value for record in self.records} | {key: None}
        self.records = []
        self.source.note(wrap=key, container=_container(self.cursor.peek()))
        for inner in self.cursor.entries():  # one by one: what was read stays when the next breaks
            self.records.append(self._record(inner))

    def _record(self, key: str | int) -> Record:
        self.cursor.peek()
        self.line += self.cursor.text.count("\n", self.counted, self.cursor.at)
        self.counted = self.cursor.at
        self.cursor.repeated = []
        value = self.cursor.value()
        suspect = is_suspect(self.cursor.text[self.counted : self.cursor.at])
        return Record(key, value, self.line, tuple(self.cursor.repeated), suspect)


def _container(opening: str) -> Container:
    return "list" if opening == "[" else "object"
