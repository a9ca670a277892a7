"""Walk: packets are read ahead of the decoder, so that it meets only those worth decoding.

Time stamps of packets tell which one holds each wanted frame, before anything is decoded. Then
- a key frame at or before the next wanted time makes everything before it superfluous; the file's
  own index, where it has one, lets us jump there without reading what lies between;
- a frame on which no other depends is skipped unless it is wanted;
- decoding stops at the last wanted packet.
"""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterator

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vtk_notebooks.video.container import decoded, packets
from vtk_notebooks.video.job import Job

AHEAD = 320
"""Most packets held back while looking for a key frame; encoders' groups default to 250."""

MARGIN_S = 0.5
"""Indexes give decoding times, which run ahead of presentation by less than this."""


NEVER, FOREVER = -(2**63), 2**63


class Astray(Exception):
    """Time stamps do not tell enough, or the decoder did not give what they promised."""


class Walk:
    """One pass over a film that yields the frames seen at the wanted times, in order."""

    def __init__(self, container: InputContainer, stream: VideoStream, job: Job) -> None:
        if job.facts.first_pts is None:
            raise Astray
        self._container, self._stream, self._job = container, stream, job
        self._first = first = job.facts.first_pts
        self._limits = sorted({max(job.facts.ticks(t), first) for t in job.times_s})
        self._answered = [False] * len(self._limits)
        self._due: set[int] = set()  # time stamps of frames that the decoder owes us
        self._fed = False
        self._awaited: int | None = None  # the key frame that must come out first
        self._jumped_to = first
        self._begin(start=NEVER)

    def frames(self) -> Iterator[VideoFrame]:
        """The wanted frames."""
        for number, limit in enumerate(self._limits):
            while not self._answered[number]:
                yield from self._look_ahead(limit)
                yield from self._feed(self._ahead.popleft())
        yield from self._drain()

    def _begin(self, start: int | None) -> None:
        """Forget what was read; decoding will start at the key frame with that time stamp."""
        self._packets = packets(self._container, self._stream, whole=self._job.facts.whole)
        self._ahead: deque[Packet] = deque()
        self._stamps: list[int] = []  # of all packets since the start, sorted
        self._start = start
        self._read_dts = NEVER  # every time stamp below it has been read
        self._ended = False

    def _look_ahead(self, limit: int) -> Iterator[VideoFrame]:
        """Read until the oldest packet can be judged, and no key frame before the limit is left."""
        yield from self._jump(limit)
        while not self._ended and not (self._read_dts > limit and self._clear()):
            if len(self._ahead) == AHEAD:
                break
            packet = next(self._packets, None)
            self._ended = packet is None
            if packet is not None:
                yield from self._take(packet, limit)
        if not self._ahead or not self._clear():
            raise Astray

    def _jump(self, limit: int) -> Iterator[VideoFrame]:
        """Seek, if the index knows a key frame beyond what was read and safely before the limit."""
        index, margin = self._stream.index_entries, int(MARGIN_S / self._job.facts.tick)
        number = index.search_timestamp(limit - margin)
        stamp = index[number].timestamp if number >= 0 else NEVER
        if stamp > max(self._read_dts, self._jumped_to):
            yield from self._drain()
            self._jumped_to = stamp
            self._seek(limit, margin)

    def _seek(self, limit: int, margin: int) -> None:
        self._margin = margin
        try:
            self._container.seek(limit - margin, stream=self._stream)
        except FFmpegError as error:
            raise Astray from error
        self._begin(start=None)

    def _take(self, packet: Packet, limit: int) -> Iterator[VideoFrame]:
        """Put a packet in the queue; a key frame in time for the limit empties it first."""
        pts, dts = packet.pts, packet.dts
        if pts is None or (dts is not None and not self._read_dts <= dts <= pts):
            raise Astray
        if packet.is_keyframe and pts <= limit and (self._ahead or self._start is None):
            yield from self._drain()
            self._ahead.clear()
            self._stamps.clear()
            self._start = self._awaited = pts
        if self._start is None:  # the jump went too far
            if limit - self._margin < self._first:
                raise Astray
            return self._seek(limit, 4 * self._margin)
        self._read_dts = self._read_dts if dts is None else dts
        if pts >= self._start:  # earlier ones depend on frames before the key frame
            self._ahead.append(packet)
            if not packet.is_discard:
                insort(self._stamps, pts)

    def _until(self, pts: int) -> int:
        """The time stamp of the next frame in order of presentation, as far as is known."""
        after = bisect_right(self._stamps, pts)
        return self._stamps[after] if after < len(self._stamps) else FOREVER

    def _clear(self) -> bool:
        """Whether it is certain when the oldest packet's frame gives way to the next."""
        return bool(self._ahead) and (
            self._ended or self._until(self._ahead[0].pts or 0) <= self._read_dts
        )

    def _feed(self, packet: Packet) -> Iterator[VideoFrame]:
        """Decode a packet; skip what nobody asked for and no other frame needs."""
        pts = packet.pts or 0
        first, stop = (bisect_left(self._limits, at) for at in (pts, self._until(pts)))
        wanted = not all(self._answered[first:stop]) and not packet.is_discard
        if wanted:
            self._due.add(pts)
            self._answered[first:stop] = [True] * (stop - first)
        self._stream.codec_context.skip_frame = "DEFAULT" if wanted else "NONREF"
        self._fed = True
        self._job.step()
        yield from self._decode(packet)

    def _drain(self) -> Iterator[VideoFrame]:
        """Collect what is due and make the decoder forget the rest."""
        if self._due:
            yield from self._decode(None)
        if self._due:
            raise Astray
        if self._fed:
            self._stream.codec_context.flush_buffers()
        self._fed = False

    def _decode(self, packet: Packet | None) -> Iterator[VideoFrame]:
        frames = decoded(self._stream, packet, self._job.facts, self._job.trouble)
        if self._job.trouble:
            raise Astray
        for frame in frames:
            if self._awaited not in (None, frame.pts):
                raise Astray  # the key frame was none: its decoding needs what we left out
            self._awaited = None
            if frame.pts in self._due:
                if frame.pts != min(self._due):
                    raise Astray  # an earlier one is lost
                self._due.remove(frame.pts)
                yield frame
