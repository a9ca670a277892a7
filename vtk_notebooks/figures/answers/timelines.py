"""Timelines: what several models say of one film, one row per model under the truth.

True moments run pale through all rows, so that one sees at a glance who is early, late or
elsewhere. The overlap (IoU) of each model's first moment with the true one it meets best stands
at the end of its row.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import legend, seconds, style
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.palette import TRUTH, paler
from vtk_notebooks.figures.plain import plain
from vtk_notebooks.moment import Moment, tiou

EDGE_MM, ROW_MM, MOST_LETTERS, HEAD_MM = 0.4, 3.8, 28, 3.2
NUMBER_MM, RIGHT_MM, FRAME_MM, BAR = 8.0, 2.2, 15.0, (0.18, 0.64)


@redrawable
def timelines(
    answers: Mapping[str, Sequence[Moment]],
    truth: Sequence[Moment] = (),
    duration_s: float | int | None = None,
    *,
    clip: Clip | None = None,
    most: int = 3,
    frames: int | None = None,
    width_mm: float = style.VENUES["cvpr"].column_mm,
) -> style.PaperFigure:
    """Moments of several models on one axis of seconds.

    Args:
        answers: by the model's name: its moments, best first; the best one is filled.
        truth: the true moments.
        duration_s: of the film; the clip's own where there is one, else the last end.
        clip: whose pictures stand on top; none without one.
        most: how many moments of each model.
        frames: how many pictures; left out, as many as fit.
        width_mm: of the whole figure; `VENUES` has the usual ones.
    """
    names = [plain(name, MOST_LETTERS) for name in answers]
    ends_s = [m.end_s for some in (truth, *answers.values()) for m in some[:most] or some]
    if not names or (duration_s is None and clip is None and not ends_s):
        raise VtkError("timelines", "one or more models, and the film's duration", dict(answers))
    last_s = float(duration_s or (clip.duration_s if clip else max(ends_s)))
    rows = ["Truth", *names] if truth else names
    left_mm = EDGE_MM + 1.5 + max(map(style.length_mm, rows))
    room_mm = width_mm - left_mm - (NUMBER_MM if truth else RIGHT_MM)
    count = max(1, int(room_mm / FRAME_MM)) if frames is None else max(0, frames)
    count = count if clip else 0
    entries = _entries(answers, truth, most)
    foot_mm = legend.height_mm(list(entries), width_mm - EDGE_MM)
    top_mm, tall_mm = HEAD_MM * bool(truth) + EDGE_MM, ROW_MM * len(rows)
    if clip and count:
        _, height, width, _ = clip.frames.shape
        top_mm = max(top_mm, EDGE_MM + room_mm / count * height / width + seconds.GAP_MM)
    fig = style.figure(width_mm, top_mm + tall_mm + seconds.AXIS_MM + foot_mm)
    with style.paper_style():
        if clip:
            seconds.pictures(fig, clip, count, (left_mm, EDGE_MM, room_mm))
        ax = style.panel(fig, left_mm, top_mm, room_mm, tall_mm)
        _draw(ax, answers, truth, most)
        ax.set(xlabel="Time (s)", xlim=(0, last_s), ylim=(len(rows), 0))
        ax.set_yticks([row + 0.5 for row in range(len(rows))], rows)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        if truth:
            _overlaps(ax, answers, truth, last_s)
        legend.draw(fig, entries, EDGE_MM, width_mm - EDGE_MM)
    return fig


def _draw(
    ax: Axes, answers: Mapping[str, Sequence[Moment]], truth: Sequence[Moment], most: int
) -> None:
    """The truth in its own row and pale through the others; each model's moments."""
    first = 1 if truth else 0
    for moment in truth:
        ax.axvspan(moment.start_s, moment.end_s, color=paler(TRUTH, 0.18), linewidth=0, zorder=-2)
        _bar(ax, 0, moment, seconds.TRUE, 5)
    for row, moments in enumerate(answers.values(), first):
        for rank, moment in enumerate(moments[:most]):
            _bar(ax, row, moment, seconds.NEXT if rank else seconds.BEST, 20 - rank)


def _bar(ax: Axes, row: int, moment: Moment, drawn: seconds.Drawn, order: int) -> None:
    span = [(moment.start_s, moment.duration_s)]
    low, high = BAR
    ax.broken_barh(span, (row + low, high), linewidth=0.5, zorder=order, **drawn)


def _overlaps(
    ax: Axes, answers: Mapping[str, Sequence[Moment]], truth: Sequence[Moment], last_s: float
) -> None:
    """IoU at the end of each row; a model without an answer meets nothing."""
    look = {"textcoords": "offset points", "fontsize": style.SMALL_PT, "annotation_clip": False}
    at = (style.points(NUMBER_MM) - 1, 0)
    ax.annotate("IoU", (last_s, 0.5), at, ha="right", va="center", **look)
    for row, moments in enumerate(answers.values(), 1):
        best = max((tiou(moments[0], true) for true in truth), default=0.0) if moments else 0.0
        text = f"{best:.2f}" if moments else "none"
        ax.annotate(text, (last_s, row + 0.5), at, ha="right", va="center", **look)


def _entries(
    answers: Mapping[str, Sequence[Moment]], truth: Sequence[Moment], most: int
) -> dict[str, Any]:
    """What the legend explains: only what can be seen."""
    deepest = max(len(moments[:most]) for moments in answers.values())
    entries = {
        "first answer": (Patch(**seconds.BEST), deepest > 0),
        "further answers": (Patch(**seconds.NEXT), deepest > 1),
        "truth": (Patch(**seconds.TRUE), bool(truth)),
    }
    return {name: handle for name, (handle, there) in entries.items() if there}
