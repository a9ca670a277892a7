"""OmniVid at work: a moment and where it moves, as words of one vocabulary."""

from pathlib import Path

import numpy as np

from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import Run, run
from vtk_notebooks.timecodecs.box_tokens import Box, BoxTokens
from vtk_notebooks.timecodecs.span_tokens import SpanTokens

MECHANISMS = ("timecodec:span_tokens", "timecodec:box_tokens")
TESTS = (
    "tests/timecodecs/test_span_tokens.py",
    "tests/timecodecs/test_box_tokens.py",
    "tests/oracles/test_time_codecs.py",
    "tests/papers/timecodecs/test_omnivid.py",
)
DIFFERS = (
    "The encoder and the decoder that writes the words are not here: a training-free head finds "
    "the moment, and the box around what changes most from frame to frame stands in for a track. "
    "Times and places become the nearest word; the released code's own rounding is measured beside."
)
_STILL = 0.9
"""Part of a frame's pixels that count as still."""


def recipe() -> Recipe:
    """All tokens, the best moment in two of a hundred words."""
    return Recipe(timecodec=Part("span_tokens"), name="OmniVid")


def demo(film: Path, query: str) -> Demo:
    """What writing and reading costs a moment in seconds and a track in pixels."""
    done = run(recipe(), film, query)
    track, codec, end_s = _track(done), BoxTokens(), done.clip.duration_s
    read = codec.parse_track(codec.render(codec.encode_track(track, end_s)), end_s)
    size_px = np.array([*done.clip.frames.shape[2:0:-1]] * 2)
    off = [np.abs(np.subtract(a, b)) * size_px for (_, a), (_, b) in zip(track, read, strict=True)]
    late = [abs(a - b) for (a, _), (b, _) in zip(track, read, strict=True)]
    return demo_of(
        done,
        track_boxes=float(len(read)),
        box_error_px=float(np.max(off)),
        track_time_error_s=max(late),
        released_error_bound_s=SpanTokens.omnivid().max_error_s(end_s),
    )


def _track(done: Run) -> list[tuple[float, Box]]:
    """The box around the tenth of each frame that changed most since the one before."""
    grey = done.clip.frames.astype(float).mean(-1)
    track = []
    for change, t_s in zip(np.abs(np.diff(grey, axis=0)), done.clip.times_s[1:], strict=True):
        y, x = np.nonzero(change >= np.quantile(change, _STILL))
        (left, right), (top, bottom) = (np.quantile(v, [0.05, 0.95]) for v in (x, y))
        h, w = change.shape
        track.append((float(t_s), (left / w, top / h, (right + 1) / w, (bottom + 1) / h)))
    return track
