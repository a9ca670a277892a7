"""Candidate map: how well every stretch of a film answers, for heads that score all of them.

A stretch is a point: when it starts to the right, when it ends upwards. Nothing lies below the
diagonal, where an end would come before its start; short stretches lie along it, the whole film in
the upper left corner.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from vtk_notebooks.blocks.grounding.batch import Grounding
from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import legend, style
from vtk_notebooks.figures.drawing import redrawable_from
from vtk_notebooks.figures.palette import FAINT, PREDICTION, SALIENCY, TRUTH, paler, shades
from vtk_notebooks.figures.slim import table_of, times_of
from vtk_notebooks.moment import Moment
from vtk_notebooks.tokens import Tokens

EDGE_MM, LEFT_MM, TOP_MM, AXIS_MM = 0.4, 10.0, 1.5, 8.0
BAR_MM, GAP_MM, NUMBERS_MM = 2.5, 3.0, 10.0
_RING: Mapping[str, Any] = {"linestyle": "none", "markerfacecolor": "none", "markeredgewidth": 1.2}
TRUE: Mapping[str, Any] = MappingProxyType(
    {**_RING, "marker": "s", "markersize": 7, "markeredgecolor": TRUTH}
)
SAID: Mapping[str, Any] = MappingProxyType(
    {**_RING, "marker": "X", "markersize": 6, "markeredgecolor": PREDICTION}
)


@redrawable_from(out=table_of("map", proposals=False), tokens=times_of)
def candidate_map(
    out: Grounding,
    tokens: Tokens,
    truth: Sequence[Moment] = (),
    said: Sequence[Moment] = (),
    *,
    width_mm: float = style.VENUES["cvpr"].column_mm,
) -> style.PaperFigure:
    """Scores of all stretches: `candidate_map(head.grounding(x, query), x)`.

    Args:
        out: of one film, with aux "map" (1 p p), first part by last part.
        tokens: of that film; their seconds are both axes.
        truth: the true moments, in seconds.
        said: the head's answers, likewise.
        width_mm: of the whole figure; `VENUES` has the usual ones.
    """
    table = out.aux.get("map")
    if table is None or len(table) != 1:
        got = "none" if table is None else f"maps of {len(table)} films"
        hint = "Heads that score all stretches have one: `MomentMap(...).grounding(tokens, query)`."
        raise VtkError("candidate_map", "the map of one film", got, hint)
    side_mm = width_mm - LEFT_MM - GAP_MM - BAR_MM - NUMBERS_MM
    entries: dict[str, Any] = {}
    foot_mm = legend.height_mm(_names(bool(truth), bool(said)), width_mm - EDGE_MM)
    fig = style.figure(width_mm, TOP_MM + side_mm + AXIS_MM + foot_mm)
    last_s = tokens.ends_s()[-1].item()
    score = table[0].detach().cpu().double().numpy()
    score = np.where(np.triu(np.ones(score.shape, bool)), score, np.nan)
    with style.paper_style():
        ax = style.panel(fig, LEFT_MM, TOP_MM, side_mm, side_mm)
        ax.set_facecolor(paler(FAINT, 0.3))  # what is no stretch is not the worst one
        part_s = last_s / len(score)
        starts_s = (np.arange(len(score) + 1) - 0.5) * part_s  # a cell lies around its stretch
        ends_s = starts_s + part_s
        seen = ax.pcolormesh(starts_s, ends_s, score.T, cmap=shades(SALIENCY), rasterized=True)
        for name, moments, drawn in (("true moment", truth, TRUE), ("answer", said, SAID)):
            if moments:
                entries[name] = _marks(ax, moments, drawn)
        ax.set(xlabel="Start (s)", ylabel="End (s)", xlim=_ends(starts_s), ylim=_ends(ends_s))
        cax = style.panel(fig, LEFT_MM + side_mm + GAP_MM, TOP_MM, BAR_MM, side_mm)
        fig.colorbar(seen, cax=cax).set_label("Score")
        cax.spines["outline"].set_linewidth(0.3)
        legend.draw(fig, entries, EDGE_MM, width_mm - EDGE_MM)
    return fig


def _marks(ax: Axes, moments: Sequence[Moment], drawn: Mapping[str, Any]) -> object:
    """Each moment as a point."""
    starts_s, ends_s = [m.start_s for m in moments], [m.end_s for m in moments]
    (line,) = ax.plot(starts_s, ends_s, clip_on=False, zorder=5, **drawn)
    return line


def _names(truth: bool, said: bool) -> list[str]:
    return ["true moment"] * truth + ["answer"] * said


def _ends(edges_s: Float[np.ndarray, "e"]) -> tuple[float, float]:
    return float(edges_s[0]), float(edges_s[-1])
