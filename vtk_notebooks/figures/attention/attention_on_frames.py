"""Attention on frames: where in the picture each word looks, one row per word.

The pictures themselves stand on top. Below they are pale and grey, with attention over them
from clear to dark blue, so that it can be read in print without colour, too. All pictures share one
scale, and a cell that has no attention is left clear.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, UInt8
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import style
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.palette import SALIENCY, shades
from vtk_notebooks.figures.plain import names_of
from vtk_notebooks.figures.strip import evenly, frame_at, show, shrunk
from vtk_notebooks.models.attention.where import WordsToVideo

EDGE_MM, GAP_MM, TIME_MM, FRAME_MM, MOST_LETTERS = 0.4, 0.8, 3.6, 17.0, 18
SPACE_MM, BAR_MM, SCALE_MM = 1.5, 2.0, 9.5
GREY = np.array([0.2126, 0.7152, 0.0722])
PALE, STRONG = 0.55, 0.85  # of the picture that is left, of the colour that covers it at most


@redrawable
def attention_on_frames(
    looks: WordsToVideo,
    clip: Clip,
    *,
    words: Sequence[str] = (),
    frames: int | Sequence[int] | None = None,
    view: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0),
    width_mm: float = style.VENUES["cvpr"].text_mm,
) -> style.PaperFigure:
    """Attention of words (rows) on the cells of frames (columns), all on one scale.

    Args:
        looks: of `words_to_video`.
        clip: the film, at the times that `looks` has.
        words: how the rows are called; the words themselves unless said.
        frames: how many, evenly spread, or which; left out, as many as fit.
        view: part of the frame that the cells cover: `Tokens.view`.
        width_mm: of the whole figure; `VENUES` has the usual ones.
    """
    names = names_of("attention_on_frames", looks.words, words, MOST_LETTERS)
    left_mm = EDGE_MM + 1.5 + max(map(style.length_mm, names))
    room_mm = width_mm - left_mm - SPACE_MM - BAR_MM - SCALE_MM
    picks = _picks(len(looks.times_s), frames, room_mm)
    frame_mm = (room_mm + GAP_MM) / len(picks) - GAP_MM
    if frame_mm < 4:
        got = f"{len(picks)} frames in {width_mm:g} mm"
        raise VtkError("attention_on_frames", "room for its frames", got, "Show fewer.")
    _, height, width, _ = clip.frames.shape
    tall_mm = frame_mm * height / width
    total_mm = (tall_mm + GAP_MM) * (len(names) + 1)
    fig = style.figure(width_mm, EDGE_MM + total_mm + TIME_MM)
    percent = 100 * looks.cells.detach().cpu().double().numpy()
    most = float(percent[:, picks].max()) or 1.0
    with style.paper_style():
        for row, name in enumerate(["", *names]):
            top_mm = EDGE_MM + row * (tall_mm + GAP_MM)
            y = 1 - (top_mm + tall_mm / 2) / fig.height_mm
            fig.text(
                (left_mm - 1.5) / width_mm,
                y,
                name,
                ha="right",
                va="center",
                fontsize=style.SMALL_PT,
            )
            for column, pick in enumerate(picks):
                at_mm = left_mm + column * (frame_mm + GAP_MM)
                ax = style.panel(fig, at_mm, top_mm, frame_mm, tall_mm)
                time_s = looks.times_s[pick].item()
                frame = shrunk(frame_at(clip, time_s), frame_mm)
                if not row:
                    show(ax, frame)
                    continue
                _look(ax, frame, percent[row - 1, pick] / most, view)
                if row == len(names):
                    ax.set_xlabel(f"{time_s:.1f} s", fontsize=style.SMALL_PT)
        top_mm = EDGE_MM + tall_mm + GAP_MM
        bar_mm = (
            left_mm + room_mm + SPACE_MM,
            top_mm,
            BAR_MM,
            total_mm - GAP_MM - tall_mm - GAP_MM,
        )
        seen = ScalarMappable(Normalize(0, most), shades(SALIENCY))
        style.scale(fig, seen, bar_mm, "Attention (% a cell)", "% a cell")
    return fig


def _picks(total: int, frames: int | Sequence[int] | None, room_mm: float) -> list[int]:
    if frames is None or isinstance(frames, int):
        count = max(1, int((room_mm + GAP_MM) / FRAME_MM)) if frames is None else frames
        return list(evenly(total, count))
    if not frames or not all(0 <= f < total for f in frames):
        raise VtkError("attention_on_frames", f"numbers from 0 to {total - 1}", list(frames))
    return list(frames)


def _look(
    ax: Axes,
    frame: UInt8[np.ndarray, "y x 3"],
    part: Float[np.ndarray, "h w"],
    view: tuple[float, float, float, float],
) -> None:
    """The pale grey picture, and over it the cells, in [0, 1] of the scale."""
    grey = 255 - PALE * (255 - frame @ GREY)
    show(ax, np.repeat(grey.round().astype(np.uint8)[..., None], 3, axis=-1))
    rgba = shades(SALIENCY)(part)
    rgba[..., 3] = STRONG * np.sqrt(part)
    left, top, right, bottom = view
    ax.imshow(rgba, extent=(left, right, bottom, top), aspect="auto", interpolation="nearest")
    ax.set(xlim=(0, 1), ylim=(1, 0))
