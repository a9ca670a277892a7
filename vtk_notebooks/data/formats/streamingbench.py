"""StreamingBench: a JSON list of stretches of film, each with the questions put about it.

After "StreamingBench: Assessing the Gap for MLLMs to Achieve Streaming Video Understanding" (Lin
et al., 2024, arXiv:2411.03628). In the sequential file the records lie in lists, one per dialogue.
Proactive questions have no options; their `answer` is what to say, and `ground_truth_time_stamp`,
in `extra`, is when.
"""

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.kinds import CLOCK, CLOCK_SPAN, TEXT, TEXTS
from vtk_notebooks.data.json.nested import NestedJson
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.layout import Layout

_OUTER = Schema(
    (Field("time", "spans", CLOCK_SPAN), Field("video_path", "film", TEXT, required=True)),
    known=frozenset({"video_categories", "captions"}),
)
_ASKED = (
    Field("question", "text", TEXT, required=True),
    Field("time_stamp", "asked_s", CLOCK, required=True),
)
_PROACTIVE = Schema(
    (*_ASKED, Field("ground_truth_output", "answer", TEXT, required=True)),
    known=frozenset({"task_type", "required_ability", "ground_truth_time_stamp"}),
    when=("ground_truth_output", "ground_truth_time_stamp"),
)
_CHOICE = Schema(
    (
        *_ASKED,
        Field("answer", "answer", TEXT, required=True),
        Field("options", "choices", TEXTS, required=True),
    ),
    known=frozenset({"task_type", "required_ability", "cause", "effect"}),
)
_JSON = NestedJson(_OUTER, (_PROACTIVE, _CHOICE), inside="questions")

FORMAT = Format(
    name="streamingbench",
    title="StreamingBench",
    paper="StreamingBench: Assessing the Gap for MLLMs to Achieve Streaming Video Understanding",
    year=2024,
    arxiv="2411.03628",
    licence="MIT",
    extensions=(".json",),
    load=_JSON.load,
    dump=_JSON.dump,
    fields=_JSON.fields,
    identity=lambda sample: (sample.film, sample.text, sample.asked_s, sample.choices),
    layout=Layout(container="list", indent=4),
)
