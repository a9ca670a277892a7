"""Appearance statistics: where do colours change most over a clip, where least, and which are they?

After "Self-supervised Video Representation Learning by Uncovering Spatio-temporal Statistics" (Wang
et al., 2020, arXiv:2008.13426). As there: in each part of the picture the colours of every frame
are counted in eight bins, the octants of RGB; the sum of the bins' minima over time, divided by
that of their maxima, tells how alike the frames are. For each of three ways of cutting the picture
there are four labels: the part that is least alike and its colour, the part that is most alike and
its colour; with the colour of the whole clip these are 13 numbers, given back by regression. A
colour is the octant of the value that occurs most often.

What differs: in the released code one side of the second ring is cut from time instead of from
rows; here a ring is a ring. Of equal parts the first one counts. The colour of a part is taken over
all of its frames; whether the paper takes one frame could not be verified.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float, Int, UInt8

from vtk_notebooks.blocks.frame_parts import frame_parts
from vtk_notebooks.blocks.part_statistics import PartStatistics
from vtk_notebooks.registry import register

OCTANTS = 8


@register(
    "objective",
    "appearance_statistics",
    title="Appearance statistics (STS)",
    paper=(
        "Self-supervised Video Representation Learning by Uncovering Spatio-temporal Statistics"
    ),
    year=2020,
    arxiv="2008.13426",
    atlas=("sts",),
)
@dataclass(frozen=True)
class AppearanceStatistics(PartStatistics):
    """Labels from frames, and how far a network's guesses are from them.

    Args:
        patterns: ways of cutting the picture.
        weight: of the loss.
    """

    term: ClassVar[str] = "appearance"

    @property
    def names(self) -> tuple[str, ...]:
        """Of the labels, in order."""
        of = ("diverse_part", "diverse_colour", "steady_part", "steady_colour")
        return (*(f"{p}_{name}" for p in self.patterns for name in of), "colour")

    def labels(self, frames: UInt8[np.ndarray, "t h w 3"]) -> Float[np.ndarray, "k"]:
        """The numbers of one clip."""
        h, w = frames.shape[1:3]
        octant, found = octants(frames), list[int]()
        for pattern in self.patterns:
            parts = frame_parts(pattern, h, w)
            alike = [likeness(octant[:, part]) for part in parts]
            for which in (int(np.argmin(alike)), int(np.argmax(alike))):
                found += [which + 1, usual_colour(frames[:, parts[which]])]
        return np.array([*found, usual_colour(frames.reshape(len(frames), -1, 3))], dtype=float)


def octants(frames: UInt8[np.ndarray, "*n 3"]) -> Int[np.ndarray, "*n"]:
    """The octant of each colour, from 0: 4 for red, 2 for green and 1 for blue of 128 or more."""
    return (frames >= 128).astype(int) @ np.array([4, 2, 1])


def likeness(octant: Int[np.ndarray, "t n"]) -> float:
    """Of all frames' counts of colours, in [0, 1]: minima over maxima; 1 where none changes."""
    counts = np.stack([np.bincount(frame, minlength=OCTANTS) for frame in octant])
    return float(counts.min(0).sum() / counts.max(0).sum())


def usual_colour(pixels: UInt8[np.ndarray, "t n 3"]) -> int:
    """The octant, from 1, of the value that occurs most often; of equals the darkest."""
    code = pixels.astype(int) @ np.array([65536, 256, 1])
    values, counts = np.unique(code, return_counts=True)
    most = int(values[counts.argmax()])
    channels = np.array([[most >> 16, most >> 8 & 255, most & 255]], dtype=np.uint8)
    return int(octants(channels)[0]) + 1
