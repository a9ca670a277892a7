"""Grid answer: six frames become one picture, and a model that knows only pictures is asked once.

After IG-VLM, "An Image Grid Can Be Worth a Video: Zero-shot Video Question Answering Using a VLM"
(Kim et al., 2024, arXiv:2403.18406). As there: of N frames those at k * floor(N / 6) are taken,
k = 0..5, and tiled row by row into round(sqrt(6)) = 2 columns; what is left over is white. No
training, and no more tokens than one picture has.

What differs: the model is handed in, any function from a picture and a text to an answer, and the
prompt is in our own words. Frames of a clip are of one size, so none is resized. Which frame lies
under each patch of the picture is known (`Grid.under`), so what a model of images sees in a patch
has a time.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from einops import rearrange
from jaxtyping import Int, UInt8

from vtk_notebooks.blocks.tiling import shown, tiles
from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register

Picture = UInt8[np.ndarray, "y x 3"]
Ask = Callable[[Picture, str], str]
"""A model of images: a picture and a text to an answer."""
WHITE = 255
PROMPT = "The picture shows {frames} moments of one film, row by row in order of time. {question}"


class Grid(NamedTuple):
    """A picture of tiles, and the frame that each tile shows; -1 where it is white."""

    picture: Picture
    frame: Int[np.ndarray, "r c"]

    def clip(self, of: Clip) -> Clip:
        """The picture as a clip of one frame, for an encoder of ours; it stands as long as `of`."""
        origin = replace(of.origin, duration_s=of.duration_s)
        return Clip(self.picture[None], of.times_s[:1], origin)

    def under(self, rows: int, columns: int) -> Int[np.ndarray, "h w"]:
        """The frame under the middle of each of so many patches of the picture; -1 where white."""
        r, c = self.frame.shape
        down, across = (
            ((np.arange(n) + 0.5) * k / n).astype(int) for n, k in ((rows, r), (columns, c))
        )
        return self.frame[down][:, across]


@register(
    "pipeline",
    "grid_answer",
    title="Answer from a grid (IG-VLM)",
    paper="An Image Grid Can Be Worth a Video: Zero-shot Video Question Answering Using a VLM",
    year=2024,
    arxiv="2403.18406",
    atlas=("ig_vlm",),
)
@dataclass(frozen=True)
class GridAnswer:
    """What a model of images answers to a question about a film.

    Args:
        frames: in the picture; fewer where the film has fewer.
        columns: of tiles; 0 for the paper's round(sqrt(frames)).
        prompt: with places for {frames} and {question}.
    """

    frames: int = 6
    columns: int = 0
    prompt: str = PROMPT

    def __post_init__(self) -> None:
        if self.frames < 1 or self.columns < 0:
            got = f"frames={self.frames}, columns={self.columns}"
            raise VtkError("GridAnswer", "1 frame or more and columns of 0 or more", got)
        if "{question}" not in self.prompt:
            raise VtkError("GridAnswer", "a place for {question} in the prompt", self.prompt)

    def __call__(self, clip: Clip, question: str, ask: Ask) -> str:
        """The model's words, as they are; `answers` reads letters and choices out of them."""
        grid = self.grid(clip)
        many = str(int((grid.frame >= 0).sum()))
        prompt = self.prompt.replace("{frames}", many).replace("{question}", question)
        return ask(grid.picture, prompt)

    def grid(self, clip: Clip) -> Grid:
        """The picture, and what lies where in it."""
        chosen = shown(0, len(clip), self.frames)
        r, c = tiles(len(chosen), self.columns)
        frame = np.full(r * c, -1)
        frame[: len(chosen)] = chosen
        tile = np.full((r * c, *clip.frames.shape[1:]), WHITE, np.uint8)
        tile[: len(chosen)] = clip.frames[chosen]
        picture = rearrange(tile, "(r c) y x k -> (r y) (c x) k", r=r)
        return Grid(picture, rearrange(frame, "(r c) -> r c", r=r))

    @classmethod
    def example(cls) -> tuple[Clip, str, Ask]:
        """A film of 12 grey frames, and a model that tells the size of what it sees."""
        frames = np.repeat(np.arange(12, dtype=np.uint8), 4 * 6 * 3).reshape(12, 4, 6, 3)
        clip = Clip(frames, np.arange(12) * 0.5, Origin("grey", 6.0))
        return (
            clip,
            "How large is it?",
            lambda picture, text: " x ".join(map(str, picture.shape[:2])),
        )
