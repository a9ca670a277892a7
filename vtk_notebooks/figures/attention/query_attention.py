"""Query attention: which clips each query of a set-prediction head looks at, and what it proposes.

One row for each query, the surest on top: the darker a clip, the more of the query's attention it
gets. The stretch that the query proposes lies on its row as a bar, its score stands at the end, and
true moments run through all rows.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from vtk_notebooks.blocks.grounding.batch import Grounding
from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import legend, style
from vtk_notebooks.figures.drawing import redrawable_from
from vtk_notebooks.figures.palette import PREDICTION, SALIENCY, TRUTH, paler, shades
from vtk_notebooks.figures.slim import table_of, times_of
from vtk_notebooks.moment import Moment
from vtk_notebooks.tokens import Tokens

EDGE_MM, LEFT_MM, RIGHT_MM, TOP_MM, AXIS_MM, ROW_MM = 0.4, 10.0, 9.0, 4.2, 7.5, 4.2
TRUE: Mapping[str, Any] = MappingProxyType(
    {"color": TRUTH, "linewidth": 1.1, "linestyle": (0, (3, 1.5))}
)
SAID: Mapping[str, Any] = MappingProxyType(
    {"facecolor": "none", "edgecolor": PREDICTION, "hatch": "//////"}
)


@redrawable_from(out=table_of("attention", proposals=True), tokens=times_of)
def query_attention(
    out: Grounding,
    tokens: Tokens,
    truth: Sequence[Moment] = (),
    *,
    most: int = 10,
    width_mm: float = style.VENUES["cvpr"].column_mm,
) -> style.PaperFigure:
    """Attention of each query over the film: `query_attention(head.grounding(x, query), x)`.

    Args:
        out: of one film, with aux "attention" (1 n t).
        tokens: of that film; their times are the axis.
        truth: the true moments, in seconds.
        most: queries to draw, by their scores.
        width_mm: of the whole figure; `VENUES` has the usual ones.
    """
    look = out.aux.get("attention")
    frames = len(tokens.times_s)
    if look is None or len(look) != 1 or look.shape[2] != frames or most < 1:
        got = "none" if look is None else f"{tuple(look.shape)} for {frames} frames"
        hint = "Heads with a set of queries have it: `SpanQueries(...).grounding(tokens, query)`."
        raise VtkError("query_attention", "the attention of queries over one film", got, hint)
    order = out.scores[0].argsort(descending=True, stable=True)[:most]
    room_mm = width_mm - LEFT_MM - RIGHT_MM
    entries = _entries(bool(truth))
    foot_mm = legend.height_mm(list(entries), width_mm - EDGE_MM)
    tall_mm = ROW_MM * len(order)
    fig = style.figure(width_mm, TOP_MM + tall_mm + AXIS_MM + foot_mm)
    edges_s = np.append(tokens.times_s.cpu().numpy(), tokens.ends_s()[-1].item()).astype(float)
    with style.paper_style():
        ax = style.panel(fig, LEFT_MM, TOP_MM, room_mm, tall_mm)
        percent = 100 * look[0, order].detach().cpu().double().numpy()
        rows = np.arange(len(order) + 1) - 0.5
        ax.pcolormesh(edges_s, rows, percent, cmap=shades(SALIENCY), vmin=0, rasterized=True)
        spans_s = (out.spans[0, order].detach().cpu().clamp(0, 1) * edges_s[-1]).tolist()
        _draw_spans(ax, spans_s, out.scores[0, order].tolist(), edges_s[-1])
        for moment in truth:
            for end_s in (moment.start_s, moment.end_s):
                ax.axvline(end_s, **TRUE, clip_on=False)
        ax.set(xlabel="Time (s)", ylabel="Query", xlim=(0, edges_s[-1]), ylim=(rows[-1], rows[0]))
        ax.set_yticks(range(len(order)), [str(n) for n in order.tolist()])
        ax.tick_params(axis="y", length=0)
        legend.draw(fig, entries, EDGE_MM, width_mm - EDGE_MM)
    return fig


def _draw_spans(
    ax: Axes, spans_s: Sequence[Sequence[float]], scores: Sequence[float], last_s: float
) -> None:
    """What each query proposes, and how sure it is."""
    for row, ((start_s, end_s), score) in enumerate(zip(spans_s, scores, strict=True)):
        ax.broken_barh([(start_s, end_s - start_s)], (row - 0.22, 0.44), linewidth=0.8, **SAID)
        ax.annotate(
            f"{score:.2f}",
            (last_s, row),
            (2, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.SMALL_PT,
            annotation_clip=False,
        )
    ax.annotate(
        "Score",
        (last_s, -0.5),
        (2, 2.5),
        textcoords="offset points",
        fontsize=style.SMALL_PT,
        annotation_clip=False,
    )


def _entries(truth: bool) -> dict[str, Any]:
    """What the legend explains: only what can be seen."""
    entries: dict[str, Any] = {
        "attention": Patch(facecolor=paler(SALIENCY, 0.6), edgecolor="none"),
        "proposed": Patch(**SAID),
    }
    return entries | ({"true moment": Line2D([], [], **TRUE)} if truth else {})
