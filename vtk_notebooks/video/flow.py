"""Flow: how far each pixel moved from one frame to the next.

After "Two-Frame Motion Estimation Based on Polynomial Expansion" (Farneback, 2003): the surrounding
of every pixel is fitted by a quadratic, and the move that turns one frame's quadratics into the
next one's is averaged over a window; from small pictures to large ones, a few rounds each. Numbers
and borders are those of OpenCV's `calcOpticalFlowFarneback`, whose mean length many metrics of
motion are made of; it differs from theirs by rounding (in our trials, by under a hundredth of a
pixel on average), and needs numpy and scipy only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float, UInt8
from scipy.ndimage import correlate1d, gaussian_filter, map_coordinates, uniform_filter, zoom

from vtk_notebooks.errors import VtkError

LUMA = np.array([0.299, 0.587, 0.114])
"""Of red, green and blue, as in every standard of television."""
SMALLEST = 32
"""Sides of the pyramid are not made shorter than that, in pixels."""
EDGE = (0.14, 0.14, 0.4472, 0.4472, 0.4472)
"""How much pixels near the border are trusted, from the outermost in."""

Grey = Float[np.ndarray, "h w"]


@dataclass(frozen=True)
class Flow:
    """Dense flow between two frames, with the numbers that metrics of motion use.

    Args:
        scale: of each level of the pyramid to the one below.
        levels: of the pyramid, beside the frame itself.
        window: over which moves are averaged, in pixels.
        rounds: on each level.
        radius: of a pixel's surrounding, in pixels.
        sigma: of the weights of that surrounding, in pixels.
    """

    scale: float = 0.5
    levels: int = 3
    window: int = 15
    rounds: int = 3
    radius: int = 5
    sigma: float = 1.2

    def __call__(
        self, first: Grey, second: Float[np.ndarray, "_h _w"]
    ) -> Float[np.ndarray, "h w 2"]:
        """The move of each pixel of the first frame, in pixels to the right and down."""
        if first.shape != second.shape:
            raise VtkError("Flow", "two frames of one size", f"{first.shape} and {second.shape}")
        move = np.zeros((1, 1, 2))  # nothing moves, at any size
        for level in range(self._levels(first.shape), -1, -1):
            one, two = (self._expanded(_smaller(f, self.scale**level)) for f in (first, second))
            move = _resized(move, one.shape[:2]) / self.scale
            for _ in range(self.rounds):
                move = self._better(one, two, move)
        return move

    def _levels(self, shape: Sequence[int]) -> int:
        fits = [k for k in range(1, self.levels + 1) if min(shape) * self.scale**k >= SMALLEST]
        return len(fits)

    def _expanded(self, frame: Grey) -> Float[np.ndarray, "h w 5"]:
        """Slope down, slope right, and the curvatures down, right and across, of each pixel."""
        x = np.arange(-self.radius, self.radius + 1.0)
        g = np.exp(-(x**2) / (2 * self.sigma**2))
        g /= g.sum()
        kernels = g, x * g, x**2 * g
        down = [correlate1d(frame, k, axis=0, mode="nearest") for k in kernels]
        seen = {
            (i, j): correlate1d(down[i], kernels[j], axis=1, mode="nearest")
            for i, j in ((0, 0), (1, 0), (0, 1), (2, 0), (0, 2), (1, 1))
        }
        second, fourth = (g * x**2).sum(), (g * x**4).sum()
        spread = fourth - second**2
        return np.stack(
            [
                seen[1, 0] / second,
                seen[0, 1] / second,
                (seen[2, 0] - second * seen[0, 0]) / spread,
                (seen[0, 2] - second * seen[0, 0]) / spread,
                seen[1, 1] / second**2,
            ],
            axis=-1,
        )

    def _better(
        self, one: np.ndarray, two: np.ndarray, move: Float[np.ndarray, "h w 2"]
    ) -> Float[np.ndarray, "h w 2"]:
        """One round: the moves that fit best within each window, given those so far."""
        right, down = move[..., 0], move[..., 1]
        there, inside = _sampled(two, down, right)
        there = np.where(inside[..., None], there, np.r_[0.0, 0.0, 1.0, 1.0, 1.0] * one)
        yy, xx = ((one[..., i] + there[..., i]) / 2 for i in (2, 3))
        xy = (one[..., 4] + there[..., 4]) / 4
        by, bx = ((one[..., i] - there[..., i]) / 2 for i in (0, 1))
        by, bx = by + yy * down + xy * right, bx + xy * down + xx * right
        trust = _trust(move.shape[:2])
        yy, xx, xy, by, bx = (v * trust for v in (yy, xx, xy, by, bx))
        sums = yy**2 + xy**2, (yy + xx) * xy, xx**2 + xy**2, yy * by + xy * bx, xy * by + xx * bx
        g11, g12, g22, h1, h2 = (uniform_filter(v, self.window, mode="nearest") for v in sums)
        solved = g11 * h2 - g12 * h1, g22 * h1 - g12 * h2
        return np.stack(solved, axis=-1) / (g11 * g22 - g12**2 + 1e-3)[..., None]


def grey(frames: UInt8[np.ndarray, "t h w 3"]) -> Float[np.ndarray, "t h w"]:
    """Brightness from 0 to 255, in whole steps."""
    return np.rint(frames @ LUMA)


def motion(frames: Float[np.ndarray, "t h w"], flow: Flow | None = None) -> Float[np.ndarray, "t"]:
    """Mean length of the flow into each frame, in pixels; the first frame repeats the second's."""
    flow = flow or Flow()
    found = [float(np.hypot(*np.moveaxis(flow(a, b), -1, 0)).mean()) for a, b in pairwise(frames)]
    return np.array([*found[:1], *found]) if found else np.zeros(len(frames))


def _smaller(frame: Grey, part: float) -> Float[np.ndarray, "_h _w"]:
    """Blurred by as much as it is reduced; by three pixels if it is not."""
    if part == 1:
        line = np.array([0.25, 0.5, 0.25])
        return correlate1d(correlate1d(frame, line, 0, mode="mirror"), line, 1, mode="mirror")
    sigma = (1 / part - 1) / 2
    radius = max(round(sigma * 5) | 1, 3) // 2
    blurred = gaussian_filter(frame, sigma, mode="mirror", radius=radius)
    return _resized(blurred, tuple(round(side * part) for side in frame.shape))


def _resized(x: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """By bilinear interpolation between the centres of pixels."""
    if x.shape[:2] == size:
        return x
    factor = [want / have for want, have in zip(size, x.shape, strict=False)]
    factor += [1.0] * (x.ndim - 2)
    return np.asarray(zoom(x, factor, order=1, mode="nearest", grid_mode=True))


def _sampled(
    x: Float[np.ndarray, "h w c"], down: Grey, right: Grey
) -> tuple[np.ndarray, np.ndarray]:
    """The values where each pixel went, and whether that is inside the frame."""
    h, w = down.shape
    rows, columns = np.mgrid[:h, :w] + np.stack([down, right])
    inside = (rows >= 0) & (rows < h - 1) & (columns >= 0) & (columns < w - 1)
    at = np.stack([rows, columns])
    found = [map_coordinates(x[..., i], at, order=1, mode="nearest") for i in range(x.shape[-1])]
    return np.stack(found, axis=-1), inside


def _trust(shape: Sequence[int]) -> Grey:
    lines = []
    for n in shape:
        line, edge = np.ones(n), np.array(EDGE)[: n // 2]
        line[: len(edge)] = edge
        line[n - len(edge) :] = edge[::-1]
        lines.append(line)
    return lines[0][:, None] * lines[1][None]
