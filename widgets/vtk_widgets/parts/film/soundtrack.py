"""Sound as small pieces that browsers decode: Opus in WebM, mono."""

from functools import lru_cache
from io import BytesIO

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.error import FFmpegError
from jaxtyping import Float32

from vtk_notebooks.video import Film
from vtk_notebooks.video.container import opened, packets

RATE_HZ = 24_000
BIT_RATE = 24_000  # a second of speech in 3 kB
PIECE_S = 20.0
MOST_BYTES = 2**20  # sent along, six minutes; a longer track stays with its film and a kernel
GAP_S = 0.1  # shorter differences between time stamps and samples are rounding


@lru_cache
def can_encode() -> bool:
    """Whether this build of FFmpeg writes Opus."""
    return "libopus" in av.codecs_available


def count(duration_s: float) -> int:
    """How many pieces a film of that length has."""
    return max(1, int(np.ceil(duration_s / PIECE_S - 1e-9)))


def piece(film: Film, number: int) -> bytes:
    """One piece of the film's sound track, as it is sent."""
    start_s = number * PIECE_S
    return encoded(stretch(film, start_s, min(start_s + PIECE_S, film.duration_s)))


def stretch(film: Film, start_s: float, end_s: float) -> Float32[np.ndarray, "n"]:
    """The samples between two times on the clock of the pictures; silence where there are none."""
    out = np.zeros(max(1, round((end_s - start_s) * RATE_HZ)), np.float32)
    zero_s, resampler, at = float(film.facts.zero), None, 0
    with opened(film.source) as container:
        stream = container.streams.audio[0]
        container.seek(max(0, int((start_s + zero_s - 0.2) * 1e6)), backward=True)
        for packet in packets(container, stream):
            try:
                frames = stream.codec_context.decode(packet)
            except FFmpegError:
                continue  # damage is silence
            for frame in frames:
                time_s = (frame.time or 0.0) - zero_s
                if time_s >= end_s:
                    return out
                due = round((time_s - start_s) * RATE_HZ)
                if resampler is None or abs(due - at) > GAP_S * RATE_HZ:
                    resampler, at = AudioResampler("flt", "mono", RATE_HZ), due
                for chunk in resampler.resample(frame):
                    at = _put(out, chunk.to_ndarray()[0], at)
    return out


def encoded(samples: Float32[np.ndarray, "n"]) -> bytes:
    """Samples at `RATE_HZ` as a WebM file."""
    out = BytesIO()
    with av.open(out, "w", format="webm") as container:
        stream = container.add_stream("libopus", rate=RATE_HZ, layout="mono")
        stream.bit_rate = BIT_RATE
        frame = AudioFrame.from_ndarray(np.clip(samples, -1, 1)[None], format="flt", layout="mono")
        frame.sample_rate = RATE_HZ
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return out.getvalue()


def _put(out: Float32[np.ndarray, "n"], samples: np.ndarray, at: int) -> int:
    """Write samples from a place on, as far as they lie inside; where the next ones belong."""
    first, last = max(0, at), min(len(out), at + len(samples))
    if first < last:
        out[first:last] = samples[first - at : last - at]
    return at + len(samples)
