"""Write: a made film or a clip as a film file, with its own times."""

import math
import os
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.codec.codec import UnknownCodecError
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vtk_notebooks.atomic import replacing
from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import unknown
from vtk_notebooks.video.facts import Picture
from vtk_notebooks.video.sound import Waveform
from vtk_notebooks.video.synth.made import MadeFilm
from vtk_notebooks.video.synth.track import track

FINEST = 90_000
"""Ticks a second where frame times fit no coarser clock; 11 microseconds each."""

FORMATS = {
    ".mp4": "mp4",
    ".mov": "mov",
    ".mkv": "matroska",
    ".webm": "webm",
    ".avi": "avi",
    ".ts": "mpegts",
}
"""Ending of a file name -> what FFmpeg calls the format."""

OPTIONS = {
    "h264": {"crf": "12", "preset": "veryfast", "bf": "0"},
    "hevc": {"crf": "12", "x265-params": "log-level=none:bframes=0"},
    "vp9": {"crf": "12", "b": "0", "deadline": "realtime", "cpu-used": "8"},
    "mpeg4": {"q": "2"},
}
"""Good pictures quickly; no frames out of order, so that all durations survive in the file."""


def write_film(
    film: MadeFilm | Clip,
    path: str | os.PathLike[str],
    *,
    codec: str = "h264",
    audio: Waveform | None = None,
    options: dict[str, str] | None = None,
    progress: Callable[[int, int | None], object] | None = None,
) -> Path:
    """Write a film; the file appears under its name only when it is complete.

    Args:
        film: one picture after the other is drawn and written, so that it may be long.
        path: its ending names the container; .mp4, .mkv and .webm are common.
        codec: h264, hevc, vp9, av1 or mpeg4, as FFmpeg names them.
        audio: the sound track; a made film with clicks brings its own.
        options: for the encoder, in place of ours.
        progress: called after each frame.
    """
    path, times_s = Path(path), _times_s(film)
    if audio is None and isinstance(film, MadeFilm) and film.scene.clicks_s:
        audio = film.waveform
    scale = _scale(times_s)
    ticks = [round(t * scale) for t in times_s]
    ticks.append(max(round(film.duration_s * scale), ticks[-1] + 1))
    with replacing(path) as partial, _output(partial) as container:
        height, width = film.scene.size if isinstance(film, MadeFilm) else film.frames.shape[1:3]
        stream = _video(container, codec, (width, height), options)
        stream.codec_context.time_base = Fraction(1, scale)
        sound = track(container, audio) if audio else _silence
        for number, picture in enumerate(_pictures(film)):
            sound(times_s[number])
            _encode(container, stream, picture, ticks, number)
            if progress:
                progress(number + 1, len(times_s))
        _encode(container, stream, None, ticks, 0)
        sound(math.inf)
    return path


def _times_s(film: MadeFilm | Clip) -> list[float]:
    if isinstance(film, Clip):
        return film.times_s.tolist()
    return [film.scene.time_s(number) for number in range(len(film))]


def _pictures(film: MadeFilm | Clip) -> Iterator[Picture]:
    if isinstance(film, Clip):
        yield from film.frames
    else:
        yield from (picture for _, picture in film.frames())


def _scale(times_s: list[float]) -> int:
    """Ticks a second: the coarsest clock that fits the times exactly, if a sane one does."""
    scale = 1
    for time_s in times_s:
        scale = math.lcm(scale, Fraction(time_s).limit_denominator(30_000).denominator)
        if scale > FINEST:
            return FINEST
    return scale * math.ceil(1000 / scale)  # some encoders refuse very slow clocks


@contextmanager
def _output(path: Path) -> Iterator[OutputContainer]:
    if path.suffix not in FORMATS:
        raise unknown("write_film", "ending of the file name", path.suffix, FORMATS)
    try:
        with av.open(str(path), mode="w", format=FORMATS[path.suffix]) as container:
            yield container
    except FFmpegError as error:
        got = f"{error.strerror!r} for {path.suffix!r}"
        hint = "Check that the folder exists, and try .mp4 with h264."
        raise VtkError("write_film", "a place and a format to write to", got, hint) from error


def _video(
    container: OutputContainer,
    codec: str,
    size: tuple[int, int],
    options: dict[str, str] | None,
) -> VideoStream:
    try:
        stream = container.add_stream(codec, options=OPTIONS.get(codec, {}) | (options or {}))
    except UnknownCodecError as error:
        hint = f"Try one of {', '.join(OPTIONS)}."
        raise VtkError("write_film", "a codec that can write", repr(codec), hint) from error
    if not isinstance(stream, VideoStream):
        raise VtkError("write_film", "a codec for pictures", repr(codec), "Try h264.")
    stream.width, stream.height = size
    known = {f.name for f in stream.codec_context.codec.video_formats or ()}
    odd = bool(size[0] % 2 or size[1] % 2) and "yuv444p" in known
    stream.pix_fmt = "yuv444p" if odd else "yuv420p"  # half an odd size is no whole number
    return stream


def _encode(
    container: OutputContainer,
    stream: VideoStream,
    picture: Picture | None,
    ticks: list[int],
    number: int,
) -> None:
    """Write one frame, or with None what the encoder still holds."""
    frame = None
    if picture is not None:
        frame = VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        frame.pts, frame.time_base = ticks[number], stream.codec_context.time_base
    for packet in stream.encode(frame):
        at = bisect_left(ticks, packet.pts or 0)
        packet.duration = ticks[at + 1] - ticks[at]  # else the last would last no time
        container.mux(packet)


def _silence(until_s: float) -> None:
    """What a film without sound writes."""
