"""STREAM: are made films as real, and as varied, as real ones - in time, and apart from time?

After "STREAM: Spatio-TempoRal Evaluation and Analysis Metric for Video Generative Models" (Kim et
al., 2024, arXiv:2403.09669). Every channel of a clip's frame features becomes a spectrum over
time. Its constant part, over all channels, stands for what is seen: STREAM-F is the share of made
clips near a real one, STREAM-D the share of real clips near a made one, near as the fifth nearest
of its own kind (improved precision and recall). The rest is fitted by a power law, whose skewness
stands for how it changes: STREAM-T is the squared correlation of the histograms of real and made
skewnesses, averaged over channels.

What differs: the released code takes `sum x^(B+3) / sqrt(A sum x^(B+2))` for the skewness of the
law `A x^B`, where a standardised third moment has the power 3/2 below the line. That is the
default here; `skewness="released"` gives their numbers. (Their `stream_S` wants the real clips
first, whatever its parameters are called: the other way around F and D change places.) A clip at
the very edge counts as near, so that copies of one clip are. From the formulas, and tested: turning
a clip around in time, or around in a circle, changes nothing, so STREAM-T does not know the arrow
of time; adding a constant moves F and D only; shuffling frames moves T only.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate

_FLOOR = 1e-6
"""Added to amplitudes, so that a channel that stands still has a logarithm."""
_Z = 1.959964
"""Half-width of a 95 % interval, in standard errors."""


@register(
    "metric",
    "stream",
    title="STREAM",
    paper="STREAM: Spatio-TempoRal Evaluation and Analysis Metric for Video Generative Models",
    year=2024,
    arxiv="2403.09669",
    atlas=("stream_metric",),
)
@dataclass(frozen=True)
class Stream:
    """STREAM-T, -F and -D, in [0, 1], of made against real clips of one length.

    Args:
        skewness: "standardised", or "released" for the numbers of the authors' code.
        bins: of the histograms.
        nearest: which nearest neighbour is the edge of near.
    """

    skewness: str = "standardised"
    bins: int = 50
    nearest: int = 5

    def __post_init__(self) -> None:
        known = self.skewness in ("standardised", "released")
        if not known or self.bins < 2 or self.nearest < 1:
            expected = "skewness 'standardised' or 'released', bins >= 2 and nearest >= 1"
            raise VtkError("Stream", expected, self)

    def __call__(
        self, made: Float[np.ndarray, "m t d"], real: Float[np.ndarray, "r t d"]
    ) -> dict[str, Estimate]:
        """Numbers by name, "STREAM-T", "STREAM-F" and "STREAM-D".

        Args:
            made: a feature vector for each of t frames of each made clip.
            real: likewise, of real clips.
        """
        if min(len(made), len(real)) <= self.nearest or made.shape[1] < 4:
            got = f"{len(made)} and {len(real)} clips of {made.shape[1]} frames"
            raise VtkError("Stream", f"over {self.nearest} clips of 4 or more frames", got)
        (still, moving), (true_still, true_moving) = (spectra(x) for x in (made, real))
        a, b = (skewnesses(x, self.skewness) for x in (moving, true_moving))
        return {
            "STREAM-T": likeness(a, b, self.bins),
            "STREAM-F": Estimate.mean(near(still, true_still, self.nearest)),
            "STREAM-D": Estimate.mean(near(true_still, still, self.nearest)),
        }

    @classmethod
    def example(cls) -> tuple[np.ndarray, np.ndarray]:
        """Ten clips against themselves."""
        clips = np.random.default_rng(0).normal(size=(10, 8, 3)).cumsum(1)
        return clips, clips


def spectra(
    clips: Float[np.ndarray, "n t d"],
) -> tuple[Float[np.ndarray, "n d"], Float[np.ndarray, "n f d"]]:
    """Amplitudes at frequency 0, and at 1 to t / 2 cycles in a clip."""
    half = clips.shape[1] // 2
    amplitude = 2 * np.abs(np.fft.fft(clips, axis=1)[:, : half + 1]) / (half + 1)
    return amplitude[:, 0], amplitude[:, 1:]


def skewnesses(
    amplitude: Float[np.ndarray, "n f d"], kind: str = "standardised"
) -> Float[np.ndarray, "n d"]:
    """Of the power law that fits best on logarithmic axes, for each clip and channel."""
    x = np.arange(1, amplitude.shape[1] + 1, dtype=float)
    axis = np.log(x) - np.log(x).mean()
    rise = np.einsum("f, n f d -> n d", axis, np.log(amplitude + _FLOOR)) / (axis**2).sum()
    law = x[:, None, None] ** rise
    second, third = (np.einsum("f, f n d -> n d", x**k, law) for k in (2, 3))
    total = law.sum(0)  # the law's own factor cancels
    power = 0.5 if kind == "released" else 1.5
    return third * np.sqrt(total) / second**power


def likeness(a: Float[np.ndarray, "m d"], b: Float[np.ndarray, "r d"], bins: int) -> Estimate:
    """Mean over channels of the squared correlation of two histograms on one axis.

    The interval is a jackknife over the clips of both, with the bins as they are.
    """
    value, errors = 0.0, [np.zeros(len(a)), np.zeros(len(b))]
    for x, y in zip(a.T, b.T, strict=True):
        cells = _cells(x, y, bins)
        counts = [np.bincount(c, minlength=bins) * 1.0 for c in cells]
        value += float(_squared_correlation(counts[0][None], counts[1])[0]) / a.shape[1]
        for k, cell in enumerate(cells):
            without = counts[k] - np.eye(bins)[cell]
            errors[k] += _squared_correlation(without, counts[1 - k]) / a.shape[1]
    spread = sum((len(e) - 1) * e.var() for e in errors)
    wide = _Z * float(np.sqrt(spread))
    return Estimate(value, len(a) + len(b), (max(0.0, value - wide), min(1.0, value + wide)))


def near(
    points: Float[np.ndarray, "a d"], others: Float[np.ndarray, "b d"], nearest: int
) -> Float[np.ndarray, "a"]:
    """1 where any of the others is no further than its own k-th neighbour, else 0."""
    among = np.sort(_distances(others, others), axis=1)
    reach = among[:, nearest]  # the first is the distance to itself
    return (_distances(points, others) <= reach).any(1).astype(float)


def _distances(a: np.ndarray, b: np.ndarray) -> Float[np.ndarray, "a b"]:
    return np.array([np.linalg.norm(b - row, axis=1) for row in a])


def _cells(x: np.ndarray, y: np.ndarray, bins: int) -> list[Int[np.ndarray, "_"]]:
    """Which of equal bins each value falls into; the axis ends on whole numbers, with a margin."""
    low = int(min(x.min(), y.min())) - 1
    high = int(max(x.max(), y.max())) + 1
    return [np.clip((v - low) / (high - low) * bins, 0, bins - 1).astype(int) for v in (x, y)]


def _squared_correlation(
    x: Float[np.ndarray, "n b"], y: Float[np.ndarray, "b"]
) -> Float[np.ndarray, "n"]:
    x, y = x - x.mean(-1, keepdims=True), y - y.mean()
    size = np.sqrt((x**2).sum(-1)) * np.sqrt((y**2).sum())
    return ((x * y).sum(-1) / (size + 1e-12)) ** 2
