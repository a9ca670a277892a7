"""Decord: its frames at our times; here to be compared with, and for people who trust it.

After decord2, the maintained fork of decord (imported as `decord`, which is why this file is not
called so). It reads files on disk only, garbles turned ones, and may hang on damaged ones where
nothing can interrupt it.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from jaxtyping import Float64

from vtk_notebooks.errors import DecodeError
from vtk_notebooks.video.container import packets, playing
from vtk_notebooks.video.facts import SLACK_S, Facts, Picture, Upright
from vtk_notebooks.video.job import Job
from vtk_notebooks.video.picture import REDUCE
from vtk_notebooks.video.source import Source

CHUNK = 8
"""Frames asked for at once: few enough for progress and memory, enough for its own planning."""

_HINT = 'Use backend="pyav".'


def read(job: Job) -> Iterator[tuple[float, Picture]]:
    """The same contract as every backend; times come from the container, for decord rounds them."""
    reader, times_s = _reader(job), _times_s(job.source, job.facts)
    if len(reader) != len(times_s):
        got = f"one that counts {len(reader)} where the file has {len(times_s)}"
        raise DecodeError("decord", "a film whose frames it can count", got, _HINT)
    at = np.searchsorted(times_s, np.array(job.times_s) + float(SLACK_S), side="right") - 1
    numbers = np.unique(at.clip(0))
    for start in range(0, len(numbers), CHUNK):
        chunk = numbers[start : start + CHUNK]
        for number, frame in zip(chunk, reader.get_batch(chunk).asnumpy(), strict=True):
            job.step()
            yield float(times_s[number]), _finish(frame, job)


def _reader(job: Job) -> Any:
    from decord import VideoReader

    if job.source.path is None:
        raise DecodeError("decord", "a file on disk", job.source.name, _HINT)
    if job.facts.upright != Upright():
        got = f"{job.source.name!r}, which is stored turned"
        raise DecodeError("decord", "an upright film", got, _HINT)
    try:
        return VideoReader(str(job.source.path))
    except Exception as error:  # it raises its own class from deep inside
        got = f"{job.source.name!r}, which it refuses"
        raise DecodeError("decord", "a film it can read", got, _HINT) from error


def _times_s(source: Source, facts: Facts) -> Float64[np.ndarray, "t"]:
    with playing(source, facts) as (container, stream):
        shown = [packet for packet in packets(container, stream) if not packet.is_discard]
        stamps = [packet.pts for packet in shown if packet.pts is not None]
    if len(stamps) < len(shown):
        raise DecodeError("decord", "a film with time stamps", source.name, _HINT)
    return np.array([float(facts.time_s(pts)) for pts in sorted(stamps)])


def _finish(frame: Picture, job: Job) -> Picture:
    """Reduced like theirs, but from colours that were rounded first: up to 2 levels off."""
    width, height = job.size
    if frame.shape[:2] == (height, width):
        return frame
    full = VideoFrame.from_ndarray(frame, format="rgb24")
    return full.reformat(width, height, "rgb24", interpolation=REDUCE).to_ndarray()
