"""TimeChat's evaluation files: queries or films under `annotations`, predictions by id or film.

After "TimeChat: A Time-sensitive Multimodal Large Language Model for Long Video Understanding"
(Ren et al., 2023, arXiv:2312.02051). Five shapes: a query with its `timestamp`; a film with its
`segments`, and the sentences between time tokens in `caption`; a prediction per query id; what the
model said, before times were read out of it, in `generated_cap`; a list of captions per film.
"""

import re
from collections.abc import Mapping
from typing import Any

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.dense import bare
from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.flat import FlatJson
from vtk_notebooks.data.json.kinds import NAME, NUMBER, ONE_SPAN, SPANS, TEXT
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.json.values import Wrong, each, span
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.record import Span

_TOKENS = re.compile(r"<time_token_\d+>\s*<time_token_\d+>\s*", re.ASCII)


def _sentences(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Segments with the sentences that stand between pairs of time tokens."""
    try:
        segments = each(raw.get("segments"), span)
    except Wrong:
        return {}
    words = [part.strip() for part in _TOKENS.split(str(raw.get("caption")))[1:]]
    if len(words) != len(segments):
        return {"spans": segments}
    pairs = zip(segments, words, strict=True)
    return {"captions": tuple(Span(s.start_s, s.end_s, None, text) for s, text in pairs)}


_FILM = (
    Field("image_id", "film", TEXT, required=True),
    Field("caption", "text", TEXT, required=True),
)
_ID = Field("id", "id", NAME, required=True)
_DENSE = Schema(
    (*_FILM, _ID, Field("duration", "duration_s", NUMBER)),
    known=frozenset({"seg_prompt", "asr_text", "segments", "seg_text", "pure_cap"}),
    derive=_sentences,
    derives=frozenset({"captions", "spans"}),
    when=("segments",),
)
_PREDICTED = Schema(
    (
        Field("timestamp", "spans", SPANS, required=True),
        Field("query", "text", TEXT, required=True),
        Field("vid", "film", TEXT, required=True),
    ),
    when=("vid",),
)
_SAID = Schema(
    (
        _ID,
        Field("vname", "film", TEXT, required=True),
        Field("query", "text", TEXT, required=True),
        Field("generated_cap", "response", TEXT, required=True),
    ),
    known=frozenset({"prompt"}),
    when=("generated_cap",),
)
_QUERY = Schema((*_FILM, Field("timestamp", "spans", ONE_SPAN, required=True), _ID))
_JSON = FlatJson(
    (bare("timestamp", "caption"), _DENSE, _PREDICTED, _SAID, _QUERY),
    wraps=("annotations",),
    bare=True,
)

FORMAT = Format(
    name="timechat_eval",
    title="TimeChat evaluation",
    paper="TimeChat: A Time-sensitive Multimodal Large Language Model for Long Video Understanding",
    year=2023,
    arxiv="2312.02051",
    licence="BSD-3-Clause",
    extensions=(".json",),
    load=_JSON.load,
    dump=_JSON.dump,
    fields=_JSON.fields,
    holds=_JSON.derives,
    layout=Layout(container="list", wrap="annotations", header={"annotations": None}, indent=4),
)
