"""AV-Align: do pictures move when something sounds?

After "Diverse and Aligned Audio-to-Video Generation via Text-to-Video Model Adaptation" (Yariv et
al., 2024, arXiv:2309.16429), which makes a film from its sound (TempoTokens). Onsets of the sound
and peaks of the mean length of the optical flow are matched one to one where they lie less than a
frame apart; the score is their intersection over union.

What follows the released code: flow by Farneback's method, of each frame from the one before it,
the first value doubled; a peak is a strict local maximum of .1 pixel or more; onsets are librosa's.
Both are computed here without OpenCV and librosa, by `video.flow` and `video.onsets`, and give the
same peaks. What differs: peaks lie at the frame's own time, not at number / rate; a clip in which
nothing sounds or moves is worth `empty`, where theirs divides by zero. A released version that we
read matches a peak with several onsets, so that its score can exceed 1; that is not followed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.video.flow import grey, motion
from vtk_notebooks.video.onsets import onsets_s
from vtk_notebooks.video.sound import Waveform

LEAST_PX = 0.1
"""Slower motion has no peaks."""


@register(
    "metric",
    "av_align",
    title="AV-Align",
    paper="Diverse and Aligned Audio-to-Video Generation via Text-to-Video Model Adaptation",
    year=2024,
    arxiv="2309.16429",
    atlas=("tempotokens",),
)
@dataclass(frozen=True)
class AvAlign:
    """Intersection over union of onsets and peaks of motion, in [0, 1], averaged over clips.

    Args:
        within: how far an onset and a peak may lie apart, in frames, this far excluded.
        empty: what a clip without onsets and peaks is worth.
    """

    within: float = 1.0
    empty: float = 0.0

    def __call__(
        self,
        heard_s: Sequence[Sequence[float]],
        seen_s: Sequence[Sequence[float]],
        rates_hz: Sequence[float | int],
    ) -> dict[str, Estimate]:
        """The number "AV-Align".

        Args:
            heard_s: onsets of the sound of each clip, in seconds.
            seen_s: peaks of its motion, in seconds.
            rates_hz: its frames a second.
        """
        if not len(heard_s) == len(seen_s) == len(rates_hz) or not len(heard_s):
            got = f"{len(heard_s)}, {len(seen_s)} and {len(rates_hz)}"
            raise VtkError("AvAlign", "onsets, peaks and a rate for each clip", got)
        clips = zip(heard_s, seen_s, rates_hz, strict=True)
        return {"AV-Align": Estimate.mean([self.iou(*clip) for clip in clips])}

    def iou(self, heard_s: Sequence[float], seen_s: Sequence[float], rate_hz: float | int) -> float:
        """Of one clip."""
        both = len(matches(heard_s, seen_s, self.within / rate_hz))
        union = len(heard_s) + len(seen_s) - both
        return both / union if union else self.empty

    @classmethod
    def example(cls) -> tuple[list[list[float]], list[list[float]], list[float]]:
        """Two clips in which everything moves the moment it sounds."""
        return [[0.5, 1.5], [1.0]], [[0.5, 1.5], [1.0]], [25.0, 25.0]


def matches(
    heard_s: Sequence[float], seen_s: Sequence[float], within_s: float
) -> list[tuple[int, int]]:
    """As many pairs as possible of an onset and a peak less than that far apart.

    Each onset, in order of time, takes the first free peak: as all have the same reach, no other
    choice leaves more for the rest.
    """
    peaks, pairs = np.argsort(seen_s, kind="stable").tolist(), []
    for onset in np.argsort(heard_s, kind="stable").tolist():
        near = (k for k in peaks if abs(seen_s[k] - heard_s[onset]) < within_s)
        taken = next(near, None)
        if taken is not None:
            peaks.remove(taken)
            pairs.append((onset, taken))
    return pairs


def local_maxima(x: Float[np.ndarray, "t"], least: float = LEAST_PX) -> Bool[np.ndarray, "t"]:
    """Which values are above both neighbours and not below `least`; the ends have only one."""
    found = np.zeros(len(x), dtype=bool)
    found[1:-1] = (x[:-2] < x[1:-1]) & (x[1:-1] > x[2:]) & (x[1:-1] >= least)
    return found


def peaks_of(clip: Clip, sound: Waveform) -> tuple[list[float], list[float], float]:
    """What is heard and seen, in seconds, and the frames a second, of one film.

    Args:
        clip: every frame of the film, at full size: lengths of flow shrink with it.
        sound: at 22050 Hz, as librosa loads it.
    """
    if len(clip.times_s) < 3:
        raise VtkError("peaks_of", "three or more frames", len(clip.times_s))
    seen_s = clip.times_s[local_maxima(motion(grey(clip.frames)))]
    rate_hz = 1 / float(np.median(np.diff(clip.times_s)))
    return onsets_s(sound).tolist(), seen_s.tolist(), rate_hz
