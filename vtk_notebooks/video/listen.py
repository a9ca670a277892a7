"""Listen: decode, mix down and resample the first sound track, on the clock of the pictures."""

from collections.abc import Iterator
from itertools import chain

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.error import EOFError as EndOfStream
from av.error import FFmpegError
from av.packet import Packet
from jaxtyping import Float32

from vtk_notebooks.errors import DecodeError, VtkError
from vtk_notebooks.video.container import opened, packets, place_s
from vtk_notebooks.video.facts import Facts
from vtk_notebooks.video.sound import Waveform
from vtk_notebooks.video.source import Source
from vtk_notebooks.video.trouble import Trouble

GAP_S = 0.1
"""Shorter differences between time stamps and samples are rounding; longer ones become silence."""


def listen(source: Source, facts: Facts, rate_hz: int, trouble: Trouble) -> Waveform:
    """The whole track; it is an error if there is none."""
    if not isinstance(rate_hz, int) or rate_hz <= 0:
        raise VtkError("audio", "a rate above 0", repr(rate_hz), "Try rate_hz=16000.")
    with opened(source) as container:
        if not container.streams.audio:
            hint = "Check film.origin.has_audio first."
            raise DecodeError("audio", "a film with sound", f"{source.name!r}, a silent one", hint)
        stream = container.streams.audio[0]
        heard = _heard(chain(packets(container, stream), [None]), stream, trouble, facts)
        samples = list(_resampled(heard, facts, rate_hz))
    return Waveform(np.concatenate([np.zeros(0, np.float32), *samples]), rate_hz)


def _heard(
    packed: Iterator[Packet | None], stream: AudioStream, trouble: Trouble, facts: Facts
) -> Iterator[AudioFrame]:
    for packet in packed:
        try:
            yield from stream.codec_context.decode(packet)
        except EndOfStream:
            return
        except FFmpegError:
            trouble.damage(place_s(packet, facts))


def _resampled(
    frames: Iterator[AudioFrame], facts: Facts, rate_hz: int
) -> Iterator[Float32[np.ndarray, "_n"]]:
    """Chunks that follow each other without a gap; missing stretches are filled with silence."""
    resampler, total = None, 0
    for frame in frames:
        due = total if frame.time is None else round((frame.time - float(facts.zero)) * rate_hz)
        if resampler is None or due - total > GAP_S * rate_hz:
            for chunk in _rest(resampler):
                total += len(chunk)
                yield chunk
            yield np.zeros(max(0, due - total), np.float32)
            total = max(due, total)
            resampler = AudioResampler("flt", "mono", rate_hz)
        for chunk in resampler.resample(frame):
            total += chunk.samples
            yield chunk.to_ndarray()[0]
    yield from _rest(resampler)


def _rest(resampler: AudioResampler | None) -> list[Float32[np.ndarray, "_n"]]:
    """What a resampler still holds."""
    return [chunk.to_ndarray()[0] for chunk in resampler.resample(None)] if resampler else []
