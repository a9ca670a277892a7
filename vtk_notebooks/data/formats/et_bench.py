"""E.T. Bench: a JSON list of samples of twelve tasks about events and their times.

After "E.T. Bench: Towards Open-Ended Event-Level Video-Language Understanding" (Liu et al., 2024,
arXiv:2409.18111). `tgt` holds the times to find (a pair, or a list of pairs), `g` the sentences of
dense captions, `o` and `p` the options and the number of the right one; `src`, in `extra`, the
times that the prompt mentions. The files themselves were not at hand: the members are those that
its documentation lists. Ids are "task/idx", which no two samples share.
"""

from collections.abc import Mapping
from typing import Any

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.flat import FlatJson
from vtk_notebooks.data.json.kinds import NAME, NUMBER, SPANS, TEXT, TEXTS, Kind
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.json.values import Wrong, each, span, text
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.record import Span


def _target(value: Any) -> tuple[Span, ...]:
    """A pair of seconds, or a list of pairs."""
    pair = isinstance(value, list) and value and not any(isinstance(v, list) for v in value)
    return (span(value),) if pair else each(value, span)


def _derive(raw: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if "task" in raw and "idx" in raw:
        out["id"] = f"{raw['task']}/{raw['idx']}"
    try:
        spans, words = _target(raw.get("tgt")), each(raw.get("g"), text)
    except Wrong:
        return out
    pairs = zip(spans, words, strict=False)
    captions = tuple(Span(s.start_s, s.end_s, None, w) for s, w in pairs)
    return {**out, "captions": captions} if len(spans) == len(words) else out


_SCHEMA = Schema(
    (
        Field("video", "film", TEXT, required=True),
        Field("duration", "duration_s", NUMBER, required=True),
        Field("tgt", "spans", Kind(_target, SPANS.write, lossless=False)),
        Field("p", "answer", NAME),
        Field("o", "choices", TEXTS),
        Field("q", "text", TEXT, required=True),
        Field("a", "response", TEXT),
    ),
    known=frozenset({"version", "idx", "task", "source", "src", "g"}),
    derive=_derive,
    derives=frozenset({"captions"}),
)
_JSON = FlatJson((_SCHEMA,))

FORMAT = Format(
    name="et_bench",
    title="E.T. Bench",
    paper="E.T. Bench: Towards Open-Ended Event-Level Video-Language Understanding",
    year=2024,
    arxiv="2409.18111",
    licence="CC BY-NC-SA 4.0",
    extensions=(".json",),
    load=_JSON.load,
    dump=_JSON.dump,
    fields=_JSON.fields,
    holds=_JSON.derives,
    layout=Layout(container="list"),
)
