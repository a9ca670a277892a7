"""Films made with PyAV alone, and what is in them by PyAV's plainest decoding."""

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest
from av.video.stream import VideoStream

OPTIONS = {
    "h264": {"preset": "ultrafast", "crf": "18", "bf": "3", "g": "12"},
    "hevc": {"preset": "ultrafast", "x265-params": "log-level=none:keyint=12:bframes=3"},
    "vp9": {"deadline": "realtime", "cpu-used": "8", "g": "12"},
    "mpeg4": {"g": "12", "bf": "2"},
    "mpeg2video": {"g": "12", "bf": "2"},
}


def picture(number, size):
    """Coarse blocks that move on and change colour: no two numbers look alike."""
    height, width = size
    rows, columns = np.mgrid[:height, :width] // 8
    level = (rows * 5 + columns * 3 + number) * 37 % 256
    return np.stack([level, (level + 11 * number) % 256, 255 - level], -1).astype(np.uint8)


def encode(
    path, times_s, *, size=(48, 64), codec="h264", options=None, scale=90_000, turn=None, title=""
):
    """Write a film with these presentation times."""
    with av.open(str(path), "w") as container:
        if title:
            container.metadata["title"] = title
        how = options or OPTIONS.get(codec, {})
        stream = cast(VideoStream, container.add_stream(codec, rate=25, options=how))
        stream.height, stream.width = size
        odd = size[0] % 2 or size[1] % 2
        stream.pix_fmt = "yuv444p" if odd else "yuv420p"
        stream.codec_context.time_base = Fraction(1, scale)
        if turn is not None:
            stream.set_display_rotation(turn[0], **turn[1])
        for number, time_s in enumerate(times_s):
            frame = av.VideoFrame.from_ndarray(picture(number, size), format="rgb24")
            frame.pts, frame.time_base = round(time_s * scale), Fraction(1, scale)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return Path(path)


def decode(path):
    """All frames with their times from the container's start, straight from PyAV."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        tick, shown = stream.time_base or Fraction(1), list(container.decode(stream))
        times = [float(((f.pts or 0) - (stream.start_time or 0)) * tick) for f in shown]
        return np.array(times), np.stack([f.to_ndarray(format="rgb24") for f in shown])


@pytest.fixture(scope="session")
def films(tmp_path_factory):
    """A folder to make films in, and the two functions above."""

    class Films:
        folder = tmp_path_factory.mktemp("films")
        decode = staticmethod(decode)
        picture = staticmethod(picture)

        def make(self, name, times_s, **how):
            return encode(self.folder / name, times_s, **how)

        def even(self, name, frames=60, **how):
            return self.make(name, [n / 25 for n in range(frames)], **how)

    return Films()
