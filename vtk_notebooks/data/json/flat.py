"""JSON formats with one sample per record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from vtk_notebooks.data.json.document import json_document, write_document
from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.lines import json_lines, write_lines
from vtk_notebooks.data.json.record import BARE
from vtk_notebooks.data.json.records import objects
from vtk_notebooks.data.json.schema import Schema, schema_for, schema_of
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.record import Sample
from vtk_notebooks.data.source import Source


@dataclass(frozen=True)
class FlatJson:
    """Samples as records of their own.

    Args:
        schemas: of the records; the last one is for samples that come from no file.
        shape: JSON Lines, or one document.
        wraps: members of a document that may hold the records.
        keyed: attributes that the key gives, in a document that is one object.
        bare: a record may be a list; it is read as an object with the one member "".
    """

    schemas: tuple[Schema, ...]
    shape: Literal["lines", "document"] = "document"
    wraps: tuple[str, ...] = ()
    keyed: tuple[str, ...] = ("id", "film")
    bare: bool = False

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields of all schemas."""
        return tuple(field for schema in self.schemas for field in schema.fields)

    @property
    def derives(self) -> frozenset[str]:
        """Attributes that follow from others."""
        return frozenset().union(*(schema.derives for schema in self.schemas))

    def load(self, source: Source) -> Iterator[Sample]:
        """Samples of a file, numbered where they have neither id nor key."""
        lines = self.shape == "lines"
        records = json_lines(source) if lines else json_document(source, self.wraps)
        for number, (record, raw) in enumerate(objects(source, records, bare=self.bare)):
            schema, key = schema_for(self.schemas, raw), record.key
            source.report.at(record.line, schema.called(raw, key))
            base = dict.fromkeys(self.keyed, key) if isinstance(key, str) else {"id": number}
            yield schema.read(raw, base, source.report)

    def dump(self, samples: Iterable[Sample], layout: Layout) -> Iterator[str]:
        """The text of a file."""
        records = ((s.id, schema_of(self.schemas, s).write(s)) for s in samples)
        items = ((key, self._value(record)) for key, record in records)
        if layout.container == "lines":
            return write_lines((record for _, record in items), layout)
        return write_document(items, layout)

    def _value(self, record: dict[str, Any]) -> Any:
        bare = self.bare and len(record) == 1 and isinstance(record.get(BARE), list)
        return record[BARE] if bare else record
