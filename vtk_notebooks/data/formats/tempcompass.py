"""TempCompass: one JSON object of films, their aspects of time, and a list of questions for each.

After "TempCompass: Do Video LLMs Really Understand Videos?" (Liu et al., 2024, arXiv:2403.00476).
One file per task (multi-choice, yes/no, caption matching, captioning); predictions and the ratings
of its judge have the same shape. Choices are read from the question; a sample's place is (film,
aspect, number).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.document import json_document, write_document
from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.kinds import TEXT
from vtk_notebooks.data.json.nested import neighbours
from vtk_notebooks.data.json.records import objects
from vtk_notebooks.data.json.schema import Schema, schema_for, schema_of
from vtk_notebooks.data.json.text import Members
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.problem import shown
from vtk_notebooks.data.record import Sample
from vtk_notebooks.data.source import Source
from vtk_notebooks.data.text.options import listed_options


def _options(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {"choices": listed_options(str(raw.get("question", "")))}


def _schema(answer: str, response: str, *known: str) -> Schema:
    fields = (
        Field("question", "text", TEXT, required=True),
        Field(answer, "answer", TEXT, required=True),
        Field(response, "response", TEXT),
    )
    return Schema(fields, frozenset(known), _options, frozenset({"choices"}), when=(answer,))


_SCHEMAS = (
    _schema("gt-answer", "video-llm-prediction", "match_success", "rating", "chatgpt-response"),
    _schema("answer", "prediction"),
)


def load(source: Source) -> Iterator[Sample]:
    """Samples of a file."""
    for record, aspects in objects(source, json_document(source)):
        for aspect, questions in aspects.items():
            source.report.at(record.line, f"{record.key}/{aspect}")
            if not isinstance(questions, list):
                expected, hint = "a list of questions", "It is left out."
                source.report.add("bad line", "", expected, shown(questions), hint)
                continue
            entries = [replace(record, value=question, repeated=()) for question in questions]
            for i, (_, raw) in enumerate(objects(source, entries)):
                place = (str(record.key), aspect, i)
                base = {"id": "/".join(map(str, place)), "film": place[0], "place": place}
                source.report.at(record.line, base["id"])
                yield schema_for(_SCHEMAS, raw).read(raw, base, source.report)


def dump(samples: Iterable[Sample], layout: Layout) -> Iterator[str]:
    """The text of a file."""
    placed = (s if len(s.place) == 3 else replace(s, place=(s.film, "", 0)) for s in samples)
    films = groupby(neighbours(placed), lambda group: group[0].place[0])
    items = ((film, Members(map(_aspect, groups))) for film, groups in films)
    return write_document(((str(film), aspects) for film, aspects in items), layout)


def _aspect(group: list[Sample]) -> tuple[str, list[dict[str, Any]]]:
    written = [schema_of(_SCHEMAS, sample).write(sample) for sample in group]
    return str(group[0].place[1]), written


FORMAT = Format(
    name="tempcompass",
    title="TempCompass",
    paper="TempCompass: Do Video LLMs Really Understand Videos?",
    year=2024,
    arxiv="2403.00476",
    licence="CC BY-NC 4.0",
    extensions=(".json",),
    load=load,
    dump=dump,
    fields=tuple(field for schema in _SCHEMAS for field in schema.fields),
    holds=frozenset({"choices"}),
    layout=Layout(container="object", indent=4),
)
