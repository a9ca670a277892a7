"""Image grid: a few frames, made small and laid out as one picture.

After IG-VLM, "An Image Grid Can Be Worth a Video: Zero-shot Video Question Answering Using a VLM"
(Kim et al., 2024, arXiv:2403.18406). As there: of N frames those at k * floor(N / 6) are taken,
k = 0..5; the picture has round(sqrt(6)) = 2 columns, filled row by row, and what is left over is
white. A model for images then reads all six at the price of one: 576 tokens, 96 for each frame.

What differs: the paper tiles pixels, which `pipeline:grid_answer` does; this is what tiling does
to tokens. Each frame is averaged to its tile, tiles share the cells of one frame as evenly as
whole cells allow, and white cells, which speak for nothing, are left out. `keep` lays out several
pictures, one for each stretch of film.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import ClassVar

import torch
from jaxtyping import Int
from torch import Tensor

from vtk_notebooks.blocks.lattice import laid_out, parts
from vtk_notebooks.blocks.tiling import borders, shown, tiles
from vtk_notebooks.errors import VtkError
from vtk_notebooks.provenance import weighted_sums
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens

Size = tuple[int, int, int]


@register(
    "compressor",
    "image_grid",
    title="Image grid (IG-VLM)",
    paper="An Image Grid Can Be Worth a Video: Zero-shot Video Question Answering Using a VLM",
    year=2024,
    arxiv="2403.18406",
    atlas=("ig_vlm",),
)
@dataclass(frozen=True)
class ImageGrid:
    """One picture of a few frames; tokens row by row through the picture, across its tiles.

    Args:
        frames: in a picture; fewer where the film has fewer.
        columns: of tiles; 0 for the paper's round(sqrt(frames)).
        keep: above 0, as many pictures as bring this part of the tokens.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    frames: int = 6
    columns: int = 0
    keep: float = 0.0

    def __post_init__(self) -> None:
        if self.frames < 1 or self.columns < 0:
            got = f"frames={self.frames}, columns={self.columns}"
            raise VtkError("ImageGrid", "1 frame or more and columns of 0 or more", got)
        if not 0 <= self.keep <= 1:
            raise VtkError("ImageGrid", "keep in [0, 1]", self.keep, "0 makes one picture.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        table = laid_out(tokens, "ImageGrid")
        t, h, w = table.shape
        spot, place = torch.cat(list(self._cells((t, h, w)))).to(table.device).T
        new, old = spot.unique(return_inverse=True)[1], table.flatten()[place]
        weight = tokens.mass()[old].to(tokens.share.dtype)
        share = weight / weight.new_zeros(int(new.max()) + 1).index_add(0, new, weight)[new]
        x = weighted_sums(tokens.x, old, new, share)
        kind: Kind = "hard" if len(x) == len(old) else "mean"
        return tokens.derive(x, torch.stack([new, old], 1), share, kind)

    def picture(self, grid: Size) -> Int[Tensor, "k h w"]:
        """Which frame each cell of each picture shows; -1 where it is white."""
        pictures = self._pictures(grid)
        layout = [tiles(len(frames), self.columns) for frames in pictures]
        size = [max(n, *most) for n, most in zip(grid[1:], zip(*layout, strict=True), strict=True)]
        canvas = torch.full((len(pictures), *size), -1)
        for number, (frames, (rows, columns)) in enumerate(zip(pictures, layout, strict=True)):
            tops, lefts = borders(grid[1], rows), borders(grid[2], columns)
            for k, frame in enumerate(frames):
                i, j = divmod(k, columns)
                canvas[number, tops[i] : tops[i + 1], lefts[j] : lefts[j + 1]] = frame
        return canvas

    def count(self, grid: Size) -> tuple[int, int]:
        n = self._total(grid, self._many(grid))
        return n, n

    def at(self, keep: float) -> "ImageGrid":
        """As many pictures as come nearest; keep=1 shows each frame alone, the identity."""
        if not 0 < keep <= 1:
            raise VtkError("ImageGrid.at", "keep in (0, 1]", keep, "0.1 keeps a tenth.")
        return replace(self, keep=keep)

    def _cells(self, grid: Size) -> Iterator[Int[Tensor, "p 2"]]:
        """Where each place of a shown frame goes: rows (spot, place), spots in reading order."""
        _, h, w = grid
        wide = max(h, self.frames) * max(w, self.frames)  # spots of one picture, at most
        for number, frames in enumerate(self._pictures(grid)):
            rows, columns = tiles(len(frames), self.columns)
            tops, lefts = borders(h, rows), borders(w, columns)
            for k, frame in enumerate(frames):
                i, j = divmod(k, columns)
                down = parts(h, tops[i + 1] - tops[i])
                across = parts(w, lefts[j + 1] - lefts[j])
                row, column = (tops[i] + down[:, 0])[:, None], lefts[j] + across[:, 0]
                spot = number * wide + row * lefts[-1] + column
                place = (frame * h + down[:, 1])[:, None] * w + across[:, 1]
                yield torch.stack([spot.flatten(), place.flatten()], 1)

    def _pictures(self, grid: Size) -> list[list[int]]:
        """The frames of each picture, out of stretches of nearly equal length."""
        t, many = grid[0], self._many(grid)
        return [shown(start, stop, self.frames) for start, stop in pairwise(borders(t, many))]

    def _many(self, grid: Size) -> int:
        """How many pictures there are."""
        if not self.keep:
            return 1
        wanted = self.keep * grid[0] * grid[1] * grid[2]
        return min(range(1, grid[0] + 1), key=lambda k: abs(self._total(grid, k) - wanted))

    def _total(self, grid: Size, many: int) -> int:
        """Tokens of so many pictures; stretches of film differ by one frame at most."""
        t, long = grid[0], grid[0] % many
        short, longer = (self._in_picture(grid, n) for n in (t // many, -(-t // many)))
        return (many - long) * short + long * longer

    def _in_picture(self, grid: Size, stretch: int) -> int:
        """Tokens of a picture of that many frames of film."""
        n = min(self.frames, stretch)
        rows, columns = tiles(n, self.columns)
        tops, lefts = borders(grid[1], rows), borders(grid[2], columns)
        full, rest = divmod(n, columns)
        height = tops[full + 1] - tops[full] if rest else 0
        return tops[full] * lefts[-1] + height * lefts[rest]
