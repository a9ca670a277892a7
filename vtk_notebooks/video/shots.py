"""Shots: hard cuts where the colours of a film change at once.

The classical histogram comparison (Zhang, Kankanhalli and Smoliar, "Automatic partitioning of
full-motion video", 1993) with one local threshold in place of their two global ones. Simple on
purpose: it finds no fades or dissolves, and a flash looks like two cuts.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from jaxtyping import Float64

from vtk_notebooks.clip import Clip
from vtk_notebooks.video.facts import Picture, Real
from vtk_notebooks.video.film import Film

LEVELS = 8
"""Bins for each of red, green and blue."""

NEIGHBOURS = 6
"""Differences on each side that say how much change is ordinary around here."""


def find_cuts(film: Film | Clip, *, least: Real = 0.15, times_usual: Real = 3) -> list[float]:
    """When new shots begin, in seconds; the start of the film is not a cut.

    Args:
        film: all its frames are looked at.
        least: share of all pixels whose colour must change from one frame to the next.
        times_usual: how far that must stand out from the median change nearby.
    """
    times_s, histograms = [], []
    for time_s, picture in _pictures(film):
        times_s.append(time_s)
        histograms.append(_histogram(picture))
    change = np.abs(np.diff(np.array(histograms), axis=0)).sum(axis=1) / 2
    usual = np.array([_usual(change, at) for at in range(len(change))])
    cuts = np.flatnonzero((change > least) & (change > times_usual * usual))
    return [times_s[at + 1] for at in cuts]


def _pictures(film: Film | Clip) -> Iterable[tuple[float, Picture]]:
    return _small(film) if isinstance(film, Clip) else film.frames(short_side=48)


def _small(clip: Clip) -> Iterator[tuple[float, Picture]]:
    step = max(1, min(clip.frames.shape[1:3]) // 48)
    for time_s, picture in zip(clip.times_s, clip.frames, strict=True):
        yield float(time_s), picture[::step, ::step]


def _histogram(picture: Picture) -> Float64[np.ndarray, "bins"]:
    """Shares of pixels in each cell of the colour cube."""
    level = picture.astype(np.int64) * LEVELS // 256
    cell = (level[..., 0] * LEVELS + level[..., 1]) * LEVELS + level[..., 2]
    return np.bincount(cell.ravel(), minlength=LEVELS**3) / cell.size


def _usual(change: Float64[np.ndarray, "pairs"], at: int) -> float:
    """Median change around a pair of frames, itself left out."""
    near = np.r_[change[max(0, at - NEIGHBOURS) : at], change[at + 1 : at + 1 + NEIGHBOURS]]
    return float(np.median(near)) if len(near) else 0.0
