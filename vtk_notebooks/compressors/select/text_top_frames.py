"""Text's top frames: the frames that answer the question best, whole, in their order.

After "Free Video-LLM: Prompt-guided Visual Perception for Efficient Training-free Video LLMs" (Han
et al., 2024, arXiv:2410.10441), the frames of its slow path. As there: no training, a frame's score
is its cosine with the question, the best 3 are kept and put back in order of time.

What differs: the paper compares CLIP's one vector for the image; here a frame's score is the mean
over its few best cells (`best`), because what is asked for rarely fills the frame; `best=1` takes
the mean over all of them.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch

from vtk_notebooks.blocks.relevance import asked, frame_relevance, of_frames
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


@register(
    "compressor",
    "text_top_frames",
    title="Text's top frames (Free Video-LLM)",
    paper=(
        "Free Video-LLM: Prompt-guided Visual Perception for Efficient Training-free Video LLMs"
    ),
    year=2024,
    arxiv="2410.10441",
    atlas=("free_video_llm",),
)
@dataclass(frozen=True)
class TextTopFrames:
    """Whole frames, bit for bit.

    Args:
        frames: to keep.
        best: part of a frame's cells, the most alike ones, that makes its score, in (0, 1].
        keep: above 0, the part of the frames to keep, instead of `frames`.
    """

    kind: ClassVar[Kind] = "hard"
    needs_text: ClassVar[bool] = True

    frames: int = 3
    best: float = 0.05
    keep: float = 0.0

    def __post_init__(self) -> None:
        if self.frames < 1 or not 0 < self.best <= 1:
            got = f"frames={self.frames}, best={self.best}"
            raise VtkError("TextTopFrames", "frames of 1 or more and best in (0, 1]", got)
        if not 0 <= self.keep <= 1:
            raise VtkError("TextTopFrames", "keep in [0, 1]", self.keep, "0 takes `frames`.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        score = frame_relevance(tokens, asked("TextTopFrames", query, tokens), self.best)
        many = min(self._number(len(score)), int(score.isfinite().sum()))
        chosen = torch.zeros_like(score, dtype=torch.bool)
        chosen[score.topk(many).indices] = True
        return of_frames(tokens, chosen)

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        return self._number(t) * h * w, self._number(t) * h * w

    def at(self, keep: float) -> "TextTopFrames":
        """That part of the frames; keep=1 is the identity."""
        if not 0 < keep <= 1:
            raise VtkError("TextTopFrames.at", "keep in (0, 1]", keep, "0.25 keeps a quarter.")
        return replace(self, keep=keep)

    def _number(self, t: int) -> int:
        return min(t, max(1, round(self.keep * t)) if self.keep else self.frames)
