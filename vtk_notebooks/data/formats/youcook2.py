"""YouCook2: one JSON object, `database`, of films with the steps of their recipes.

After "Towards Automatic Learning of Procedures from Web Instructional Videos" (Zhou et al., 2018,
arXiv:1703.09788). The copies that captioners pass around, with timestamps and sentences in two
lists as in ActivityNet Captions, are read too. The official file was not at hand: its members are
taken from code that reads it.
"""

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.dense import DURATION, PARALLEL, entries
from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.json.flat import FlatJson
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.layout import Layout

_STEPS = Field("annotations", "captions", entries("segment", "sentence", "id"), required=True)
_COPY = Schema((DURATION, PARALLEL), when=("timestamps",))
_OFFICIAL = Schema((DURATION, _STEPS), known=frozenset({"subset", "recipe_type", "video_url"}))
_JSON = FlatJson((_COPY, _OFFICIAL), wraps=("database",))

FORMAT = Format(
    name="youcook2",
    title="YouCook2",
    paper="Towards Automatic Learning of Procedures from Web Instructional Videos",
    year=2018,
    arxiv="1703.09788",
    licence="none stated with the annotations",
    extensions=(".json",),
    load=_JSON.load,
    dump=_JSON.dump,
    fields=_JSON.fields,
    layout=Layout(container="object", wrap="database", header={"database": None}),
)
