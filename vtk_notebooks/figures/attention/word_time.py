"""Word-time map: which seconds of a film each word looks at, one row per word.

The darker, the more of the word's attention goes to that frame; what did not go to the film stands
at the end of the row. True moments are framed, said ones in dashes.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import legend, seconds, style
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.palette import PREDICTION, SALIENCY, TRUTH, shades
from vtk_notebooks.figures.plain import names_of
from vtk_notebooks.models.attention.where import WordsToVideo
from vtk_notebooks.moment import Moment

MOST_LETTERS, ROW_MM, FRAME_MM = 22, 3.4, 12.0
SCALE_MM, BAR_MM, ELSEWHERE_MM, EDGE_MM, HEAD_MM = 9.5, 2.0, 16.5, 0.4, 3.2
TRUE: seconds.Drawn = MappingProxyType({"facecolor": "none", "edgecolor": TRUTH, "linewidth": 1.4})
SAID: seconds.Drawn = MappingProxyType(
    {"facecolor": "none", "edgecolor": PREDICTION, "linestyle": (0, (3, 1.2)), "linewidth": 1.2}
)


@redrawable
def word_time(
    looks: WordsToVideo,
    clip: Clip,
    truth: Sequence[Moment] = (),
    said: Sequence[Moment] = (),
    *,
    words: Sequence[str] = (),
    frames: int | None = None,
    width_mm: float = style.VENUES["cvpr"].text_mm,
) -> style.PaperFigure:
    """Attention of words (rows) over seconds (columns), in percent of each word's attention.

    Args:
        looks: of `words_to_video`.
        clip: the film, at the times that `looks` has.
        truth: the true moments, in seconds of the clip.
        said: moments as the model said them, likewise.
        words: how the rows are called; the words themselves unless said.
        frames: how many pictures above, 0 for none; left out, as many as fit.
        width_mm: of the whole figure; `VENUES` has the usual ones.
    """
    names = names_of("word_time", looks.words, words, MOST_LETTERS)
    left_mm = EDGE_MM + 1.5 + max(map(style.length_mm, names))
    room_mm = width_mm - left_mm - ELSEWHERE_MM - SCALE_MM - BAR_MM
    if room_mm < 3 * FRAME_MM:
        raise VtkError("word_time", "room for its columns", f"{width_mm:g} mm", "Go wider.")
    count = max(1, int(room_mm / FRAME_MM)) if frames is None else max(0, frames)
    _, height, width, _ = clip.frames.shape
    strip_mm = room_mm / count * height / width + seconds.GAP_MM if count else 0.0
    entries = _entries(bool(truth), bool(said))
    foot_mm = legend.height_mm(list(entries), room_mm)
    top_mm, tall_mm = max(HEAD_MM, EDGE_MM + strip_mm), ROW_MM * len(names)
    fig = style.figure(width_mm, top_mm + tall_mm + seconds.AXIS_MM + foot_mm)
    with style.paper_style():
        seconds.pictures(fig, clip, count, (left_mm, EDGE_MM, room_mm))
        ax = style.panel(fig, left_mm, top_mm, room_mm, tall_mm)
        seen = _map(ax, looks, clip, names)
        _moments(ax, truth, said, len(names))
        _elsewhere(ax, looks)
        bar_mm = (left_mm + room_mm + ELSEWHERE_MM, EDGE_MM, BAR_MM, top_mm + tall_mm - EDGE_MM)
        style.scale(fig, seen, bar_mm, "Attention (% a frame)", "% a frame")
        legend.draw(fig, entries, left_mm, room_mm)
    return fig


def _map(ax: Axes, looks: WordsToVideo, clip: Clip, names: Sequence[str]) -> Any:
    """The cells; times run on until the film ends."""
    edges_s = np.append(looks.times_s.cpu().double().numpy(), clip.duration_s)
    percent = 100 * looks.frames.detach().cpu().double().numpy()
    rows = np.arange(len(names) + 1) - 0.5
    seen = ax.pcolormesh(edges_s, rows, percent, cmap=shades(SALIENCY), vmin=0, rasterized=True)
    ax.set(xlabel="Time (s)", xlim=(0, clip.duration_s), ylim=(rows[-1], rows[0]))
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0)
    for row in rows[1:-1]:
        ax.axhline(row, color="white", linewidth=0.6)
    return seen


def _moments(ax: Axes, truth: Sequence[Moment], said: Sequence[Moment], rows: int) -> None:
    """Frames around the stretch of time, over all rows."""
    for moments, drawn, order in ((said, SAID, 3), (truth, TRUE, 4)):
        for moment in moments:
            corner, size = (moment.start_s, -0.5), (moment.duration_s, rows)
            ax.add_patch(Rectangle(corner, *size, zorder=order, clip_on=False, **drawn))


def _elsewhere(ax: Axes, looks: WordsToVideo) -> None:
    """What did not go to the film, at the end of each row."""
    look = {"textcoords": "offset points", "fontsize": style.SMALL_PT, "annotation_clip": False}
    last_s = ax.get_xlim()[1]
    for row, part in enumerate(looks.elsewhere.detach().cpu().tolist()):
        end_mm = style.points(ELSEWHERE_MM - 4)
        ax.annotate(f"{part:.0%}", (last_s, row), (end_mm, 0), ha="right", va="center", **look)
    head = (style.points(ELSEWHERE_MM - 4), 2)
    ax.annotate("elsewhere", (last_s, -0.5), head, ha="right", va="bottom", **look)


def _entries(truth: bool, said: bool) -> dict[str, Any]:
    """What the legend explains: only what can be seen."""
    entries: dict[str, Any] = {"true moment": Patch(**TRUE)} if truth else {}
    return entries | ({"said moment": Patch(**SAID)} if said else {})
