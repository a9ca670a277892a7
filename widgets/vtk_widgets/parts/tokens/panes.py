"""Recipes beside each other: what widgets read of a run, and its frames as a contact sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.tokens import Tokens
from vtk_widgets.parts.film.pictures import frames_at, jpeg

MOST_FRAMES = 512
MOST_CELLS = 1_000_000
"""More than these are not sent to a browser: some frames stand for all, and the map says so."""


@runtime_checkable
class RunLike(Protocol):
    """The part of `vtk_notebooks.runs.Run` that widgets read."""

    @property
    def clip(self) -> Clip: ...
    @property
    def stages(self) -> Sequence[Any]: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True)
class Shown:
    """Tokens to draw over a clip.

    Args:
        start: tokens that went into the first stage, which `keep` counts against.
        label: as in a legend.
    """

    tokens: Tokens
    clip: Clip
    start: Tokens
    label: str

    @property
    def before(self) -> int:
        """How many there were."""
        return len(self.start)

    @property
    def picks(self) -> list[int]:
        """Frames of the grid that are shown: all, or as many as a browser bears, evenly chosen."""
        t, h, w = self.tokens.grid
        most = max(1, min(t, MOST_FRAMES, MOST_CELLS // (h * w)))
        return np.linspace(0, t - 1, most).round().astype(int).tolist()


def shown(source: object) -> Shown:
    """A run, or (tokens, clip), as something to draw."""
    if isinstance(source, RunLike):
        first, last = source.stages[0].tokens, source.stages[-1].tokens
        return Shown(last, source.clip, first, source.label)
    match source:
        case (Tokens() as tokens, Clip() as clip):
            return Shown(tokens, clip, _bare(tokens), "tokens")
    raise VtkError("TokenMap.of", "a run or (tokens, clip)", type(source).__name__)


def contact_sheet(both: list[Shown], max_width: int) -> tuple[list[bytes], list[dict[str, Any]]]:
    """Thumbnails, each frame once, and where each recipe finds its own among them."""
    number: dict[tuple[str, int], int] = {}
    frames, panes = [], []
    for s in both:
        picks, (t, h, w) = s.picks, s.tokens.grid
        times_s = s.tokens.times_s.double()[picks].tolist()
        frame_of = []
        for index in frames_at(s.clip, times_s).tolist():
            key = (s.clip.address, index)
            if key not in number:
                number[key] = len(frames)
                frames.append(jpeg(s.clip.frames[index], max_width))
            frame_of.append(number[key])
        panes.append(
            {
                "label": s.label,
                "before": s.before,
                "grid": [len(picks), h, w],
                "of_frames": t,
                "view": list(s.tokens.view),
                "times_s": times_s,
                "frame_of": frame_of,
            }
        )
    return frames, panes


def _bare(tokens: Tokens) -> Tokens:
    """One token per cell of the same film, without features: enough to choose from by number."""
    t, h, w = tokens.grid
    return Tokens.from_grid(torch.zeros(t, h, w, 1), tokens.times_s.cpu(), tokens.duration_s)
