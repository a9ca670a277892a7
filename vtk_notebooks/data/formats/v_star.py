"""V-STaR: a JSON list of questions of what, when and where, each with its stretch and boxes.

After "V-STaR: Benchmarking Video-LLMs on Video Spatio-Temporal Reasoning" (Cheng et al., 2025,
arXiv:2503.11495). `text` is the question of what; those of when and where, the boxes and a model's
answers to them stay in `extra`. The duration follows from frames and frame rate, as in its own
prompts. The file itself was not at hand: the members are those that its documentation lists.
"""

from collections.abc import Mapping
from typing import Any

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.flat import FlatJson
from vtk_notebooks.data.json.kinds import ONE_SPAN, TEXT
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.json.values import Wrong, number
from vtk_notebooks.data.layout import Layout


def _duration(raw: Mapping[str, Any]) -> dict[str, Any]:
    try:
        frames, fps = number(raw.get("frame_count")), number(raw.get("fps"))
    except Wrong:
        return {}
    return {"duration_s": frames / fps} if fps > 0 else {}


_SCHEMA = Schema(
    (
        Field("vid", "film", TEXT, required=True),
        Field("question", "text", TEXT, required=True),
        Field("answer", "answer", TEXT, required=True),
        Field("timestamps", "spans", ONE_SPAN, required=True),
        Field("answer_vqa", "response", TEXT),
    ),
    known=frozenset(
        {
            "domain",
            "fps",
            "width",
            "height",
            "frame_count",
            "chain",
            "object",
            "temporal_question",
            "spatial_question",
            "spatial_question_2",
            "bboxes",
            "answer_temporal",
            "answer_temporal_2",
            "answer_temporal_pre",
            "answer_temporal_pre_2",
            "answer_spatial",
            "answer_spatial_2",
            "answer_spatial_pre",
            "answer_spatial_pre_2",
        }
    ),
    derive=_duration,
    derives=frozenset({"duration_s"}),
)
_JSON = FlatJson((_SCHEMA,))

FORMAT = Format(
    name="v_star",
    title="V-STaR",
    paper="V-STaR: Benchmarking Video-LLMs on Video Spatio-Temporal Reasoning",
    year=2025,
    arxiv="2503.11495",
    licence="none stated in its repository",
    extensions=(".json",),
    load=_JSON.load,
    dump=_JSON.dump,
    fields=_JSON.fields,
    holds=_JSON.derives,
    identity=lambda sample: (sample.film, sample.text),
    layout=Layout(container="list", indent=4),
)
