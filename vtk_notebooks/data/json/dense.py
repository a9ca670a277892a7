"""Dense captions: sentences with their stretches of film, in the shapes that files give them."""

from typing import Any

from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.kinds import CAPTIONS, NUMBER, Kind
from vtk_notebooks.data.json.record import BARE
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.json.values import each, mapped, span, span_values, text
from vtk_notebooks.data.record import Span

DURATION = Field("duration", "duration_s", NUMBER, required=True)
PARALLEL = Field(("timestamps", "sentences"), "captions", CAPTIONS, required=True)


def entries(times: str, words: str, number: str = "") -> Kind:
    """A list of objects, one per caption, with those members; `number` counts them."""

    def read(value: Any) -> Span:
        entry = mapped(value)
        at = span(entry.get(times))
        return Span(at.start_s, at.end_s, at.score, text(entry.get(words)))

    def write(i: int, caption: Span) -> dict[str, Any]:
        counted = {number: i} if number else {}
        return {times: span_values(caption), **counted, words: caption.text}

    return Kind(
        lambda value: each(value, read),
        lambda captions: [write(i, caption) for i, caption in enumerate(captions)],
        lossless=False,
    )


def bare(times: str, words: str) -> Schema:
    """Predictions: a film's record is only the list of its captions."""
    field = Field(BARE, "captions", entries(times, words), required=True)
    return Schema((field,), when=(BARE,))
