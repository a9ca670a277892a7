"""Clip memory: the stream is cut where it changes, and clips shrink to a few tokens and a digest.

After "InternLM-XComposer2.5-OmniLive: A Comprehensive Multimodal System for Long-term Streaming
Video and Audio Interactions" (Zhang et al., 2024, arXiv:2412.09596). As in its released code: a
frame begins a new clip when the clip has 3 frames and is either 16 frames long or less alike than
0.9, by cosine, to the frame before; each clip leaves 64 tokens (short-term) and one digest
(long-term), and the digests of all clips are the overview; a question is compared with the digests
by cosine. Live, one clip above 0.3 is woken, or else the last three frames; when the stream is
over, all clips above 0.2, or else all.

What differs: there a language model of 1.5B compresses clips and mixes digests with each other and
with the question. Nothing is trained here: a clip's tokens are means of its frames over 8 x 8 parts
of them, its digest is the mean of these, and since what is asked for rarely fills a frame, the
question is compared with a clip's best tokens; the thresholds are those of the paper's space and
may not fit another. Which of several clips above 0.3 is woken live could not be verified; here it
is the one most alike. So that memory stays bounded, the two neighbouring clips that are most alike
become one when there are more than `clips`; the released code keeps all, and 32 offline. The clip
that is still open takes part as it is so far.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.blocks.kernels import precise
from vtk_notebooks.blocks.relevance import token_relevance
from vtk_notebooks.blocks.speaking import BEST
from vtk_notebooks.blocks.streaming.ledger import Ledger, Piece
from vtk_notebooks.blocks.streaming.neighbours import clip_ends, first_of_twins
from vtk_notebooks.blocks.streaming.pooling import pooling
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens

_LAST = 3
"""Frames that are looked at live where no clip fits the question."""


@dataclass(frozen=True)
class _Clip:
    """Frames from `first` to before `stop`, as their mean tokens."""

    first: int
    stop: int
    x: Float[Tensor, "m d"]

    def joined(self, after: "_Clip") -> "_Clip":
        a, b = self.stop - self.first, after.stop - after.first
        return _Clip(self.first, after.stop, (self.x * a + after.x * b) / (a + b))


class Recalled(NamedTuple):
    """A clip that a question wakes: first frame, stop, and the cosine; 0 without a question."""

    first: int
    stop: int
    score: float


@register(
    "memory",
    "clip_memory",
    title="Clip memory (OmniLive)",
    paper="InternLM-XComposer2.5-OmniLive: A Comprehensive Multimodal System for Long-term "
    "Streaming Video and Audio Interactions",
    year=2024,
    arxiv="2412.09596",
    atlas=("ixc_omnilive", "dispider"),
)
@dataclass(eq=False)
class ClipMemory:
    """An overview of one token a clip, then what the question wakes.

    Args:
        min_len: frames that a clip has at least; the last one may have fewer.
        max_len: at most, unless clips were joined.
        cut: cosine of neighbouring frames at or below which a clip ends.
        side: parts of a frame's height and width that a clip's tokens stand for.
        clips: that are kept beside the open one.
        mode: "live", or "offline" once the stream is over.
        threshold: cosine above which a clip is woken; None for 0.3 live and 0.2 offline.
        best: part of a clip's tokens, the most alike ones, whose mean cosine that is.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = True

    min_len: int = 3
    max_len: int = 16
    cut: float = 0.9
    side: int = 8
    clips: int = 32
    mode: str = "live"
    threshold: float | None = None
    best: float = BEST

    def __post_init__(self) -> None:
        if not 1 <= self.min_len <= self.max_len or min(self.side, self.clips) < 1:
            expected = "1 <= min_len <= max_len, side and clips of 1 or more"
            raise VtkError("ClipMemory", expected, self)
        if not 0 < self.best <= 1:
            expected = "best in (0, 1]"
            raise VtkError("ClipMemory", expected, self)
        if self.mode not in ("live", "offline"):
            raise VtkError("ClipMemory", "mode 'live' or 'offline'", repr(self.mode))
        self.reset()

    @classmethod
    def example(cls) -> dict[str, Any]:
        """Clips that are full after a dozen frames."""
        return {"min_len": 2, "max_len": 4, "clips": 3, "side": 2}

    def reset(self) -> None:
        self._ledger = Ledger("ClipMemory")
        self._closed: list[_Clip] = []
        self._open: list[Float[Tensor, "m d"]] = []
        self._last: Tensor | None = None

    @property
    def spans(self) -> list[tuple[int, int]]:
        """First frame and stop of each clip, the open one last."""
        return [(clip.first, clip.stop) for clip in self._all()]

    def most(self, cells: tuple[int, int]) -> int:
        n = self._size(cells)[0] * self._size(cells)[1]
        return self.clips + 1 + n * (_LAST if self.mode == "live" else self.clips + 1)

    def write(self, tokens: Tokens, t_s: float | int) -> None:
        for number, frame in self._ledger.enter(tokens, t_s):
            frame = precise(frame)
            seen, lengths = frame.mean(0), (len(self._open), self.min_len, self.max_len)
            if self._last is not None and clip_ends(self._last, seen, *lengths, self.cut):
                self._close(number)
            self._open.append(self._places().to(frame) @ frame)
            self._last = seen

    def read(self, query: Query | None = None) -> Tokens:
        """The overview in the order of the film, then the tokens of what the question wakes.

        Without a question that is the last three frames live, and all clips offline.
        """
        overview, woken = self._overview(), self.recall(query)
        pieces = [piece for clip in woken for piece in self._pieces(clip)]
        return self._ledger.tokens([*overview, *pieces], self.kind)

    def recall(self, query: Query | None = None) -> list[Recalled]:
        """The clips that a question wakes, in the order of the film."""
        live, spans = self.mode == "live", self.spans
        fits: list[Recalled] = []
        if query is not None:
            score = self._scores(query)
            level = (0.3 if live else 0.2) if self.threshold is None else self.threshold
            told = zip(spans, score.tolist(), strict=True)
            fits = [Recalled(*span, cosine) for span, cosine in told if cosine > level]
        if live:
            if fits:
                return [max(fits, key=lambda clip: clip.score)]
            stop = len(self._ledger)
            return [Recalled(max(0, stop - min(_LAST, len(self._open))), stop, 0.0)]
        return fits or [Recalled(*span, 0.0) for span in spans]

    def _scores(self, query: Query) -> Float[Tensor, "k"]:
        """Of each clip, the mean cosine of the tokens that fit the question best."""
        places = self._places()
        pieces = [_piece(clip.first, clip.stop, clip.x, places) for clip in self._all()]
        told = token_relevance(self._ledger.tokens(pieces, self.kind), query)
        told = told.view(len(pieces), len(places))
        return told.topk(math.ceil(self.best * len(places)), dim=1).values.mean(1)

    def _close(self, stop: int) -> None:
        """The open clip becomes one among others; where they are too many, two become one."""
        self._closed.append(self._opened(stop))
        self._open = []
        if len(self._closed) > self.clips:
            mean = torch.stack([clip.x.mean(0) for clip in self._closed])
            twin = first_of_twins(mean)
            self._closed[twin : twin + 2] = [self._closed[twin].joined(self._closed[twin + 1])]

    def _opened(self, stop: int) -> _Clip:
        return _Clip(stop - len(self._open), stop, torch.stack(self._open).mean(0))

    def _all(self) -> list[_Clip]:
        return [*self._closed, self._opened(len(self._ledger))] if self._open else self._closed

    def _overview(self) -> list[Piece]:
        even = self._places().mean(0, keepdim=True)
        return [_piece(c.first, c.stop, c.x.mean(0, keepdim=True), even) for c in self._all()]

    def _pieces(self, woken: Recalled) -> Sequence[Piece]:
        """A clip as its mean; frames that are not a clip of their own one by one."""
        places = self._places()
        for clip in self._all():
            if (clip.first, clip.stop) == woken[:2]:
                return [_piece(clip.first, clip.stop, clip.x, places)]
        frames = range(woken.first, woken.stop)
        held = self._open[-len(frames) :]
        return [Piece.of(x, n, places) for x, n in zip(held, frames, strict=True)]

    def _size(self, cells: tuple[int, int]) -> tuple[int, int]:
        return min(self.side, cells[0]), min(self.side, cells[1])

    def _places(self) -> Float[Tensor, "m s"]:
        return pooling(self._ledger.cells, *self._size(self._ledger.cells))


def _piece(first: int, stop: int, x: Float[Tensor, "m d"], places: Float[Tensor, "m s"]) -> Piece:
    """Tokens that speak for all frames of a clip alike."""
    share = torch.full((stop - first,), 1 / (stop - first), dtype=torch.float64)
    return Piece(x, torch.arange(first, stop), share, places)
