"""QVHighlights: one JSON object a line, a query with its moments and the saliency of their clips.

After "QVHighlights: Detecting Moments and Highlights in Videos via Natural Language Queries" (Lei
et al., 2021, arXiv:2107.09609). Files of predictions (`pred_relevant_windows`,
`pred_saliency_scores`) are read too, also as one JSON list; their windows keep their order.
"""

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.flat import FlatJson
from vtk_notebooks.data.json.highlights import PREDICTIONS, TRUTH

_JSON = FlatJson((PREDICTIONS, TRUTH), shape="lines")

FORMAT = Format(
    name="qvhighlights",
    title="QVHighlights",
    paper="QVHighlights: Detecting Moments and Highlights in Videos via Natural Language Queries",
    year=2021,
    arxiv="2107.09609",
    licence="CC BY-NC-SA 4.0",
    extensions=(".jsonl", ".json"),
    load=_JSON.load,
    dump=_JSON.dump,
    fields=_JSON.fields,
)
