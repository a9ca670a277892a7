"""Picture: a decoded frame as upright RGB bytes of the wanted size."""

from collections.abc import Callable

from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from vtk_notebooks.video.facts import Facts, Picture

REDUCE = (  # without the last three, swscale takes the colour of a block from one of its pixels
    Interpolation.AREA
    | Interpolation.FULL_CHR_H_INP
    | Interpolation.FULL_CHR_H_INT
    | Interpolation.ACCURATE_RND
)
"""Averages areas, so that fine patterns do not turn into coarse ones."""


def painter(facts: Facts, size: tuple[int, int]) -> Callable[[VideoFrame], Picture]:
    """A function from frames to pictures; it keeps the scaler that they share.

    The colour matrix follows the tags of the film. Non-square pixels stay as they are stored.
    """
    scaler = VideoReformatter()
    width, height = size[facts.upright.transpose], size[not facts.upright.transpose]

    def paint(frame: VideoFrame) -> Picture:
        same = (frame.width, frame.height) == (width, height)
        rgb = scaler.reformat(frame, width, height, "rgb24", interpolation=None if same else REDUCE)
        return facts.upright(rgb.to_ndarray())

    return paint
