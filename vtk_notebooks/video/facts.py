"""Facts: what has to be known about a film before any frame of it is asked for."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import UInt8

SLACK_S = Fraction(1, 1_000_000)
"""A frame that starts a microsecond late is still on time: seconds are floats, ticks are not."""

Real = float | int
"""A number of seconds, hertz or shares; said in full because tests check annotations literally."""

Picture = UInt8[np.ndarray, "_h _w 3"]


@dataclass(frozen=True)
class Upright:
    """How a stored picture is turned to be seen: transposed first, then flipped."""

    transpose: bool = False
    flip_rows: bool = False
    flip_columns: bool = False

    def __call__(self, picture: Picture) -> Picture:
        """The picture as a viewer sees it."""
        if self.transpose:
            picture = picture.swapaxes(0, 1)
        return picture[:: -1 if self.flip_rows else 1, :: -1 if self.flip_columns else 1]

    @property
    def rotation_deg(self) -> int:
        """Clockwise turn, leaving any mirroring aside."""
        if self.transpose:
            return 270 if self.flip_rows else 90
        return 180 if self.flip_columns else 0


@dataclass(frozen=True)
class Facts:
    """What the container and its first frame say, checked where headers are known to lie.

    Args:
        stream: index of the picture stream in the container.
        zero: the container's own start, in its seconds; all our times count from here.
        tick: seconds in one unit of a presentation time stamp.
        first_pts: of the first frame; None where the container gives no times.
        period: seconds between frames, used only where times are missing.
        duration_s: up to the end of the last picture, not of a longer sound track.
        width: as displayed, in pixels.
        height: likewise.
        upright: how to turn the stored picture.
        codec: as FFmpeg names it.
        has_audio: whether there is a sound track.
        whole: False if the file ends before its header says it does.
        declared_s: the length that the header gives; nan where it gives none.
    """

    stream: int
    zero: Fraction
    tick: Fraction
    first_pts: int | None
    period: Fraction
    duration_s: float
    width: int
    height: int
    upright: Upright
    codec: str
    has_audio: bool
    whole: bool = True
    declared_s: float = math.nan

    def time_s(self, pts: int) -> Fraction:
        """Seconds since the container's start."""
        return pts * self.tick - self.zero

    def ticks(self, time_s: float) -> int:
        """The last time stamp that counts as at or before that time."""
        return math.floor((Fraction(time_s) + SLACK_S + self.zero) / self.tick)

    def fit(self, short_side: int | None) -> tuple[int, int]:
        """Width and height with that short side and the film's aspect; never larger than it."""
        short = min(self.width, self.height)
        if short_side is None or short_side >= short:
            return self.width, self.height
        scale = short_side / short
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))
