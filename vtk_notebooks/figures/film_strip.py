"""Film strip: pictures of a clip side by side over one axis of seconds."""

from collections.abc import Sequence

from vtk_notebooks.clip import Clip
from vtk_notebooks.figures import seconds, style
from vtk_notebooks.figures.palette import INK

MARKS_MM = 2.0


def film_strip(
    clip: Clip,
    count: int = 6,
    *,
    seen_s: Sequence[float] = (),
    width_mm: float = style.VENUES["cvpr"].text_mm,
) -> style.PaperFigure:
    """What a clip shows, and when; below it, a tick for each frame that a model saw.

    Args:
        clip: of which pictures are taken.
        count: how many pictures, of equal parts of the film.
        seen_s: times of the frames that a model saw.
        width_mm: of the whole figure; `VENUES` has the usual ones.
    """
    strip_mm = seconds.strip_mm(clip, width_mm, count)
    rows_mm = strip_mm + MARKS_MM + 2 * seconds.GAP_MM
    total_mm = seconds.EDGE_MM + rows_mm + seconds.AXIS_MM
    page = seconds.Page(style.figure(width_mm, total_mm), clip, ())
    with style.paper_style():
        page.strip(count)
        ax = page.row(MARKS_MM)
        ax.eventplot([list(seen_s)], lineoffsets=0.5, linelengths=1, linewidths=0.6, colors=INK)
        ax.set(ylim=(0, 1), yticks=[0.5] if len(seen_s) else [], xlim=(0, clip.duration_s))
        ax.set_yticklabels(["Seen"] if len(seen_s) else [])
        ax.tick_params(left=False)
        page.axis()
    return page.fig
