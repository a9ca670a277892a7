"""Fields: the members of a JSON record, tied to the attributes of a `Sample`.

What a field cannot hold exactly stays in `extra` as it was written, wrong or only unusual; it is
written back as long as it still says the same as the attribute does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vtk_notebooks.data.json.kinds import Kind
from vtk_notebooks.data.json.values import Wrong
from vtk_notebooks.data.problem import AnnotationError, Report, shown
from vtk_notebooks.data.record import Sample

NOTHING: tuple[Any, ...] = (None, (), "")
"""What an attribute is that says nothing."""

ATTRIBUTES = frozenset(
    {"duration_s", "text", "asked_s", "spans", "saliency", "captions", "chapters", "choices"}
    | {"answer", "response"}
)
"""Attributes that say something about a film; the others say where a sample lay."""


@dataclass(frozen=True)
class Field:
    """One attribute, and the key (or keys) a file gives it under."""

    keys: str | tuple[str, ...]
    attribute: str
    kind: Kind
    required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All keys."""
        return (self.keys,) if isinstance(self.keys, str) else self.keys

    def take(self, raw: Mapping[str, Any]) -> Any:
        """The attribute's value; raises `Wrong`."""
        return self.kind.read(*(raw.get(key) for key in self.names))

    def give(self, value: Any) -> dict[str, Any]:
        """Members of a record that say this value."""
        written = self.kind.write(value)
        return (
            {self.keys: written}
            if isinstance(self.keys, str)
            else dict(zip(self.keys, written, strict=True))
        )


def read_fields(
    raw: Mapping[str, Any], fields: Iterable[Field], report: Report
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Attributes of a sample, and what is left of the record."""
    attributes: dict[str, Any] = {}
    extra = dict(raw)
    for field in fields:
        given = {key: raw[key] for key in field.names if raw.get(key) is not None}
        if not given:
            if field.required:
                report.add("missing field", field.names[0], "a value", "none")
            continue
        try:
            value = field.take(raw)
        except Wrong as wrong:
            where = "/".join(field.names) if wrong.which is None else field.names[wrong.which]
            report.add(wrong.kind, where + wrong.path, wrong.expected, wrong.got, wrong.hint)
            continue
        if value == "" and field.required and field.attribute in ("id", "film", "text"):
            report.add("missing field", field.names[0], "a value", "''")
        attributes[field.attribute] = value
        if field.kind.lossless or repr(field.give(value)) == repr(given):  # order counts
            for key in given:
                extra.pop(key)
    return attributes, extra


def write_fields(
    sample: Sample, fields: Sequence[Field], extra: Mapping[str, Any], keys: Iterable[str]
) -> dict[str, Any]:
    """The record of a sample: its members in the order of `keys`, then what is new."""
    keys = dict.fromkeys(keys)
    members: dict[str, Any] = {}
    for field in fields:
        value = getattr(sample, field.attribute)
        was_read = any(key in keys and key not in extra for key in field.names)
        if value is None or (value in NOTHING and not was_read):
            continue
        if keys and not was_read and _from_around(sample, field):
            continue
        if not _as_written(field, extra, value):
            members.update(_given(field, value, sample))
    order = dict.fromkeys((*keys, *(key for f in fields for key in f.names), *extra))
    record = {**extra, **members}
    return {key: record[key] for key in order if key in record}


def _from_around(sample: Sample, field: Field) -> bool:
    """The record never said it: its id is its number, or id and film are its key in the file."""
    return field.attribute == "id" or (field.attribute == "film" and sample.film == sample.id)


def _as_written(field: Field, extra: Mapping[str, Any], value: Any) -> bool:
    if not any(key in extra for key in field.names):
        return False
    try:
        return field.take(extra) == value
    except Wrong:
        return False


def _given(field: Field, value: Any, sample: Sample) -> dict[str, Any]:
    try:
        return field.give(value)
    except (IndexError, ValueError, TypeError):
        where = f"sample {sample.id!r}, {field.attribute}"
        expected, hint = f"what {field.names[0]!r} can hold", "Choose a format with a place for it."
        raise AnnotationError(where, expected, shown(value), hint) from None
