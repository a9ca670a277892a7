"""Track: a waveform that is written next to pictures, never far ahead of them."""

from collections.abc import Callable
from fractions import Fraction

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer

from vtk_notebooks.errors import VtkError
from vtk_notebooks.video.sound import Waveform

CHUNK = 1024
"""Samples given to the encoder at once."""


def track(container: OutputContainer, audio: Waveform) -> Callable[[float], None]:
    """Add a sound track; the function that you get writes it up to a time."""
    codec = "libopus" if container.format.name == "webm" else "aac"
    stream = container.add_stream(codec, rate=audio.rate_hz)
    if not isinstance(stream, AudioStream):
        got = f"{container.format.name!r}, which has no place for it"
        raise VtkError("write_film", "a format with sound", got, "Try .mp4.")
    stream.layout = "mono"
    written = 0

    def write(until_s: float) -> None:
        nonlocal written
        total = len(audio.samples)
        while written < min(total, until_s * audio.rate_hz):
            chunk = audio.samples[written : written + CHUNK]
            frame = AudioFrame.from_ndarray(chunk[None], format="flt", layout="mono")
            frame.rate, frame.pts = audio.rate_hz, written
            frame.time_base = Fraction(1, audio.rate_hz)
            container.mux(stream.encode(frame))
            written += len(chunk)
        if written >= total and until_s == float("inf"):
            container.mux(stream.encode(None))

    return write
