"""Clip: frames with the times at which a viewer sees them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float64, UInt8

from vtk_notebooks.arrays import digest
from vtk_notebooks.errors import ShapeError


@dataclass(frozen=True)
class Origin:
    """Where a clip comes from; what a figure must say to be made again.

    Args:
        name: file name or title, for people. Untrusted text: escape it where it is shown.
        duration_s: length of the whole film.
        frame_rate_hz: average; times are never computed from it.
        width: of the film as displayed, in pixels, after rotation.
        height: likewise.
        rotation_deg: that was applied (0, 90, 180, 270, clockwise).
        codec: of the video stream, as FFmpeg names it.
        backend: that decoded the frames.
        sha256: of the file, "" for made or in-memory films.
        has_audio: whether there is an audio stream.
        path: where the file was opened, "" for made or in-memory films. It stays on this machine:
            files that travel say only where a film lay below the working folder.
    """

    name: str
    duration_s: float
    frame_rate_hz: float = 0.0
    width: int = 0
    height: int = 0
    rotation_deg: int = 0
    codec: str = ""
    backend: str = ""
    sha256: str = ""
    has_audio: bool = False
    path: str = ""


@dataclass(frozen=True)
class Clip:
    """Frames of a film and their presentation times; a frame stands until the next one.

    Times rise strictly and are never resampled in place: to see other times, sample the film.
    """

    frames: UInt8[np.ndarray, "t h w 3"]
    times_s: Float64[np.ndarray, "t"]
    origin: Origin

    def __post_init__(self) -> None:
        if self.frames.ndim != 4 or self.frames.shape[-1] != 3 or self.frames.dtype != np.uint8:
            got = f"{self.frames.dtype} {self.frames.shape}"
            raise ShapeError("Clip", "uint8 frames (t h w 3)", got, "Convert to RGB bytes first.")
        if len(self.frames) == 0 or len(self.frames) != len(self.times_s):
            got = f"{len(self.times_s)} times for {len(self.frames)} frames"
            raise ShapeError("Clip", "one time for each of one or more frames", got)
        if not np.isfinite(self.times_s).all() or (np.diff(self.times_s) <= 0).any():
            raise ShapeError(
                "Clip", "finite, rising times", self.times_s.tolist()[:8], "Sort them."
            )

    def __len__(self) -> int:
        return len(self.frames)

    @property
    def duration_s(self) -> float:
        """Length of the whole film, at least up to the last frame."""
        return max(self.origin.duration_s, float(self.times_s[-1]))

    @cached_property
    def address(self) -> str:
        """Content address of pixels and times; the name of the file plays no part."""
        return digest(self.frames, self.times_s, self.duration_s)
