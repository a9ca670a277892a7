"""VNBench: needles in a video haystack, each question asked four times with its options moved.

After "Needle In A Video Haystack: A Scalable Synthetic Evaluator for Video MLLMs" (Zhao et al.,
2024, arXiv:2406.09367). Questions are a JSON list; results, as its scorer takes them, are JSON
Lines, whose options are read from the prompt. Ids are "film#try", which no two samples share.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.flat import FlatJson
from vtk_notebooks.data.json.kinds import TEXT, TEXTS
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.text.options import listed_options


def _id(raw: Mapping[str, Any], film: str) -> dict[str, Any]:
    if not isinstance(raw.get(film), str) or not isinstance(raw.get("try"), int):
        return {}
    return {"id": f"{PurePosixPath(raw[film]).stem}#{raw['try']}"}


def _result(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {**_id(raw, "video_path"), "choices": listed_options(str(raw.get("prompt", "")))}


_RESULT = Schema(
    (
        Field("video_path", "film", TEXT, required=True),
        Field("prompt", "text", TEXT, required=True),
        Field("pred", "response", TEXT, required=True),
        Field("gt", "answer", TEXT, required=True),
    ),
    known=frozenset({"task_type", "try", "model_id"}),
    derive=_result,
    derives=frozenset({"choices"}),
    when=("pred", "video_path"),
)
_QUESTION = Schema(
    (
        Field("video", "film", TEXT, required=True),
        Field("question", "text", TEXT, required=True),
        Field("options", "choices", TEXTS, required=True),
        Field("gt", "answer", TEXT, required=True),
    ),
    known=frozenset({"type", "try", "needle_time", "length", "gt_option"}),
    derive=lambda raw: _id(raw, "video"),
)
_JSON = FlatJson((_RESULT, _QUESTION), shape="lines")

FORMAT = Format(
    name="vnbench",
    title="VNBench",
    paper="Needle In A Video Haystack: A Scalable Synthetic Evaluator for Video MLLMs",
    year=2024,
    arxiv="2406.09367",
    licence="academic research only",
    extensions=(".json", ".jsonl"),
    load=_JSON.load,
    dump=_JSON.dump,
    fields=_JSON.fields,
    holds=_JSON.derives,
    layout=Layout(container="list"),
)
