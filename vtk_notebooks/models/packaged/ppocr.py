"""PP-OCR: what is written in the frames of a film and where, from rapidocr and onnxruntime.

After "PP-OCR: A Practical Ultra Lightweight OCR System" (Du et al., 2020, arXiv:2009.09941), in its
sixth version as RapidOCR ships it for ONNX: one network finds lines, one turns those that stand on
their head, one reads them (Chinese and Latin script). Every frame is read by itself: the same title
in ten frames is ten lines, and `titles` joins what stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32

from vtk_notebooks.clip import Clip
from vtk_notebooks.models.adapters import Record
from vtk_notebooks.models.bundled import OCR, missing
from vtk_notebooks.models.steps import Cancel, Progress, Steps
from vtk_notebooks.moment import Moment


@dataclass(frozen=True)
class Line:
    """A line of text in one frame.

    Args:
        text: as read; untrusted, as all text from outside.
        score: how sure the reader is, in [0, 1].
        corners: x and y of its four corners from the top left one clockwise, as parts of the
            frame's width and height.
        frame: its number in the clip.
        time_s: when that frame is shown.
    """

    text: str
    score: float
    corners: Float32[np.ndarray, "4 2"]
    frame: int
    time_s: float


class PPOCR:
    """Frames in, lines of text with places out.

    Args:
        record: what was loaded.
        paths: of its three networks.
    """

    def __init__(self, record: Record, paths: dict[str, Path]) -> None:
        try:
            from rapidocr import RapidOCR
        except ImportError:
            raise missing("rapidocr", OCR) from None
        files = {"Det": "ppocr-find", "Cls": "ppocr-turn", "Rec": "ppocr-read"}
        named = {f"{part}.model_path": str(paths[name]) for part, name in files.items()}
        self.record = record
        self.model: Any = RapidOCR(params={"Global.log_level": "critical", **named})

    def __repr__(self) -> str:
        return f"PPOCR({self.record.id}; licence: {self.record.licence})"

    def weights(self) -> str:
        """What the weights are, for a record."""
        return self.record.label

    def spot(
        self, clip: Clip, *, progress: Progress | None = None, cancel: Cancel | None = None
    ) -> list[Line]:
        """Every line of every frame, in order of frames and from top to bottom.

        Args:
            clip: frames of 480 pixels or more on their short side are read best.
            progress: told frames that were read.
            cancel: asked before each frame whether to stop.
        """
        steps, found = Steps("spot", progress, cancel), list[Line]()
        for number, picture in enumerate(clip.frames):
            steps("read", number, len(clip))
            seen = self.model(np.ascontiguousarray(picture[..., ::-1]))  # it wants blue first
            size = np.array(picture.shape[1::-1], np.float32)
            for corners, text, score in zip(*_parts(seen), strict=True):
                part = np.clip(np.asarray(corners, np.float32) / size, 0, 1)
                time_s = float(clip.times_s[number])
                found.append(Line(text, float(score), part, number, time_s))
        steps("read", len(clip), len(clip))
        return found


def titles(lines: Iterable[Line], clip: Clip) -> list[Moment]:
    """The same text in frames that follow each other is one moment, as long as they stand.

    Args:
        lines: of `PPOCR.spot`.
        clip: they were read from.
    """
    best: dict[str, dict[int, float]] = {}
    for line in lines:
        frames = best.setdefault(line.text, {})
        frames[line.frame] = max(line.score, frames.get(line.frame, 0.0))
    ends_s = [*clip.times_s[1:].tolist(), clip.duration_s]
    found = list[Moment]()
    for text, frames in best.items():
        shown = sorted(frames)
        cuts = [i for i, (a, b) in enumerate(pairwise(shown), 1) if b > a + 1]
        for first, stop in zip([0, *cuts], [*cuts, len(shown)], strict=True):
            run = shown[first:stop]
            start_s, end_s = float(clip.times_s[run[0]]), float(ends_s[run[-1]])
            if end_s > start_s:  # the last frame of a film that ends there is shown for no time
                found.append(Moment(start_s, end_s, max(frames[i] for i in run), text))
    return sorted(found, key=lambda m: (m.start_s, m.end_s))


def _parts(seen: Any) -> tuple[Any, Any, Any]:
    """Boxes, texts and scores; it gives None where there is no text."""
    return ((), (), ()) if seen.boxes is None else (seen.boxes, seen.txts, seen.scores)
