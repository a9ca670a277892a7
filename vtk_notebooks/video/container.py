"""Container: a film opened by FFmpeg, and its packets and frames whatever state they are in.

Everything here forgives: damage is noted in a `Trouble` and the next readable thing follows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain

import av
from av.container import InputContainer
from av.error import EOFError as EndOfStream
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vtk_notebooks.errors import DecodeError
from vtk_notebooks.video.facts import Facts
from vtk_notebooks.video.source import Source
from vtk_notebooks.video.trouble import Trouble


@contextmanager
def opened(source: Source) -> Iterator[InputContainer]:
    """The container; closed on the way out, whatever happens inside."""
    with source.opened() as file:
        try:
            # a title in an old encoding is no reason to refuse a film
            container = av.open(file, mode="r", metadata_errors="replace")
        except FFmpegError as error:
            hint = "Is it a film at all, and whole? Copy or download it again, or convert it."
            got = f"{source.name!r}, which FFmpeg cannot read ({error.strerror})"
            raise DecodeError("open_clip", "a film", got, hint) from error
        with container:
            yield container


@contextmanager
def playing(
    source: Source, facts: Facts, *, steady: bool = False
) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container and its picture stream, ready to decode on all cores.

    Args:
        source: of the film.
        facts: about it.
        steady: on one core; what threads make up for damage depends on which of them was faster.
    """
    with opened(source) as container:
        stream = next(s for s in container.streams.video if s.index == facts.stream)
        stream.thread_type = "NONE" if steady else "AUTO"
        # now, before any option is set to skip frames: some decoders keep those they open with
        stream.codec_context.open(strict=False)
        yield container, stream


def pictures(container: InputContainer, name: str) -> VideoStream:
    """The first stream of moving pictures; cover art is not one."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            if stream.codec_context is None:
                hint = "Convert it to H.264 first."
                raise DecodeError("open_clip", "a codec FFmpeg knows", f"none in {name!r}", hint)
            return stream
    found = "only sound" if container.streams.audio else "neither pictures nor sound"
    hint = "Give a film with a picture track."
    raise DecodeError("open_clip", "a film with pictures", f"{found} in {name!r}", hint)


def packets(
    container: InputContainer, stream: Stream | None = None, *, whole: bool = True
) -> Iterator[Packet]:
    """Compressed frames in the order of decoding, up to where the file can be read.

    A file that is not `whole` may end in half a packet, which is left out.
    """
    demuxed = container.demux(stream) if stream else container.demux()
    while True:
        try:
            packet = next(demuxed, None)
        except FFmpegError:  # the rest is out of reach; `Facts.whole` says so to the user
            return
        if packet is None:
            return
        half = packet.is_corrupt and not whole
        if packet.size and not half:  # an empty packet would mean "the end" to a decoder
            yield packet


def decoded(
    stream: VideoStream, packet: Packet | None, facts: Facts, trouble: Trouble
) -> list[VideoFrame]:
    """The frames that this packet completes; None asks for those still inside the decoder."""
    frames = []
    try:
        frames = stream.codec_context.decode(packet)
    except EndOfStream:
        pass
    except FFmpegError:
        trouble.damage(place_s(packet, facts))
    for frame in frames:
        if frame.is_corrupt:
            trouble.damage(place_s(frame, facts))
    return frames


def shown(
    container: InputContainer, stream: VideoStream, facts: Facts, trouble: Trouble
) -> Iterator[tuple[float, VideoFrame]]:
    """Every frame from the start, with the time at which a viewer sees it; times rise strictly."""
    last: Fraction | None = None
    for packet in chain(packets(container, stream, whole=facts.whole), [None]):
        for frame in decoded(stream, packet, facts, trouble):
            time_s = None if frame.pts is None else facts.time_s(frame.pts)
            if time_s is None or (last is not None and time_s <= last):
                time_s = Fraction(0) if last is None else last + facts.period
            last = time_s
            yield float(time_s), frame


def place_s(timed: Packet | VideoFrame | None, facts: Facts) -> float | None:
    """Roughly where in the film that is, if it can be said."""
    if timed is None or timed.pts is None or not timed.time_base:
        return None
    return float(timed.pts * timed.time_base - facts.zero)


def keyframe_times_s(source: Source, facts: Facts) -> tuple[float, ...]:
    """When key frames are shown; nothing is decoded unless time stamps are missing."""
    with playing(source, facts) as (container, stream):
        if facts.first_pts is None:
            frames = shown(container, stream, facts, Trouble(source.name))
            return tuple(time_s for time_s, frame in frames if frame.key_frame)
        keys = (p for p in packets(container, stream) if p.is_keyframe and not p.is_discard)
        stamps = {max(p.pts, facts.first_pts) for p in keys if p.pts is not None}
        return tuple(float(facts.time_s(pts)) for pts in sorted(stamps))
