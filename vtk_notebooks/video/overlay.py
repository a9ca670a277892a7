"""Overlay: pictures brought to a size, and words written onto frames."""

import numpy as np
from jaxtyping import UInt8

from vtk_notebooks.errors import ShapeError

STRIP = 0.14
"""Part of a frame's height in which words stand."""


def fitted(picture: np.ndarray, size: tuple[int, int]) -> UInt8[np.ndarray, "h w 3"]:
    """A picture (y x 3, RGB bytes) in a frame of (height, width), whole, with black bars."""
    from PIL import Image

    if picture.ndim != 3 or picture.shape[-1] != 3 or picture.dtype != np.uint8:
        got = f"{picture.dtype} {picture.shape}"
        raise ShapeError("fitted", "a uint8 picture (y x 3)", got, "Convert to RGB bytes first.")
    if picture.shape[:2] == size:
        return picture
    scale = min(have / want for have, want in zip(size, picture.shape, strict=False))
    height, width = (max(1, round(scale * side)) for side in picture.shape[:2])
    small = Image.fromarray(picture).resize((width, height), Image.Resampling.BICUBIC)
    out = np.zeros((*size, 3), np.uint8)
    top, left = (size[0] - height) // 2, (size[1] - width) // 2
    out[top : top + height, left : left + width] = np.array(small)
    return out


def written(frames: UInt8[np.ndarray, "t h w 3"], text: str) -> UInt8[np.ndarray, "t h w 3"]:
    """The frames with a line of white words in a black strip at the bottom."""
    from PIL import Image, ImageDraw, ImageFont

    _, height, width, _ = frames.shape
    strip = max(1, round(STRIP * height))
    canvas = Image.new("RGB", (width, strip))
    font = ImageFont.load_default(size=max(6.0, 0.75 * strip))
    wide = max(1.0, font.getlength(text) / (0.96 * width))  # a long line is written smaller
    font = ImageFont.load_default(size=max(6.0, 0.75 * strip / wide))
    ImageDraw.Draw(canvas).text((width / 2, strip / 2), text, "white", font, anchor="mm")
    out = frames.copy()
    out[:, -strip:] = np.array(canvas)
    return out
