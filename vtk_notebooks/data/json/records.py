"""Records that are objects, whatever file they come from; the others are reported."""

from collections.abc import Iterable, Iterator
from typing import Any

from vtk_notebooks.data.json.record import BARE, Record
from vtk_notebooks.data.problem import shown
from vtk_notebooks.data.source import Source, unlike_text


def objects(
    source: Source, records: Iterable[Record], *, bare: bool = False
) -> Iterator[tuple[Record, dict[str, Any]]]:
    """The records that are JSON objects (or lists, if bare); others are reported and left out."""
    report = source.report
    for record in records:
        report.at(record.line, record.key)
        for key in record.repeated:
            expected, hint = "each key once in an object", "The last value counts."
            report.add("repeated field", key, expected, "it again", hint)
        for where, odd in odd_unicode(record.value) if record.suspect else ():
            report.add("bad unicode", where, "proper Unicode", odd)
        if isinstance(record.value, dict) and record.value:
            yield record, record.value
        elif bare and isinstance(record.value, list):
            yield record, {BARE: record.value}
        else:
            expected, hint = "a JSON object with members", "The record is left out."
            report.add("bad line", "", expected, shown(record.value), hint)


def odd_unicode(value: Any) -> Iterator[tuple[str, str]]:
    """Every text in a JSON value that is no proper Unicode: where it is and what is odd."""
    rest = [("", value)]
    while rest:  # no recursion: a file nests as deep as it likes
        field, value = rest.pop()
        if isinstance(value, str):
            odd = unlike_text(value)
            if odd:
                yield field, odd
        elif isinstance(value, dict):
            rest += [(f"{field} key", key) for key in reversed(value)]
            rest += [(f"{field}.{k}" if field else k, value[k]) for k in reversed(value)]
        elif isinstance(value, list):
            rest += [(f"{field}[{i}]", v) for i, v in reversed(list(enumerate(value)))]
