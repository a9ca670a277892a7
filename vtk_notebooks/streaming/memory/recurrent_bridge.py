"""Recurrent bridge: memory tokens go from scene to scene and look back at all they have been.

After "VideoLLaMB: Long-context Video Understanding with Recurrent Memory Bridges" (Wang et al.,
2024, arXiv:2409.01071). As there, and in its released code: scenes end where SceneTilling says; of
a scene at most 8 frames are read, in 12 x 12 tokens each; one layer of a transformer reads learned
memory tokens M and the scene, [M; scene] -> [M'; scene']; every M' is cached, and the next scene
meets LayerNorm(M' + CrossAttention(M', all that is cached)). A language model is given the memory
and the last scene.

What differs: the stream ends scenes by the mean and the deviation of depths so far, where the
released form knows the whole film's; a scene also ends after `longest` frames, and only the last
`cache` memories are looked back at, for else neither would be bounded. The scene that is still open
is read as if the stream ended there. Nothing is trained: memory tokens and what asks are drawn by
the seed, and what is taken are the tokens as they are, so that the layer adds to each the mixture
that it attends to; `file` names a trained one. Heads and the MLP's width could not be verified.
Memory tokens could have heard of every frame of every scene that was read, evenly; a token of the
scene stands for its own cells, though it heard of the others.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import gelu

from vtk_notebooks.blocks.kernels import drawn, frozen, load_kernel, precise
from vtk_notebooks.blocks.streaming.ledger import Ledger, Piece
from vtk_notebooks.blocks.streaming.pooling import pooling
from vtk_notebooks.blocks.streaming.scenes import SceneWatch
from vtk_notebooks.blocks.tiling import shown
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


class _Attention(nn.Module):
    """Attention of one head that starts by taking things as they are."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(width, width), nn.Linear(width, width)
        self.value, self.out = nn.Linear(width, width), nn.Linear(width, width)
        for whole in (self.value, self.out):
            nn.init.eye_(whole.weight)
            nn.init.zeros_(whole.bias)

    def forward(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n d"]:
        weight = (self.query(x) @ self.key(y).T / x.shape[1] ** 0.5).softmax(-1)
        return self.out(weight @ self.value(y))


class MemoryBridge(nn.Module):
    """The trainable kernel: memory tokens, the layer that bridges, and the look back.

    Args:
        width: channels of a token.
        memory: memory tokens.
    """

    def __init__(self, width: int, memory: int = 32) -> None:
        super().__init__()
        self.config = {"width": width, "memory": memory}
        self.memory = nn.Parameter(0.02 * torch.randn(memory, width))
        self.attend, self.recall = _Attention(width), _Attention(width)
        self.norm, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        nn.init.zeros_(self.down.weight)
        nn.init.zeros_(self.down.bias)

    def forward(
        self, memory: Float[Tensor, "m d"], scene: Float[Tensor, "n d"]
    ) -> tuple[Float[Tensor, "m d"], Float[Tensor, "n d"]]:
        """Memory and scene after they have met."""
        z = torch.cat([memory, scene])
        z = z + self.attend(z, z)
        z = z + self.down(gelu(self.up(self.norm(z))))
        return z[: len(memory)], z[len(memory) :]

    def look_back(
        self, memory: Float[Tensor, "m d"], cached: Float[Tensor, "k d"]
    ) -> Float[Tensor, "m d"]:
        """What the next scene meets."""
        return self.after(memory + self.recall(memory, cached))


@register(
    "memory",
    "recurrent_bridge",
    title="Recurrent memory bridge (VideoLLaMB)",
    paper="VideoLLaMB: Long-context Video Understanding with Recurrent Memory Bridges",
    year=2024,
    arxiv="2409.01071",
    atlas=("videollamb",),
)
@dataclass(eq=False)
class RecurrentBridge:
    """Memory tokens that have met every scene, and behind them the last scene.

    Args:
        memory: tokens that are carried on.
        frames: of a scene that are read, evenly spread.
        side: a frame has that many tokens squared.
        alpha: standard deviations above the mean depth, from where on a scene ends.
        longest: frames of a scene.
        cache: memories that are looked back at.
        file: safetensors with a trained `MemoryBridge`; "" for one drawn by the seed.
        seed: of that draw.
    """

    kind: ClassVar[Kind] = "receptive"
    needs_text: ClassVar[bool] = False

    memory: int = 32
    frames: int = 8
    side: int = 12
    alpha: float | int = 0.5
    longest: int = 16
    cache: int = 16
    file: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        told = (self.memory, self.frames, self.side, self.longest, self.cache)
        if min(told) < 1 or not self.alpha >= 0:
            expected = "counts of 1 or more and alpha of 0 or more"
            raise VtkError("RecurrentBridge", expected, (*told, self.alpha))
        self.reset()

    @classmethod
    def example(cls) -> dict[str, Any]:
        """Scenes of six frames at most, of which three are read, and two memories."""
        return {"memory": 3, "frames": 3, "side": 2, "longest": 6, "cache": 2}

    def reset(self) -> None:
        self._ledger = Ledger("RecurrentBridge")
        self._watch = SceneWatch(self.alpha)
        self._open: list[tuple[int, Tensor]] = []
        self._cached: list[Tensor] = []
        self._carried: Tensor | None = None
        self._bridge: MemoryBridge | None = None
        self.scenes: list[int] = []
        """Last frame of each scene that is over."""

    def most(self, cells: tuple[int, int]) -> int:
        return self.memory + min(self.frames, self.longest) * len(pooling(cells, self.side))

    def write(self, tokens: Tokens, t_s: float | int) -> None:
        for number, frame in self._ledger.enter(tokens, t_s):
            frame = precise(frame)
            if self._watch(frame.mean(0)) or len(self._open) == self.longest:
                self._close()
            self._open.append((number, pooling(self._ledger.cells, self.side).to(frame) @ frame))

    @torch.no_grad()
    def read(self, query: Query | None = None) -> Tokens:
        """Memory and last scene; questions make no difference."""
        ledger = self._ledger
        fine, whole = (pooling(ledger.cells, side) for side in (self.side, 1))
        memory, scene, heard = self._met()
        frames = heard.nonzero().squeeze(1)
        share = torch.full((len(frames),), 1 / len(frames))
        pieces = [Piece(memory, frames, share, whole.expand(len(memory), -1))]
        numbers = [self._open[i][0] for i in self._read]
        parts = zip(scene.split(len(fine)), numbers, strict=True)
        return ledger.tokens([*pieces, *(Piece.of(x, n, fine) for x, n in parts)], self.kind)

    @property
    def _read(self) -> list[int]:
        """Which frames of the open scene are read."""
        return shown(0, len(self._open), self.frames)

    def _met(self) -> tuple[Float[Tensor, "m d"], Float[Tensor, "n d"], Float[Tensor, "t"]]:
        """Memory and open scene after they have met, and the frames that the memory has heard."""
        numbers, frames = zip(*(self._open[i] for i in self._read), strict=True)
        bridge = self._kernel(frames[0])
        carried = bridge.memory if self._carried is None else self._carried
        memory, scene = bridge(carried, torch.cat(frames))
        before = self._ledger.rows("memory")
        heard = torch.ones(1, len(before) + len(numbers))
        return memory, scene, self._ledger.merged("memory", heard, numbers)[0]

    @torch.no_grad()
    def _close(self) -> None:
        """The scene is over: what the memory has become is cached, and it looks back."""
        memory, _, heard = self._met()
        self._ledger.keep("memory", heard[None])
        self._cached = [*self._cached, memory][-self.cache :]
        self._carried = self._kernel(memory).look_back(memory, torch.cat(self._cached))
        self.scenes.append(self._open[-1][0])
        self._open = []

    def _kernel(self, like: Float[Tensor, "n d"]) -> MemoryBridge:
        if self._bridge is None:
            self._bridge = self._loaded(like)
        return self._bridge

    def _loaded(self, like: Float[Tensor, "n d"]) -> MemoryBridge:
        width = like.shape[1]
        if not self.file:
            return frozen(drawn(lambda: MemoryBridge(width, self.memory), self.seed), like)
        kernel = load_kernel(MemoryBridge, self.file)
        if kernel.config != {"width": width, "memory": self.memory}:
            expected = f"{kernel.config}, as {self.file} was trained on"
            raise ShapeError("RecurrentBridge", expected, f"{width} and {self.memory}")
        return frozen(kernel, like)
