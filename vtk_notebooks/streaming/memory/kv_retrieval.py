"""Block retrieval: every frame is put aside whole, and a question fetches the blocks it fits.

After "Streaming Video Question-Answering with In-context Video KV-Cache Retrieval" (Di et al.,
2025, arXiv:2503.00540), ReKV. As there, and in its released code: a frame's tokens are a block; its
key is their mean; a block scores the dot product of its key and the mean of the question's tokens,
in 32 bits (the released function says cosine, and computes a dot product); scores are averaged over
`chunk` blocks in a row, the last ones over as many as there are; the best chunks, `topk` blocks in
all, are read in the order of the film, and all blocks where there are no more than that. Reading
leaves the memory as it was.

What differs: there are no keys and values of a language model's layers; tokens stand for both, and
there is one retrieval, as with the paper's external one. So the sliding window, in which a model
encodes the stream, and positions, which it numbers anew, have no part here; the latter are in
`vtk_notebooks.models.fetched_cache`. The released code puts
aside all blocks, on the CPU or a disk: `archive` bounds how many, and the oldest are forgotten
first. Without a question the latest blocks are read.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.blocks.kernels import precise
from vtk_notebooks.blocks.streaming.ledger import Ledger, Piece
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


def block_topk(score: Float[Tensor, "b"], topk: int, chunk: int = 1) -> list[int]:
    """Numbers of the blocks that are read, rising.

    Args:
        score: of each block.
        topk: blocks that are read at most.
        chunk: blocks in a row that are read together.
    """
    if len(score) <= topk:
        return list(range(len(score)))
    mean = torch.stack([part.mean() for part in score.split(chunk)])
    best = mean.topk(min(topk // chunk, len(mean))).indices.sort().values
    return [i for c in best.tolist() for i in range(c * chunk, (c + 1) * chunk) if i < len(score)]


@register(
    "memory",
    "kv_retrieval",
    title="Block retrieval (ReKV)",
    paper="Streaming Video Question-Answering with In-context Video KV-Cache Retrieval",
    year=2025,
    arxiv="2503.00540",
    atlas=("rekv",),
)
@dataclass(eq=False)
class KvRetrieval:
    """The frames that a question fits best, in the order of the film, bit for bit.

    Args:
        topk: frames that are read at most.
        chunk: frames in a row that are read together; no more than topk.
        archive: frames that are put aside at most.
    """

    kind: ClassVar[Kind] = "hard"
    needs_text: ClassVar[bool] = True

    topk: int = 64
    chunk: int = 1
    archive: int = 4096

    def __post_init__(self) -> None:
        if not 1 <= self.chunk <= self.topk <= self.archive:
            got = f"chunk={self.chunk}, topk={self.topk}, archive={self.archive}"
            raise VtkError("KvRetrieval", "1 <= chunk <= topk <= archive", got)
        self.reset()

    @classmethod
    def example(cls) -> dict[str, Any]:
        """Four frames out of the last dozen."""
        return {"topk": 4, "archive": 12}

    def reset(self) -> None:
        self._ledger = Ledger("KvRetrieval")
        self._blocks: list[Tensor] = []
        self._keys: list[Tensor] = []

    def most(self, cells: tuple[int, int]) -> int:
        return self.topk * cells[0] * cells[1]

    def write(self, tokens: Tokens, t_s: float | int) -> None:
        for _, frame in self._ledger.enter(tokens, t_s):
            self._blocks.append(frame.clone())  # a view would keep its whole chunk alive
            self._keys.append(precise(frame).mean(0))
            if len(self._blocks) > self.archive:
                del self._blocks[0], self._keys[0]

    def read(self, query: Query | None = None) -> Tokens:
        """The blocks that fit the question; the latest ones without a question."""
        ledger = self._ledger
        places = torch.eye(ledger.cells[0] * ledger.cells[1])
        first = len(ledger) - len(self._blocks)
        chosen = block_topk(self._scores(query), self.topk, self.chunk)
        pieces = [Piece.of(self._blocks[i], first + i, places) for i in chosen]
        return ledger.tokens(pieces, self.kind)

    def _scores(self, query: Query | None) -> Float[Tensor, "b"]:
        if query is None:
            return torch.arange(len(self._keys)).float()
        keys = replace(self._ledger.like, x=torch.stack(self._keys)).part(query.space)
        return keys @ query.words.to(keys).mean(0)
