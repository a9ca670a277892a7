"""Gumbel frame selection: slots that each draw the frame they need, and learn to.

After "B-VLLM: A Vision Large Language Model with Balanced Spatio-Temporal Tokens" (Lu et al., 2024,
arXiv:2412.09919), its frame selector. As there: 16 learned queries read the question and one vector
of each frame through a Q-Former; their products with the frames, divided by the root of the width,
go through a Gumbel softmax over the frames with temperature 0.5; a slot is the frame it chose, as a
mixture while the kernel is trained. The kernel is `FrameSelector`; its `hard` form passes a single
frame forward and the mixture's gradient back (straight through).

What differs: the released code draws noise when it answers, too, so that the same film gives other
tokens every time; here a slot is its most likely frame, bit for bit, and `noise=True` does as in
training, with a seed. Slots that choose the same frame give it once. Before training there are no
queries that could differ, so all slots would choose alike; then slot j may only choose from the
j-th of as many equal parts of the film, by cosine with the question. A frame's vector is the mean
of its cells, or for the cosine of its few best ones.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.kernels import load_kernel
from vtk_notebooks.blocks.mixtures import mixed_frames
from vtk_notebooks.blocks.qformer import QFormer
from vtk_notebooks.blocks.relevance import asked, frame_means, frame_relevance, of_frames
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


def gumbel_softmax(
    logits: Float[Tensor, "*b t"], tau: float, noise: Float[Tensor, "*b t"], hard: bool = False
) -> Float[Tensor, "*b t"]:
    """A softmax of noisy logits; with `hard`, one-hot forward and its gradient backward."""
    soft = ((logits + noise) / tau).softmax(-1)
    if not hard:
        return soft
    one_hot = torch.zeros_like(soft).scatter(-1, soft.argmax(-1, keepdim=True), 1.0)
    return one_hot + (soft - soft.detach())


def gumbel_noise(shape: tuple[int, ...], draw: torch.Generator) -> Float[Tensor, "..."]:
    """Standard Gumbel noise: the maximum of logits and it is drawn from their softmax."""
    return -torch.empty(shape).exponential_(generator=draw).log()


class FrameSelector(nn.Module):
    """The trainable kernel: frames and words to the logits of every slot.

    Args:
        width: channels of a frame's vector and of a word's.
        slots: how many.
        hidden: channels of the Q-Former.
        layers: of the Q-Former.
        heads: of its attention.
    """

    def __init__(
        self, width: int, slots: int = 16, hidden: int = 256, layers: int = 2, heads: int = 4
    ) -> None:
        super().__init__()
        self.config = {"width": width, "slots": slots, "hidden": hidden}
        self.config |= {"layers": layers, "heads": heads}
        self.queries = nn.Parameter(torch.randn(slots, hidden) * 0.02)
        self.former = QFormer(width, hidden, layers, heads, words=width)
        self.project = nn.Linear(hidden, width)

    def forward(
        self, frames: Float[Tensor, "b t d"], words: Float[Tensor, "b l d"]
    ) -> Float[Tensor, "b k t"]:
        queries = self.queries.expand(len(frames), -1, -1)
        slots = self.project(self.former(queries, frames, words=words))
        return slots @ frames.mT / frames.shape[2] ** 0.5


@register(
    "compressor",
    "gumbel_frame_select",
    title="Gumbel frame selection (B-VLLM)",
    paper="B-VLLM: A Vision Large Language Model with Balanced Spatio-Temporal Tokens",
    year=2024,
    arxiv="2412.09919",
    atlas=("b_vllm",),
)
@dataclass(frozen=True)
class GumbelSelect:
    """At most as many frames as slots, whole.

    Args:
        slots: frames to choose, each one by a slot.
        tau: temperature of the softmax, where there is noise.
        noise: mixtures with Gumbel noise, as in training; without, each slot's likeliest frame.
        best: part of a frame's cells that makes its cosine, in (0, 1].
        keep: above 0, the part of the frames that there are slots for, instead of `slots`.
        seed: of the noise.
        file: safetensors with a trained `FrameSelector`; "" for the training-free form.
    """

    kind: ClassVar[Kind] = "attn"
    needs_text: ClassVar[bool] = True

    slots: int = 16
    tau: float = 0.5
    noise: bool = False
    best: float = 0.05
    keep: float = 0.0
    seed: int = 0
    file: str = ""

    def __post_init__(self) -> None:
        if self.slots < 1 or not self.tau > 0:
            got = f"slots={self.slots}, tau={self.tau}"
            raise VtkError("GumbelSelect", "slots of 1 or more and tau above 0", got)
        if not (0 < self.best <= 1 and 0 <= self.keep <= 1):
            got = f"best={self.best}, keep={self.keep}"
            raise VtkError("GumbelSelect", "best in (0, 1] and keep in [0, 1]", got)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        query = asked("GumbelSelect", query, tokens)
        tokens.on_grid("GumbelSelect")
        logits = self.logits(tokens, query)
        if self.noise:
            drawn = gumbel_noise(tuple(logits.shape), generator(self.seed)).to(logits)
            return mixed_frames(tokens, gumbel_softmax(logits, self.tau, drawn))
        chosen = torch.zeros(tokens.grid[0], dtype=torch.bool, device=logits.device)
        chosen[logits.argmax(1)] = True
        return of_frames(tokens, chosen)

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        most = self._number(t) * h * w
        return (h * w if self.file and not self.noise else most), most

    def at(self, keep: float) -> "GumbelSelect":
        """Slots for that part of the frames; keep=1 is the identity without noise. Drops `file`."""
        if not 0 < keep <= 1:
            raise VtkError("GumbelSelect.at", "keep in (0, 1]", keep, "0.25 keeps a quarter.")
        return replace(self, keep=keep, file="")

    @torch.no_grad()
    def logits(self, tokens: Tokens, query: Query) -> Float[Tensor, "k t"]:
        """How much each slot wants each frame."""
        t, slots = tokens.grid[0], self._number(tokens.grid[0])
        if not self.file:
            cosine = frame_relevance(tokens, query, self.best)
            frame = torch.arange(t, device=cosine.device)
            own = frame * slots // t == torch.arange(slots, device=cosine.device)[:, None]
            scaled = cosine * query.vector.shape[0] ** 0.5
            return scaled.expand(slots, -1).masked_fill(~own, -torch.inf)
        kernel, frames = load_kernel(FrameSelector, self.file), frame_means(tokens, query)
        if (kernel.config["width"], len(kernel.queries)) != (frames.shape[1], self.slots):
            expected = f"{len(kernel.queries)} slots for {kernel.config['width']} channels"
            raise ShapeError("GumbelSelect", expected, f"{self.slots} for {frames.shape[1]}")
        kernel = kernel.to(frames)
        return kernel(frames[None], query.words.to(frames)[None])[0, :slots]

    def _number(self, t: int) -> int:
        return min(t, max(1, round(self.keep * t)) if self.keep else self.slots)
