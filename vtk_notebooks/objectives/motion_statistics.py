"""Motion statistics: where in a picture is motion largest, and which way does it change?

After "Self-supervised Video Representation Learning by Uncovering Spatio-temporal Statistics" (Wang
et al., 2020, arXiv:2008.13426). As there: of dense flow the motion boundaries are taken, the 3 x 3
Prewitt gradients of its horizontal and of its vertical part, which a moving camera leaves at zero;
summed over a clip, they have a size and an angle at each pixel. For each of three ways of cutting
the picture and each part of the flow there are two labels: the part with the largest mean size, and
the one of eight directions that holds most of it, a size being shared by the two directions around
its angle. With the frame in which either part of the flow changes most, these are 14 numbers, and a
network learns to give them back by regression.

What differs: a clip without motion has 0 for all of them; the released code gives 0 in its first
pattern only. Borders count with the gradient of their own neighbours. Labels are used as they are;
whether the paper scales them could not be verified.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float
from scipy.ndimage import correlate1d

from vtk_notebooks.blocks.frame_parts import frame_parts
from vtk_notebooks.blocks.part_statistics import PartStatistics
from vtk_notebooks.registry import register

DIRECTIONS = 8


@register(
    "objective",
    "motion_statistics",
    title="Motion statistics (STS)",
    paper=(
        "Self-supervised Video Representation Learning by Uncovering Spatio-temporal Statistics"
    ),
    year=2020,
    arxiv="2008.13426",
    atlas=("sts",),
)
@dataclass(frozen=True)
class MotionStatistics(PartStatistics):
    """Labels from flow, and how far a network's guesses are from them.

    Args:
        patterns: ways of cutting the picture.
        weight: of the loss.
    """

    term: ClassVar[str] = "motion"

    @property
    def names(self) -> tuple[str, ...]:
        """Of the labels, in order."""
        of = [f"{p}_{f}_{what}" for p in self.patterns for f in "uv" for what in ("part", "angle")]
        return (*of, "u_frame", "v_frame")

    def labels(self, flow: Float[np.ndarray, "n h w 2"]) -> Float[np.ndarray, "k"]:
        """The numbers of one clip.

        Args:
            flow: from each frame to the next, in pixels to the right and down.
        """
        edges = [motion_boundaries(flow[..., i]) for i in (0, 1)]
        sums = [e.sum(0) for e in edges]
        h, w = flow.shape[1:3]
        found = [
            label
            for pattern in self.patterns
            for s in sums
            for label in part_and_direction(s, frame_parts(pattern, h, w))
        ]
        found += [_first_largest(np.hypot(*np.moveaxis(e, -1, 0)).sum((1, 2))) for e in edges]
        return np.array(found, dtype=float)


def motion_boundaries(flow: Float[np.ndarray, "n h w"]) -> Float[np.ndarray, "n h w 2"]:
    """Prewitt gradients of one part of the flow, to the right and down."""
    edge: dict[str, Any] = {"mode": "nearest"}
    slope, smooth = [-1.0, 0.0, 1.0], [1.0, 1.0, 1.0]  # in the picture only, never over time
    return np.stack(
        [
            correlate1d(correlate1d(flow, slope, along, **edge), smooth, across, **edge)
            for along, across in ((2, 1), (1, 2))
        ],
        -1,
    )


def part_and_direction(edge: Float[np.ndarray, "h w 2"], parts: np.ndarray) -> tuple[int, int]:
    """Number of the part with the largest mean size, and of its direction; (0, 0) at rest.

    Directions are numbered from 1, for angles around 0, 45, ... degrees, from right to down.

    Args:
        edge: gradients, summed over a clip.
        parts: pixels of each part, as `frame_parts` gives them.
    """
    size = np.hypot(edge[..., 0], edge[..., 1])
    means = np.array([size[p].mean() for p in parts])
    if not means.max() > 0:
        return 0, 0
    part = int(means.argmax())
    at = np.arctan2(edge[..., 1], edge[..., 0])[parts[part]] % (2 * np.pi)
    step = at / (2 * np.pi / DIRECTIONS)
    low, weight = np.floor(step).astype(int), size[parts[part]]
    held = np.bincount(low % DIRECTIONS, weight * (1 - (step - low)), DIRECTIONS)
    held += np.bincount((low + 1) % DIRECTIONS, weight * (step - low), DIRECTIONS)
    return part + 1, int(held.argmax()) + 1


def _first_largest(values: Float[np.ndarray, "n"]) -> int:
    """Its number from 1; 0 where nothing is above 0."""
    return int(values.argmax()) + 1 if values.max() > 0 else 0
