"""STAR memory: the newest frame, clusters of frames, a digest of all, and frames recalled.

After "Flash-VStream: Memory-Based Real-Time Understanding for Long Video Streams" (Zhang et al.,
2024, arXiv:2406.08085) and its released code. As there: the newest frame has 8 x 8 tokens; 25
centres of 4 x 4 tokens are kept up to date by k-means, weighted by the frames they stand for; an
abstract of 25 tokens M is blended with what it attends to, M <- (1 - a) M + a softmax(q(M) k(N)^T /
sqrt(32)) N with a = 0.2, for every 25 frames N, of which it takes means; the frames nearest to the
3 heaviest centres are recalled with 8 x 8 tokens. Abstract, centres, recalled frames, newest frame:
25 + 400 + 192 + 64 = 681 tokens.

What differs: centres carry their weights from frame to frame, as the paper says; the released code
resets them to 1 at each step. A recalled frame is looked for beside the centre itself; the released
code takes a frame's number for a centre's. For that the released code keeps every frame; here each
centre keeps the nearest real frame it has met, which is what bounds the memory. The newest frame is
in all four parts; in the release's offline mode it is left out of three. A film of fewer than 25
frames has as many centres, and nothing is recalled before there are 3. What asks in the attention
is not trained: a projection drawn by the seed, unless `file` names a trained one.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.kernels import drawn, frozen, load_fitting, precise
from vtk_notebooks.blocks.streaming.clusters import distances, weighted_k_means
from vtk_notebooks.blocks.streaming.ledger import Ledger, Piece, pieces_of
from vtk_notebooks.blocks.streaming.pooling import pooling
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


class AbstractAttention(nn.Module):
    """The trainable kernel: how much each abstract token takes of each new frame.

    Args:
        width: channels of a token.
        inner: channels in which they are compared.
    """

    def __init__(self, width: int, inner: int = 32) -> None:
        super().__init__()
        self.config = {"width": width, "inner": inner}
        self.query = nn.Linear(width, inner, bias=False)
        self.key = nn.Linear(width, inner, bias=False)

    def forward(
        self, memory: Float[Tensor, "k d"], new: Float[Tensor, "n d"]
    ) -> Float[Tensor, "k n"]:
        logits = self.query(memory) @ self.key(new).T
        return (logits / self.config["inner"] ** 0.5).softmax(-1)


@dataclass
class _Clusters:
    """Centres, the frames each stands for, and the real frame nearest to each."""

    centre: Float[Tensor, "k c d"]
    mass: Float[Tensor, "k"]
    frame: Float[Tensor, "k c d"]
    fine: Float[Tensor, "k f d"]
    number: list[int]


@register(
    "memory",
    "star",
    title="STAR memory (Flash-VStream)",
    paper="Flash-VStream: Memory-Based Real-Time Understanding for Long Video Streams",
    year=2024,
    arxiv="2406.08085",
    atlas=("flash_vstream",),
)
@dataclass(eq=False)
class StarMemory:
    """Abstract, clusters, recalled frames and the newest one; always as many tokens.

    Args:
        centres: of the temporal memory.
        centre_side: a centre has that many tokens squared.
        abstract: tokens of the abstract.
        block: frames that are blended into the abstract together.
        alpha: how much of the abstract they replace.
        recalled: frames that are recalled.
        side: the newest frame, and each recalled one, has that many tokens squared.
        file: safetensors with a trained `AbstractAttention`; "" for one drawn by the seed.
        seed: of that draw, and of the k-means of each frame.
    """

    kind: ClassVar[Kind] = "attn"
    needs_text: ClassVar[bool] = False

    centres: int = 25
    centre_side: int = 4
    abstract: int = 25
    block: int = 25
    alpha: float | int = 0.2
    recalled: int = 3
    side: int = 8
    file: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        counts = (self.centres, self.centre_side, self.abstract, self.block, self.side)
        if min(counts) < 1 or not 0 <= self.recalled <= self.centres:
            expected = "counts of 1 or more, and no more recalled frames than centres"
            raise VtkError("StarMemory", expected, (*counts, self.recalled))
        if not 0 <= self.alpha <= 1:
            raise VtkError("StarMemory", "alpha in [0, 1]", self.alpha)
        self.reset()

    @classmethod
    def example(cls) -> dict[str, Any]:
        """A memory that is full after 5 frames."""
        return {"centres": 4, "centre_side": 2, "abstract": 3, "block": 5, "recalled": 2, "side": 3}

    def reset(self) -> None:
        self._ledger = Ledger("StarMemory")
        self._clusters: _Clusters | None = None
        self._abstract: list[Tensor] = []
        self._pending: list[Tensor] = []
        self._newest: Tensor | None = None
        self._attention: AbstractAttention | None = None

    def most(self, cells: tuple[int, int]) -> int:
        fine, coarse, _ = (len(pooling(cells, n)) for n in self._sides)
        return self.abstract + self.centres * coarse + (1 + self.recalled) * fine

    def write(self, tokens: Tokens, t_s: float | int) -> None:
        for number, frame in self._ledger.enter(tokens, t_s):
            frame, cells = precise(frame), self._ledger.cells
            fine, coarse, whole = (pooling(cells, n).to(frame) @ frame for n in self._sides)
            self._newest = fine
            self._cluster(number, fine, coarse)
            self._blend(number, whole[0])

    def read(self, query: Query | None = None) -> Tokens:
        """What is remembered; questions make no difference."""
        ledger = self._ledger
        cells, last = ledger.cells, len(ledger) - 1
        fine, coarse, whole = (pooling(cells, n) for n in self._sides)
        x, rows = self._abstract_now()
        pieces = pieces_of(x[:, None], rows, whole)
        clusters, newest = cast(_Clusters, self._clusters), cast(Tensor, self._newest)
        pieces += pieces_of(clusters.centre, ledger.rows("centres"), coarse)
        if len(clusters.number) >= self.recalled:
            heaviest = clusters.mass.argsort(descending=True, stable=True)[: self.recalled]
            keys = [(clusters.fine[i], clusters.number[i]) for i in heaviest.tolist()]
            pieces += [Piece.of(x, number, fine) for x, number in keys]
        return ledger.tokens([*pieces, Piece.of(newest, last, fine)], self.kind)

    @property
    def mass(self) -> Float[Tensor, "k"]:
        """How many frames each centre stands for."""
        return torch.zeros(0) if self._clusters is None else self._clusters.mass

    @property
    def _sides(self) -> tuple[int, int, int]:
        """Of the newest frame, of a centre, of an abstract token."""
        return self.side, self.centre_side, 1

    def _cluster(
        self, number: int, fine: Float[Tensor, "f d"], coarse: Float[Tensor, "c d"]
    ) -> None:
        """The new frame is a centre of its own, or k-means finds the centres anew."""
        new = _Clusters(coarse[None], coarse.new_ones(1), coarse[None], fine[None], [number])
        old = self._clusters
        held = new if old is None else _joined(old, new)
        if len(held.number) <= self.centres:
            self._clusters = held
            self._ledger.join("centres", [number])
            return
        draw = generator(self.seed + number)
        share, mass = weighted_k_means(held.centre.flatten(1), held.mass, self.centres, draw)
        centre = torch.einsum("k n, n c d -> k c d", share, held.centre)
        near = distances(centre.flatten(1), held.frame.flatten(1)).argmin(1)
        frame, fine = (x.index_select(0, near) for x in (held.frame, held.fine))
        numbers = [held.number[i] for i in near.tolist()]
        self._clusters = _Clusters(centre, mass, frame, fine, numbers)
        self._ledger.merge("centres", share, [number])

    def _blend(self, number: int, mean: Float[Tensor, "d"]) -> None:
        """The first frames are the abstract; later ones are blended into it, a block at a time."""
        if len(self._abstract) < self.abstract:
            self._abstract.append(mean)
            self._ledger.join("abstract", [number])
            return
        self._pending.append(mean)
        if len(self._pending) == self.block:
            share = self._blending()
            self._abstract = list(share @ torch.stack([*self._abstract, *self._pending]))
            self._ledger.merge("abstract", share, self._waiting)
            self._pending = []

    def _abstract_now(self) -> tuple[Float[Tensor, "k d"], Float[Tensor, "k t"]]:
        """The abstract as if the stream ended here, and the frames it was made of."""
        if not self._pending:
            return torch.stack(self._abstract), self._ledger.rows("abstract")
        share = self._blending()
        x = share @ torch.stack([*self._abstract, *self._pending])
        return x, self._ledger.merged("abstract", share, self._waiting)

    @property
    def _waiting(self) -> range:
        """Numbers of the frames that are not in the abstract yet: the last ones."""
        return range(len(self._ledger) - len(self._pending), len(self._ledger))

    def _blending(self) -> Float[Tensor, "k n"]:
        """What each abstract token keeps of each, and takes of each frame that waits."""
        memory, new = torch.stack(self._abstract), torch.stack(self._pending)
        if self._attention is None:
            self._attention = self._kernel(memory)
        kept = torch.eye(len(memory)).to(memory)
        taken = self._attention(memory, new)
        return torch.cat([(1 - self.alpha) * kept, self.alpha * taken], 1)

    def _kernel(self, like: Float[Tensor, "k d"]) -> AbstractAttention:
        width = like.shape[1]
        if not self.file:
            return frozen(drawn(lambda: AbstractAttention(width), self.seed), like)
        kernel = load_fitting(AbstractAttention, self.file, width, "StarMemory")
        return frozen(kernel, like)


def _joined(old: _Clusters, new: _Clusters) -> _Clusters:
    tensors = ("centre", "mass", "frame", "fine")
    both = {name: torch.cat([getattr(old, name), getattr(new, name)]) for name in tensors}
    return _Clusters(**both, number=old.number + new.number)
