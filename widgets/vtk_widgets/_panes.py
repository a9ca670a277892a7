"""Recipes beside each other: what widgets read of a run, and its frames as a contact sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.tokens import Tokens
from vtk_widgets._pictures import frames_at, jpeg


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
        before: tokens that went into the first stage, which `keep` counts against.
        label: as in a legend.
    """

    tokens: Tokens
    clip: Clip
    before: int
    label: str


def shown(source: object) -> Shown:
    """A run, or (tokens, clip), as something to draw."""
    if isinstance(source, RunLike):
        first, last = source.stages[0].tokens, source.stages[-1].tokens
        return Shown(last, source.clip, len(first), source.label)
    match source:
        case (Tokens() as tokens, Clip() as clip):
            t, h, w = tokens.grid
            return Shown(tokens, clip, t * h * w, "tokens")
    raise VtkError("TokenMap.of", "a run or (tokens, clip)", type(source).__name__)


def contact_sheet(both: list[Shown], max_width: int) -> tuple[list[bytes], list[dict[str, Any]]]:
    """Thumbnails, each frame once, and where each recipe finds its own among them."""
    number: dict[tuple[str, int], int] = {}
    frames, panes = [], []
    for s in both:
        times_s = s.tokens.times_s.double().tolist()
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
                "grid": list(s.tokens.grid),
                "view": list(s.tokens.view),
                "times_s": times_s,
                "frame_of": frame_of,
            }
        )
    return frames, panes
