"""TimeChat and VTG instructions: a JSON list of films with questions and answers in prose.

After "TimeChat: A Time-sensitive Multimodal Large Language Model for Long Video Understanding"
(Ren et al., 2023, arXiv:2312.02051), whose TimeIT data VTG-LLM (Guo et al., 2024,
arXiv:2405.13382) writes the same way. Times in an answer, "21.0 - 22.0 seconds, begin to run up.",
are read as captions where text follows them, else as spans; what is written is the answer.
"""

import re
from collections.abc import Mapping
from typing import Any

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.kinds import TEXT
from vtk_notebooks.data.json.nested import NestedJson
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.record import Span
from vtk_notebooks.data.text.decimal import parse_decimal

_TIMES = re.compile(r"(-?\d+(?:\.\d+)?) - (-?\d+(?:\.\d+)?) seconds(?:, )?", re.ASCII)


def timed(answer: str) -> tuple[Span, ...]:
    """Every stretch that an answer names, with the words that follow it."""
    found = list(_TIMES.finditer(answer))
    ends = [*(m.start() for m in found), len(answer)][1:]
    spans = []
    for times, end in zip(found, ends, strict=True):
        a, b = parse_decimal(times.group(1)), parse_decimal(times.group(2))
        words = answer[times.end() : end].strip() if times.group().endswith(", ") else ""
        if a is not None and b is not None:
            spans.append(Span(a, b, None, words))
    return tuple(spans)


def _derive(raw: Mapping[str, Any]) -> dict[str, Any]:
    spans = timed(raw["a"]) if isinstance(raw.get("a"), str) else ()
    return {"captions" if any(span.text for span in spans) else "spans": spans}


_JSON = NestedJson(
    Schema((Field("video", "film", TEXT, required=True),), known=frozenset({"source"})),
    (
        Schema(
            (
                Field("q", "text", TEXT, required=True),
                Field("a", "answer", TEXT, required=True),
            ),
            derive=_derive,
            derives=frozenset({"captions", "spans"}),
        ),
    ),
    inside="QA",
)

FORMAT = Format(
    name="timechat",
    title="TimeChat and VTG instructions",
    paper="TimeChat: A Time-sensitive Multimodal Large Language Model for Long Video Understanding",
    year=2023,
    arxiv="2312.02051",
    licence="CC BY 4.0",
    extensions=(".json",),
    load=_JSON.load,
    dump=_JSON.dump,
    fields=_JSON.fields,
    holds=_JSON.derives,
    layout=Layout(container="list"),
)
