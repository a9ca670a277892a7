"""VidChapters: one JSON object of films, each with its chapters.

After "VidChapters-7M: Video Chapters at Scale" (Yang et al., 2023, arXiv:2309.13952). Two shapes
are read: chapters as their starts and titles (`time`, `label`), as they are mined, and as
stretches (`timestamps`, `sentences`), as its dense-captioning files give them; those become
captions. See `chapter_list` for the descriptions they are mined from.
"""

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.dense import DURATION, PARALLEL
from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.flat import FlatJson
from vtk_notebooks.data.json.kinds import CHAPTERS, NUMBER
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.layout import Layout

_KNOWN = frozenset({"path", "title", "description"})
_STRETCHES = Schema((DURATION, PARALLEL), _KNOWN, when=("timestamps",))
_STARTS = Schema(
    (Field("duration", "duration_s", NUMBER), Field("chapters", "chapters", CHAPTERS, True)), _KNOWN
)
_JSON = FlatJson((_STRETCHES, _STARTS))

FORMAT = Format(
    name="vidchapters",
    title="VidChapters",
    paper="VidChapters-7M: Video Chapters at Scale",
    year=2023,
    arxiv="2309.13952",
    licence="MIT; the chapters are their uploaders'",
    extensions=(".json",),
    load=_JSON.load,
    dump=_JSON.dump,
    fields=_JSON.fields,
    layout=Layout(container="object"),
)
