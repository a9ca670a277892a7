"""Propagated memory: each clip is condensed together with the memory of the one before it.

After "Streaming Long Video Understanding with Large Language Models" (Qian et al., 2024,
arXiv:2405.16009), VideoStreaming. No code was released, and all details here are from memory or
secondary text: clips of 16 frames; a clip's frames F, their pooled summary S and its mean follow
the memory H of the clip before into a causal encoder; what comes out in the place of S is the
clip's memory, in the place of the mean its indicator; the question's vector is compared with the
indicators by cosine, and the V = 4 best clips are read, chosen by Gumbel top-k, whose noise serves
training, and whose choice passes the slope of a softmax over all clips on to the question. So it
costs the same however long the film.

What differs: the encoder is no language model (Phi-2 there). It is one causal attention without
weights of its own, over the means of frames, half of which stands beside half of what was there;
so a memory is an exact mixture of the frames of its clip and, ever more faintly, of all before. The
question does not hear the memories: its vector is compared in the space that it shares with frames.
Four tokens are averaged to one, there they are stacked. `clips` bounds how many memories are kept;
the oldest leave first, and live on only in what was propagated. The last clip may be shorter.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import cosine_similarity

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.kernels import precise
from vtk_notebooks.blocks.mixtures import attention, runs
from vtk_notebooks.blocks.streaming.gumbel import gumbel_topk, straight_through
from vtk_notebooks.blocks.streaming.ledger import Ledger, Piece
from vtk_notebooks.blocks.streaming.pooling import pooling
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


class _Memory(NamedTuple):
    """Of one clip: its number, its memory, and its indicator."""

    clip: int
    x: Float[Tensor, "m p d"]
    indicator: Float[Tensor, "d"]


@register(
    "memory",
    "propagated",
    title="Propagated memory (VideoStreaming)",
    paper="Streaming Long Video Understanding with Large Language Models",
    year=2024,
    arxiv="2405.16009",
    atlas=("video_streaming",),
)
@dataclass(eq=False)
class PropagatedMemory:
    """The memories of the clips that fit a question best, in the order of the film.

    Args:
        frames: of a clip.
        summary: moments of a clip that its memory has.
        pool: cells a side that become one token.
        select: clips that are read.
        clips: whose memory is kept, at most.
        tau: above 0, how much Gumbel noise the choice hears, as in training.
        seed: of that noise.
    """

    kind: ClassVar[Kind] = "attn"
    needs_text: ClassVar[bool] = True

    frames: int = 16
    summary: int = 4
    pool: int = 2
    select: int = 4
    clips: int = 256
    tau: float | int = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not (1 <= self.summary <= self.frames and 1 <= self.select <= self.clips):
            got = (self.summary, self.frames, self.select, self.clips)
            expected = "1 <= summary <= frames and 1 <= select <= clips"
            raise VtkError("PropagatedMemory", expected, got)
        if self.pool < 1 or not self.tau >= 0:
            got = f"pool={self.pool}, tau={self.tau}"
            raise VtkError("PropagatedMemory", "a pool of 1 or more and tau of 0 or more", got)
        self.reset()

    @classmethod
    def example(cls) -> dict[str, Any]:
        """Two of the last three clips of five frames."""
        return {"frames": 5, "summary": 2, "select": 2, "clips": 3}

    def reset(self) -> None:
        self._ledger = Ledger("PropagatedMemory")
        self._open: list[Tensor] = []
        self._kept: list[_Memory] = []
        self._clip = 0

    def most(self, cells: tuple[int, int]) -> int:
        return self.select * self.summary * len(self._places(cells))

    def write(self, tokens: Tokens, t_s: float | int) -> None:
        for _, frame in self._ledger.enter(tokens, t_s):
            places = self._places(self._ledger.cells).to(precise(frame))
            self._open.append(places @ precise(frame))
            if len(self._open) == self.frames:
                self._close()

    def read(self, query: Query | None = None) -> Tokens:
        """The memories that fit the question best; the latest ones without a question."""
        ledger, rows = self._ledger, {m.clip: self._ledger.rows(_name(m.clip)) for m in self._kept}
        places, kept = self._places(ledger.cells), list(self._kept)
        if self._open:  # as if the stream ended here
            memory, rows[self._clip] = self._condensed()
            kept.append(memory)
        score = self._scores(kept, query)
        chosen = gumbel_topk(score, self.select, self.tau, generator(self.seed))
        pieces = []
        for i in chosen.sort().values.tolist():
            for x, row in zip(kept[i].x, rows[kept[i].clip], strict=True):
                there = row.nonzero().squeeze(1)
                if score.requires_grad:  # times 1, through which the choice can be learnt
                    x = x * straight_through(score, chosen, self.tau or 1.0)[i].to(x)
                pieces.append(Piece(x, there, row[there], places))
        return ledger.tokens(pieces, self.kind)

    def _close(self) -> None:
        """The clip is over: its memory is kept, and the oldest may have to leave."""
        memory, rows = self._condensed()
        self._ledger.keep(_name(self._clip), rows)
        self._kept.append(memory)
        if len(self._kept) > self.clips:
            self._ledger.keep(_name(self._kept.pop(0).clip), None)
        self._open, self._clip = [], self._clip + 1

    def _condensed(self) -> tuple[_Memory, Float[Tensor, "m t"]]:
        """The memory of the open clip, and the share of every frame in it."""
        seen, n = torch.stack(self._open), len(self._open)
        before = self._kept[-1].x if self._kept else seen[:0]
        pooled = torch.cat([runs(n, min(n, self.summary)), runs(n, 1)]).to(seen)
        kept = pooled.new_zeros(len(pooled), len(before))
        own = torch.cat([kept, pooled], 1)  # what a summary is before it hears of the others
        x = torch.cat([before, seen])
        mean = x.mean(1)
        heard = attention((own @ mean)[None], mean[None], x.new_ones(1, len(x)).bool())[0]
        share = (own + heard.to(own)) / 2
        made = torch.einsum("m n, n p d -> m p d", share, x)
        rows = self._ledger.merged(_name(self._clip - 1), share[:-1], self._waiting)
        return _Memory(self._clip, made[:-1], made[-1].mean(0)), rows

    @property
    def _waiting(self) -> range:
        """Numbers of the frames of the open clip."""
        return range(len(self._ledger) - len(self._open), len(self._ledger))

    def _scores(self, kept: list[_Memory], query: Query | None) -> Float[Tensor, "k"]:
        if query is None:
            return torch.arange(len(kept)).float()
        indicator = torch.stack([memory.indicator for memory in kept])
        keys = replace(self._ledger.like, x=indicator).part(query.space)
        return cosine_similarity(keys, query.vector.to(keys)[None], dim=1)

    def _places(self, cells: tuple[int, int]) -> Float[Tensor, "p s"]:
        return pooling(cells, -(-cells[0] // self.pool), -(-cells[1] // self.pool))


def _name(clip: int) -> str:
    return f"clip {clip}"
