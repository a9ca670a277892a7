"""Attention over time: which seconds of a film a word looks at, and when it was.

From top to bottom, on one axis of seconds: frames of the film, and the part of each word's
attention that every frame gets, over the moment that was said and the one that is true. A token
that speaks for several frames is shared out over them, as its provenance says.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from vtk_notebooks.clip import Clip
from vtk_notebooks.figures import legend, seconds, style
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.palette import PREDICTION, SALIENCY, TRUTH, Look, look, paler
from vtk_notebooks.figures.plain import names_of
from vtk_notebooks.models.attention.where import WordsToVideo
from vtk_notebooks.moment import Moment

CURVE_MM, FRAME_MM = 22.0, 12.0
FIRST = Look(SALIENCY, "", "-")
TRUE: seconds.Drawn = MappingProxyType({"facecolor": paler(TRUTH, 0.25), "edgecolor": TRUTH})
SAID: seconds.Drawn = MappingProxyType(
    {"facecolor": "none", "edgecolor": paler(PREDICTION, 0.6), "hatch": "//////"}
)


@redrawable
def attention_over_time(
    looks: WordsToVideo,
    clip: Clip,
    truth: Sequence[Moment] = (),
    said: Sequence[Moment] = (),
    *,
    labels: Sequence[str] = (),
    frames: int | None = None,
    width_mm: float = style.VENUES["cvpr"].text_mm,
) -> style.PaperFigure:
    """One curve for each word that looks, true moments in pale, said ones hatched.

    Args:
        looks: of `words_to_video`.
        clip: the film, at the times that `looks` has.
        truth: the true moments, in seconds of the clip.
        said: moments as the model said them, likewise.
        labels: of the curves; the words themselves unless said.
        frames: how many pictures above, 0 for none; left out, as many as fit.
        width_mm: of the whole figure; `VENUES` has the usual ones.
    """
    names = names_of("attention_over_time", looks.words, labels, 40)
    room_mm = seconds.room_mm(width_mm)
    count = max(1, int(room_mm / FRAME_MM)) if frames is None else max(0, frames)
    entries = _entries(names, bool(truth), bool(said))
    picture_mm = seconds.strip_mm(clip, width_mm, count) + seconds.GAP_MM if count else 0.0
    foot_mm = legend.height_mm(list(entries), room_mm)
    total_mm = seconds.EDGE_MM + picture_mm + CURVE_MM + seconds.GAP_MM + seconds.AXIS_MM + foot_mm
    page = seconds.Page(style.figure(width_mm, total_mm), clip, ())
    with style.paper_style():
        if count:
            page.strip(count)
        _draw(page.row(CURVE_MM), looks, clip, truth, said)
        page.axis()
        legend.draw(page.fig, entries, seconds.LEFT_MM, room_mm)
    return page.fig


def _draw(
    ax: Axes, looks: WordsToVideo, clip: Clip, truth: Sequence[Moment], said: Sequence[Moment]
) -> None:
    """Moments behind, curves in front."""
    for moments, drawn, order in ((truth, TRUE, -2), (said, SAID, -1)):
        for moment in moments:
            ax.axvspan(moment.start_s, moment.end_s, linewidth=0.5, zorder=order, **drawn)
    edges_s = np.append(looks.times_s.cpu().double().numpy(), clip.duration_s)
    percent = 100 * looks.frames.detach().cpu().double().numpy()
    for number, values in enumerate(percent):
        ax.stairs(values, edges_s, baseline=None, **_drawn(_look(number)))
    ax.set(ylim=(0, 1.08 * float(percent.max()) or 1.0), ylabel="Attention\n(% a frame)")
    ax.locator_params(axis="y", nbins=4)


def _look(number: int) -> Look:
    """Blue, then black in dashes: what is furthest from the colours of the moments comes first."""
    return look(number + 2) if number else FIRST


def _drawn(one: Look) -> seconds.Drawn:
    return {"color": one.colour, "linestyle": one.dashes, "linewidth": 1.1}


def _entries(names: Sequence[str], truth: bool, said: bool) -> dict[str, Any]:
    """What the legend explains: only what can be seen."""
    looks = [_look(number) for number in range(len(names))]
    entries: dict[str, Any] = {
        name: Line2D([], [], **_drawn(one)) for name, one in zip(names, looks, strict=True)
    }
    entries |= {"true moment": Patch(**TRUE)} if truth else {}
    return entries | ({"said moment": Patch(**SAID)} if said else {})
