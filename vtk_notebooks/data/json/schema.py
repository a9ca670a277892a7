"""Schemas: which members a record has, and which of several shapes it is in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vtk_notebooks.data.json.fields import ATTRIBUTES, NOTHING, Field, read_fields, write_fields
from vtk_notebooks.data.problem import Report, shown
from vtk_notebooks.data.record import Sample

Derive = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""From a record: attributes that follow from it without a field of their own."""


@dataclass(frozen=True)
class Schema:
    """The members of a record.

    Args:
        fields: those that are attributes of a sample.
        known: others that belong to the format; what is in neither is reported.
        derive: what follows from them; never written back.
        derives: the attributes that do.
        when: this schema is meant where a record has one of these members; () fits all.
        suits: whether it is meant for a sample that comes from no file.
    """

    fields: tuple[Field, ...]
    known: frozenset[str] = frozenset()
    derive: Derive | None = None
    derives: frozenset[str] = frozenset()
    when: tuple[str, ...] = ()
    suits: Callable[[Sample], bool] = lambda sample: True

    def read(self, raw: Mapping[str, Any], base: Mapping[str, Any], report: Report) -> Sample:
        """A sample from its record; `base` are attributes that lie around it in the file."""
        self.note_unknown(raw, report)
        read, extra = read_fields(raw, self.fields, report)
        derived = self.derive(raw) if self.derive else {}
        return Sample(**{**base, **derived, **read}, extra=extra, keys=tuple(raw))

    def write(self, sample: Sample) -> dict[str, Any]:
        """The record of a sample."""
        return write_fields(sample, self.fields, sample.extra, sample.keys)

    @property
    def attributes(self) -> frozenset[str]:
        """Attributes of a sample that a record says."""
        return self.derives.union(field.attribute for field in self.fields)

    def unfit(self, sample: Sample) -> tuple[int, bool, int]:
        """How many attributes of a sample a record has no place for, and how many it lacks."""
        has = {
            name for name in self.attributes | ATTRIBUTES if getattr(sample, name) not in NOTHING
        }
        needs = {field.attribute for field in self.fields if field.required}
        return len(has - self.attributes), not self.suits(sample), len(needs - has)

    def note_unknown(self, raw: Iterable[str], report: Report) -> None:
        """Report members that the format does not have, each once in a file."""
        for key in raw:
            if key not in self._names:
                hint = "It is kept in `extra` and written back."
                report.once("unknown field", key, "fields of the format", shown(key), hint)

    @cached_property
    def _names(self) -> frozenset[str]:
        return self.known.union(*(field.names for field in self.fields))

    def called(self, raw: Mapping[str, Any], key: str | int) -> object:
        """What to call a record in a message: its id, else its key or number."""
        ids = (raw.get(f.names[0]) for f in self.fields if f.attribute == "id")
        return next((i for i in ids if isinstance(i, str | int)), key)


def schema_for(schemas: Sequence[Schema], keys: Iterable[str]) -> Schema:
    """The first schema that is meant for a record with these members; the last fits all."""
    keys = set(keys)
    return next((s for s in schemas if keys.intersection(s.when)), schemas[-1])


def schema_of(schemas: Sequence[Schema], sample: Sample) -> Schema:
    """The schema a sample was read with; for a new one that which fits best, the later first."""
    if sample.keys:
        return schema_for(schemas, sample.keys)
    return min(reversed(schemas), key=lambda schema: schema.unfit(sample))
