"""Frame player: the frames as the model got them, at the times they were shown."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from traitlets import Bytes, Float, Int, List

from vtk_notebooks.clip import Clip
from vtk_widgets._assets import css, esm
from vtk_widgets._pictures import end_s, jpeg
from vtk_widgets.selection import Linked, Selection

if TYPE_CHECKING:
    from PIL.Image import Image


class FramePlayer(Linked):
    """Play, scrub and step through a clip. The clock runs in the browser, by presentation time.

    Keys: space plays, left and right step a frame, with shift to the next frame the model saw,
    Home and End jump.
    """

    _esm = esm(__file__)
    _css = css(__file__)

    frames = List(Bytes(), help="JPEG, one per frame").tag(sync=True)
    times_s = List(Float(), help="presentation time of each frame, rising").tag(sync=True)
    seen_s = List(Float(), help="times of the frames that the model saw").tag(sync=True)
    duration_s = Float(0.0, help="when the last frame gives way").tag(sync=True)
    width = Int(0, help="of a frame, in pixels").tag(sync=True)
    height = Int(0, help="of a frame, in pixels").tag(sync=True)

    @classmethod
    def of(
        cls,
        clip: Clip,
        selection: Selection | None = None,
        *,
        seen: Clip | Iterable[float] | None = None,
        max_width: int = 640,
    ) -> "FramePlayer":
        """Play this clip.

        Args:
            clip: what to play.
            selection: shared with the widgets that shall move along.
            seen: the clip the model got, or its times, when `clip` has more frames than that.
            max_width: of the pictures that are sent; they are never enlarged.
        """
        seen_s = clip.times_s if seen is None else seen.times_s if isinstance(seen, Clip) else seen
        width = min(max_width, clip.frames.shape[2])
        return cls(
            frames=[jpeg(frame, max_width) for frame in clip.frames],
            times_s=clip.times_s.tolist(),
            seen_s=[float(s) for s in np.asarray(list(seen_s))],
            duration_s=end_s(clip),
            width=width,
            height=max(1, round(clip.frames.shape[1] * width / clip.frames.shape[2])),
            **({} if selection is None else {"selection": selection}),
        )

    def snapshot(self) -> "Image | None":
        """A film strip of at most six frames."""
        from vtk_widgets._snapshot import film_strip

        return film_strip(self.frames, most=6) if self.frames else None

    def __repr__(self) -> str:
        return f"FramePlayer({len(self.frames)} frames, {self.duration_s:.2f} s)"
