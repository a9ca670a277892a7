"""Frames as small JPEG files, which is how they travel to the browser."""

from collections.abc import Iterable
from io import BytesIO

import numpy as np
from jaxtyping import Int64, UInt8

from vtk_notebooks.clip import Clip


def jpeg(frame: UInt8[np.ndarray, "h w 3"], max_width: int, quality: int = 85) -> bytes:
    """One frame, at most that wide; never enlarged."""
    from PIL import Image

    image = Image.fromarray(frame)
    if image.width > max_width:
        height = max(1, round(image.height * max_width / image.width))
        image = image.resize((max_width, height), Image.Resampling.LANCZOS)
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def end_s(clip: Clip) -> float:
    """When the last frame gives way: the film's end, or one median step where it says none."""
    last_s = float(clip.times_s[-1])
    step_s = float(np.median(np.diff(clip.times_s))) if len(clip) > 1 else 1.0
    return clip.duration_s if clip.duration_s > last_s else last_s + step_s


def frames_at(clip: Clip, times_s: Iterable[float]) -> Int64[np.ndarray, "n"]:
    """Which frame of the clip is on screen at each of these times."""
    wanted = np.asarray(list(times_s), dtype=np.float64) + 1e-6
    return np.clip(np.searchsorted(clip.times_s, wanted, side="right") - 1, 0, len(clip) - 1)
