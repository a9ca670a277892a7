"""Merge groups: which cells the largest tokens of a run speak for, frame by frame.

Each token has a block of pictures, the frames in which it speaks for most cells, in order of time;
blocks stand side by side as far as they fit. The token's cells keep their pixels inside an outline
in its own colour, the same as in every other figure and widget; the rest of the picture fades.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool

from vtk_notebooks.errors import VtkError
from vtk_notebooks.figures import style
from vtk_notebooks.figures.cells import borders, painted
from vtk_notebooks.figures.drawing import redrawable
from vtk_notebooks.figures.palette import FAINT, INK, token_colours
from vtk_notebooks.figures.strip import frame_at, lines, show, shrunk
from vtk_notebooks.runs import Run

GAP_MM, BLOCK_MM, EDGE_MM, NAME_MM, TIME_MM, FRAME_MM = 0.8, 2.4, 0.3, 3.0, 3.6, 26.0
FADE = 0.62  # less than in a keep map: the place in the picture is what one wants to see


class Block(NamedTuple):
    """One token and its frames, and where its first picture stands."""

    token: int
    picks: tuple[int, ...]
    column: int
    row: int


@redrawable
def merge_groups(
    run: Run,
    tokens: Sequence[int] = (),
    *,
    most: int = 6,
    frames: int = 3,
    columns: int | None = None,
    width_mm: float = style.VENUES["cvpr"].text_mm,
) -> style.PaperFigure:
    """The cells of single tokens in the frames that they are in.

    Args:
        run: whose last compressor merged.
        tokens: which ones, by number; left out, the `most` that speak for most cells.
        most: likewise.
        frames: at most, of each token: those with most of its cells.
        columns: of pictures; left out, as many as can be read at this width.
        width_mm: of the whole figure; `VENUES` has the usual ones.
    """
    mass = run.tokens.mass().cpu().numpy()
    chosen = list(tokens) or np.argsort(-mass, kind="stable")[: max(0, most)].tolist()
    if not chosen or not all(0 <= n < len(mass) and mass[n] for n in chosen) or frames < 1:
        got, expected = str(chosen[:8]), "tokens of the run that speak for one cell or more"
        raise VtkError("merge_groups", expected, got, f"It has {len(mass)}, numbered from 0.")
    columns = max(1, int(width_mm / FRAME_MM)) if columns is None else columns
    blocks = _blocks(run, chosen, min(frames, columns), columns)
    frame_mm = (width_mm - 2 * EDGE_MM - (columns - 1) * BLOCK_MM) / columns
    _, height, width, _ = run.clip.frames.shape
    tall_mm = frame_mm * height / width
    row_mm = NAME_MM + tall_mm + TIME_MM
    fig = style.figure(width_mm, EDGE_MM + (blocks[-1].row + 1) * row_mm)
    with style.paper_style():
        for block in blocks:
            left_mm = EDGE_MM + block.column * (frame_mm + BLOCK_MM)
            _draw(fig, run, block, (left_mm, EDGE_MM + block.row * row_mm, frame_mm, tall_mm))
    return fig


def spoken_for(run: Run, token: int) -> Bool[np.ndarray, "t h w"]:
    """The cells that a token has a share of."""
    edges, grid = run.tokens.edges.cpu().numpy(), run.tokens.grid
    out = np.zeros(int(np.prod(grid)), dtype=bool)
    out[edges[edges[:, 0] == token, 1]] = True
    return out.reshape(grid)


def _blocks(run: Run, tokens: Sequence[int], frames: int, columns: int) -> list[Block]:
    """Side by side; a block that does not fit begins the next row."""
    out: list[Block] = []
    column, row = 0, 0
    for token in tokens:
        count = spoken_for(run, token).sum((1, 2))
        best = np.argsort(-count, kind="stable")[: min(frames, int((count > 0).sum()))]
        picks = tuple(sorted(best.tolist()))
        if column and column + len(picks) > columns:
            column, row = 0, row + 1
        out.append(Block(token, picks, column, row))
        column += len(picks)
    return out


def _draw(
    fig: style.PaperFigure, run: Run, block: Block, place_mm: tuple[float, float, float, float]
) -> None:
    """Name and size of the token, and its pictures with their times."""
    left_mm, top_mm, frame_mm, tall_mm = place_mm
    spoken, view = spoken_for(run, block.token), run.tokens.view
    cells, there = int(spoken.sum()), int(spoken.any((1, 2)).sum())
    colour = tuple(token_colours(np.array([block.token]))[0])
    size = f"{cells:,} cells" if cells > 1 else "1 cell"
    more = f", {there} frames" if there > 1 else ""
    y = 1 - (top_mm + 0.75 * NAME_MM) / fig.height_mm
    for text, ink, at_mm in ((f"{block.token}", INK, 0.0), (f"{size}{more}", FAINT, None)):
        start_mm = style.length_mm(f"{block.token}  ") if at_mm is None else at_mm
        x = (left_mm + start_mm) / fig.width_mm
        fig.text(x, y, text, color=ink, fontsize=style.SMALL_PT, va="baseline")
    for number, pick in enumerate(block.picks):
        at_mm = left_mm + number * (frame_mm + BLOCK_MM)
        ax = style.panel(fig, at_mm, top_mm + NAME_MM, frame_mm, tall_mm)
        time_s = run.tokens.times_s[pick].item()
        owner = np.where(spoken[pick], 0, -1)  # what the token does not speak for fades
        picture = shrunk(frame_at(run.clip, time_s), frame_mm)
        show(ax, painted(picture, owner, np.zeros(0, dtype=bool), view, fade=FADE))
        edge = borders(
            np.pad(owner, 1, constant_values=-1), np.zeros(0, bool), _rimmed(view, owner)
        )
        lines(ax, edge, "white", 1.8)
        lines(ax, edge, colour, 0.9)
        ax.set_xlabel(f"{time_s:.1f} s", fontsize=style.SMALL_PT)


def _rimmed(
    view: tuple[float, float, float, float], owner: np.ndarray
) -> tuple[float, float, float, float]:
    """The view with a rim of cells around, so that cells at its edge are outlined, too."""
    left, top, right, bottom = view
    h, w = owner.shape
    x, y = (right - left) / w, (bottom - top) / h
    return left - x, top - y, right + x, bottom + y
