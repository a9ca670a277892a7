"""ActivityNet Captions: one JSON object of films, each with timestamps and sentences.

After "Dense-Captioning Events in Videos" (Krishna et al., 2017, arXiv:1705.00754). Files of
predictions (`results`: a list of sentences with timestamps per film) are read too.
"""

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.dense import DURATION, PARALLEL, bare
from vtk_notebooks.data.json.flat import FlatJson
from vtk_notebooks.data.json.schema import Schema
from vtk_notebooks.data.layout import Layout

_TRUTH = Schema((DURATION, PARALLEL))
_JSON = FlatJson((bare("timestamp", "sentence"), _TRUTH), wraps=("results",), bare=True)

FORMAT = Format(
    name="activitynet_captions",
    title="ActivityNet Captions",
    paper="Dense-Captioning Events in Videos",
    year=2017,
    arxiv="1705.00754",
    licence="none stated with the annotations",
    extensions=(".json",),
    load=_JSON.load,
    dump=_JSON.dump,
    fields=_JSON.fields,
    layout=Layout(container="object"),
)
