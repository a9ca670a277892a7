"""JSON formats that nest several samples in one record: questions about one stretch of film."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from vtk_notebooks.data.json.document import json_document, write_document
from vtk_notebooks.data.json.fields import Field, read_fields, write_fields
from vtk_notebooks.data.json.record import Record
from vtk_notebooks.data.json.records import objects
from vtk_notebooks.data.json.schema import Schema, schema_for, schema_of
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.problem import shown
from vtk_notebooks.data.record import Sample
from vtk_notebooks.data.source import Source

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class NestedJson:
    """Records that list their samples; a record may itself lie in a list (a dialogue).

    Args:
        outer: what the samples of a record share.
        inner: of the samples; the last one is for those that come from no file.
        inside: the member that lists them.
        flat: of a record without that member, which is a sample itself.
    """

    outer: Schema
    inner: tuple[Schema, ...]
    inside: str
    flat: Schema | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields of a sample."""
        schemas = (*self.inner, self.outer, *([self.flat] if self.flat else []))
        return tuple(field for schema in schemas for field in schema.fields)

    @property
    def derives(self) -> frozenset[str]:
        """Attributes that follow from others."""
        return frozenset().union(*(schema.derives for schema in self.inner))

    def load(self, source: Source) -> Iterator[Sample]:
        """Samples of a file, called "record.question" where they have no id."""
        return numbered(self._samples(source))

    def dump(self, samples: Iterable[Sample], layout: Layout) -> Iterator[str]:
        """The text of a file."""
        items: list[Any] = []
        last: Place = ()
        for group in neighbours(samples):
            place = group[0].place[:-1]
            if len(place) > 1 and place[:1] == last[:1] and place > last:  # type: ignore[operator]
                items[-1].append(self._record(group))
            else:
                items.append([self._record(group)] if len(place) > 1 else self._record(group))
            last = place
        return write_document(enumerate(items), layout)

    def _samples(self, source: Source) -> Iterator[Sample]:
        for place, record, raw in self._records(source):
            if self.flat and self.inside not in raw:
                source.report.at(record.line, self.flat.called(raw, record.key))
                yield self.flat.read(raw, {"id": ""}, source.report)
            else:
                yield from self._inside(source, place, raw)

    def _records(self, source: Source) -> Iterator[tuple[Place, Record, Mapping[str, Any]]]:
        for number, record in enumerate(json_document(source)):
            if isinstance(record.value, list):
                parts = [replace(record, value=value) for value in record.value]
                for i, (part, raw) in enumerate(objects(source, parts)):
                    yield (number, i), part, raw
            else:
                for part, raw in objects(source, [record]):
                    yield (number,), part, raw

    def _inside(self, source: Source, place: Place, raw: Mapping[str, Any]) -> Iterator[Sample]:
        report, line = source.report, source.report.line
        self.outer.note_unknown((key for key in raw if key != self.inside), report)
        attributes, _ = read_fields(raw, self.outer.fields, report)
        base = {"id": "", **attributes, "shared": {**raw, self.inside: None}}
        entries = raw.get(self.inside)
        if not isinstance(entries, list) or not entries:
            hint = "The record is left out."
            report.add("bad line", self.inside, "a list of questions", shown(entries), hint)
            return
        for i, entry in enumerate(entries):
            report.at(line, ".".join(map(str, (*place, i))))
            if isinstance(entry, dict) and entry:
                schema = schema_for(self.inner, entry)
                yield schema.read(entry, {**base, "place": (*place, i)}, report)
            else:
                hint = "It is left out."
                report.add(
                    "bad line", self.inside, "a JSON object with members", shown(entry), hint
                )

    def _record(self, group: list[Sample]) -> dict[str, Any]:
        first = group[0]
        if self.flat and not first.place:
            return self.flat.write(first)
        outer = write_fields(first, self.outer.fields, first.shared, first.shared)
        inner = [schema_of(self.inner, sample).write(sample) for sample in group]
        return {**outer, self.inside: inner}


def neighbours(samples: Iterable[Sample]) -> Iterator[list[Sample]]:
    """Samples in groups that lay in one record; one without a place is a group of its own."""
    group: list[Sample] = []
    for sample in samples:
        if group and not _together(group[-1], sample):
            yield group
            group = []
        group.append(sample)
    if group:
        yield group


def numbered(samples: Iterable[Sample]) -> Iterator[Sample]:
    """Places counted without what was left out, and ids from them where there are none."""
    old: Place = ()
    new: Place = ()
    for count, sample in enumerate(samples):
        if sample.place:
            new, old = _after(new, old, sample.place), sample.place
        name = ".".join(map(str, new)) if sample.place else count
        place = new if sample.place else ()
        yield replace(sample, id=name if sample.id == "" else sample.id, place=place)


def _after(new: Place, old: Place, place: Place) -> Place:
    """The place after `new` that differs from it where `place` differs from `old`."""
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old, place, strict=False))))
    step = int(new[same]) + 1 if new else 0
    return (*new[:same], step, *(0,) * (len(place) - same - 1))


def _together(a: Sample, b: Sample) -> bool:
    """Both lay in one record: the same place, b after a, and all they share is the same."""
    if not a.place or len(a.place) != len(b.place) or a.place[:-1] != b.place[:-1]:
        return False
    return a.place[-1] < b.place[-1] and a.shared == b.shared  # type: ignore[operator]
