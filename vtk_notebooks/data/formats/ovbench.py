"""OVBench: a JSON list of questions about a film up to a certain second.

After "Online Video Understanding: OVBench and VideoChat-Online" (Huang et al., 2025,
arXiv:2501.00584). The stretch that was seen runs from `start` to `end`, and the question is put at
its end. `middle_frame_timestamp` is the same time, except in the AVA file, where it counts from
the start of the movie; it stays in `extra`.
"""

from collections.abc import Mapping
from typing import Any

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.flat import FlatJson
from vtk_notebooks.data.json.kinds import START_END, TEXT, TEXTS
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.json.values import Wrong, number
from vtk_notebooks.data.layout import Layout


def _asked(raw: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {"asked_s": number(raw.get("end"))}
    except Wrong:
        return {}


_SCHEMA = Schema(
    (
        Field("question", "text", TEXT, required=True),
        Field("answer", "answer", TEXT, required=True),
        Field("video", "film", TEXT, required=True),
        Field("candidates", "choices", TEXTS, required=True),
        Field(("start", "end"), "spans", START_END, required=True),
    ),
    known=frozenset(
        {"middle_frame_timestamp", "sub_answer_type", "answer_type", "fps", "image_file"}
    ),
    derive=_asked,
    derives=frozenset({"asked_s"}),
)
_JSON = FlatJson((_SCHEMA,))

FORMAT = Format(
    name="ovbench",
    title="OVBench",
    paper="Online Video Understanding: OVBench and VideoChat-Online",
    year=2025,
    arxiv="2501.00584",
    licence="MIT",
    extensions=(".json",),
    load=_JSON.load,
    dump=_JSON.dump,
    fields=_JSON.fields,
    holds=_JSON.derives,
    identity=lambda sample: (sample.film, sample.text, sample.asked_s),
    layout=Layout(container="list", indent=4),
)
