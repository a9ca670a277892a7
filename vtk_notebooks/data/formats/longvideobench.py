"""LongVideoBench: a JSON list of questions about long films with subtitles.

After "LongVideoBench: A Benchmark for Long-context Interleaved Video-Language Understanding" (Wu
et al., 2024, arXiv:2407.15754). `correct_choice` counts from 0 and is missing in the test split.
The files themselves were not at hand: the members are those that its loader and others read.
"""

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.flat import FlatJson
from vtk_notebooks.data.json.kinds import NAME, NUMBER, TEXT, TEXTS
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.layout import Layout

_SCHEMA = Schema(
    (
        Field("id", "id", NAME, required=True),
        Field("video_path", "film", TEXT, required=True),
        Field("question", "text", TEXT, required=True),
        Field("candidates", "choices", TEXTS, required=True),
        Field("correct_choice", "answer", NAME),
        Field("duration", "duration_s", NUMBER, required=True),
    ),
    known=frozenset(
        {
            "video_id",
            "question_wo_referring_query",
            "position",
            "topic_category",
            "question_category",
            "level",
            "subtitle_path",
            "duration_group",
            "starting_timestamp_for_subtitles",
            "view_count",
        }
    ),
)
_JSON = FlatJson((_SCHEMA,))

FORMAT = Format(
    name="longvideobench",
    title="LongVideoBench",
    paper="LongVideoBench: A Benchmark for Long-context Interleaved Video-Language Understanding",
    year=2024,
    arxiv="2407.15754",
    licence="CC BY-NC-SA 4.0",
    extensions=(".json",),
    load=_JSON.load,
    dump=_JSON.dump,
    fields=_JSON.fields,
    layout=Layout(container="list"),
)
