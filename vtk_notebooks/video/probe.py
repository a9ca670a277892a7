"""Probe: the facts of a film, found by reading its first frame and its last packets.

Headers are not believed: frame counts are never read, and the length is the end of the last
picture that is really there.
"""

import math
from fractions import Fraction
from itertools import chain
from typing import Any, cast

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vtk_notebooks.errors import DecodeError
from vtk_notebooks.video.container import opened, packets, pictures
from vtk_notebooks.video.facts import Facts, Upright
from vtk_notebooks.video.source import Source


def probe(source: Source) -> Facts:
    """Look at a film; one without a frame to show is refused."""
    with opened(source) as container:
        stream = pictures(container, source.name)
        frame = _first_frame(container, stream, source.name)
        upright = _upright(frame)
        size = (frame.width, frame.height)
        zero, period = _zero(container, stream, frame), _period(stream)
        declared_s = container.duration / 1e6 if container.duration else math.nan
        end_s, any_end_s = _tail_s(container, stream, zero, period)
        if end_s is None:
            end_s, any_end_s = _count_s(source, zero, period)
        late_s = declared_s - float(any_end_s)
        return Facts(
            stream=stream.index,
            zero=zero,
            tick=_tick(stream),
            first_pts=frame.pts,
            period=period,
            duration_s=float(end_s),
            width=size[upright.transpose],
            height=size[not upright.transpose],
            upright=upright,
            codec=stream.codec_context.codec.name,
            has_audio=bool(container.streams.audio),
            whole=frame.pts is None or not late_s > max(0.5, 2 * float(period)),
            declared_s=declared_s,
        )


def _first_frame(container: InputContainer, stream: VideoStream, name: str) -> VideoFrame:
    for packet in chain(packets(container, stream), [None]):
        try:
            frames = stream.codec_context.decode(packet)
        except FFmpegError:
            continue
        if frames:
            return frames[0]
    hint = "It is empty or damaged from the start: copy or download it again."
    raise DecodeError("open_clip", "a film with frames", f"none in {name!r}", hint)


def _upright(frame: VideoFrame) -> Upright:
    """The nearest of the eight ways to hold a picture, from the display matrix."""
    matrix = frame.side_data.get(cast(Any, Type.DISPLAYMATRIX))
    if matrix is None:
        return Upright()
    a, b, _, c, d = np.frombuffer(bytes(matrix), np.int32)[:5].tolist()
    if abs(b) > abs(a):  # columns become rows
        return Upright(transpose=True, flip_rows=b < 0, flip_columns=c < 0)
    return Upright(flip_rows=d < 0, flip_columns=a < 0)


def _tick(stream: VideoStream) -> Fraction:
    return stream.time_base or Fraction(1, 1_000_000)


def _period(stream: VideoStream) -> Fraction:
    return 1 / (stream.average_rate or stream.guessed_rate or Fraction(25))


def _zero(container: InputContainer, stream: VideoStream, frame: VideoFrame) -> Fraction:
    """The earliest picture or sound: a late picture track stays late."""
    tracks = [stream, *container.streams.audio]
    starts = [s.start_time * s.time_base for s in tracks if s.start_time is not None]
    first = [] if frame.pts is None else [frame.pts * _tick(stream)]
    return min(starts + first, default=Fraction(0))


def _tail_s(
    container: InputContainer, stream: VideoStream, zero: Fraction, period: Fraction
) -> tuple[Fraction | None, Fraction]:
    """Where pictures end, and where anything ends, read from the last key frame on."""
    declared_s = Fraction((container.start_time or 0) + (container.duration or 0), 1_000_000)
    before_s = max(Fraction(1), 32 * period)  # the last to be shown need not be the last to be read
    try:
        container.seek(int((declared_s - before_s) * 1_000_000))
    except (FFmpegError, OverflowError):
        return None, Fraction(0)
    return _ends_s(container, stream, zero, period)[:2]


def _count_s(source: Source, zero: Fraction, period: Fraction) -> tuple[Fraction, Fraction]:
    """The same for what cannot be sought in: every packet is read, none is decoded."""
    with opened(source) as container:
        stream = pictures(container, source.name)
        end, any_end, count = _ends_s(container, stream, zero, period)
    counted = count * period if end is None else end
    return counted, max(any_end, counted)


def _ends_s(
    container: InputContainer, stream: VideoStream, zero: Fraction, period: Fraction
) -> tuple[Fraction | None, Fraction, int]:
    end, any_end, count = None, Fraction(0), 0
    for packet in packets(container):
        seen = packet.stream_index == stream.index
        count += seen
        if packet.pts is None or not packet.time_base or packet.is_corrupt:
            continue
        lasts = (packet.duration or 0) * packet.time_base or (period if seen else 0)
        stop = packet.pts * packet.time_base - zero + lasts
        any_end = max(any_end, stop)
        if seen and not packet.is_discard:
            end = stop if end is None else max(end, stop)
    return end, any_end, count
