"""Video-MME: a JSON list of films with their questions, or of questions as a table has them.

After "Video-MME: The First-Ever Comprehensive Evaluation Benchmark of Multi-modal LLMs in Video
Analysis" (Fu et al., 2024, arXiv:2405.21075). The `duration` of its tables is a class (short,
medium, long), not seconds; it stays in `extra`.
"""

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.kinds import NAME, TEXT, TEXTS
from vtk_notebooks.data.json.nested import NestedJson
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.layout import Layout

_CLASSES = frozenset({"domain", "duration", "duration_category", "missing", "sub_category", "url"})
_OUTER = Schema(
    (Field("video_id", "film", TEXT, required=True),),
    known=_CLASSES | {"video_category", "video_subcategory", "videoID"},
)


def _question(choices: str, *more: Field) -> tuple[Field, ...]:
    return (
        Field("question_id", "id", NAME, required=True),
        *more,
        Field("question", "text", TEXT, required=True),
        Field(choices, "choices", TEXTS, required=True),
        Field("answer", "answer", TEXT, required=True),
        Field("response", "response", TEXT),
    )


_KNOWN = frozenset({"task_type"})
_TABLE = Schema(
    _question("options", Field("videoID", "film", TEXT, required=True)),
    known=_CLASSES | _KNOWN | {"video_id", "language", "Subtitle"},
)
_JSON = NestedJson(
    _OUTER,
    (Schema(_question("options"), _KNOWN, when=("options",)), Schema(_question("choices"), _KNOWN)),
    inside="questions",
    flat=_TABLE,
)

FORMAT = Format(
    name="video_mme",
    title="Video-MME",
    paper="Video-MME: The First-Ever Comprehensive Evaluation Benchmark of Multi-modal LLMs in "
    "Video Analysis",
    year=2024,
    arxiv="2405.21075",
    licence="academic research only, no redistribution",
    extensions=(".json",),
    load=_JSON.load,
    dump=_JSON.dump,
    fields=_JSON.fields,
    layout=Layout(container="list", indent=4),
)
