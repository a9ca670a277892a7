"""In-layer merging: every layer of a vision transformer merges a few pairs of alike tokens.

After AuroraCap, "AuroraCap: Efficient, Performant Video Detailed Captioning and a New Benchmark"
(Chai et al., 2024, arXiv:2410.03051), and "Token Merging: Your ViT But Faster" (Bolya et al., 2022,
arXiv:2210.09461), which it builds on. As there: between attention and MLP of each layer, r tokens
merge, compared by their attention keys averaged over heads; a merged token is the mean of its
members weighted by size; the class token stays. AuroraCap merges r = int(n (1 - ratio) / layers) in
each layer and reads the layer before the last, so that one layer's merges are not seen: of 729
patches and 32 layers a ratio of 0.1 leaves 109, which is 15 %. ToMe's schedule that falls from 2 r
to 0 is `inflection=-1`. Proportional attention lets a key count as often as it has members: the log
of its size is added to its column of logits.

In the released code of AuroraCap that log is added along the rows instead, a constant for each
query, which the softmax cancels. `bias="query"` does the same; its result is that of "none".

What differs: `models.merging.MergingStack` is the mechanism, and takes the blocks of a real
transformer (`MergingStack.of`). The compressor runs such a stack on finished tokens, frame by frame
and without a class token. Without a trained `file` its blocks are as they start, with branches that
add nothing: layer by layer it merges what is alike, exactly. Tokens come out in the order of their
first cells. With a file each token has looked at its whole frame; its provenance then tells what
was merged into it.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import ClassVar

import torch
from einops import reduce
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import layer_norm

from vtk_notebooks.blocks.lattice import batches, frames, gathered, within
from vtk_notebooks.blocks.matching import average, by_first_member, tome_round
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.models.merging import BIASES, MergingStack, schedule
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register, unknown
from vtk_notebooks.tokens import Kind, Space, Tokens

_MOST_FLOATS = 2**22
"""Channels of frames that are merged at a time, 16 MB: no copy of a long film is made."""


@register(
    "compressor",
    "in_layer_merge",
    title="In-layer merge (AuroraCap)",
    paper="AuroraCap: Efficient, Performant Video Detailed Captioning and a New Benchmark",
    year=2024,
    arxiv="2410.03051",
    atlas=("auroracap",),
)
@dataclass(frozen=True)
class InLayerMerge:
    """A few merges in each of many layers, within each frame.

    Args:
        ratio: AuroraCap's nominal part; what is really left of a frame is what `count` says.
        layers: of the stack.
        unread: of these, layers whose merges are not seen.
        inflection: of the number of merges over layers: 0 constant, -1 falling, 1 rising.
        heads: equal parts of the channels whose mean is compared, where no file is given.
        bias: of proportional attention, where one is: "key", "query" or "none".
        file: safetensors of a trained `MergingStack`; "" for its initial value, merges only.
        keep: above 0, the part of each frame's tokens that is left instead.
    """

    kind: ClassVar[Kind] = "mean"
    needs_text: ClassVar[bool] = False

    ratio: float = 0.1
    layers: int = 32
    unread: int = 1
    inflection: float = 0.0
    heads: int = 1
    bias: str = "key"
    file: str = ""
    keep: float = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.ratio <= 1 and 0 <= self.keep <= 1 and -1 <= self.inflection <= 1):
            got = f"{self.ratio}, {self.keep} and {self.inflection}"
            raise VtkError("InLayerMerge", "ratio, keep in [0, 1], inflection in [-1, 1]", got)
        if not 0 <= self.unread < self.layers or self.heads < 1:
            got = f"{self.unread} of {self.layers}, {self.heads}"
            raise VtkError("InLayerMerge", "layers that are read, and 1 head or more", got)
        if self.bias not in BIASES:
            raise unknown("InLayerMerge", "bias", self.bias, BIASES)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        frame = frames(tokens)
        size = tokens.mass().clamp_min(1).to(tokens.share.dtype)
        if self.file:
            return self._trained(tokens, frame, size)
        heads = self.heads
        if tokens.x.shape[1] % heads:
            hint = "Set `heads` to a divisor; 1 compares all channels."
            raise ShapeError("InLayerMerge", f"channels for {heads} heads", tokens.x.shape[1], hint)

        def decide(rows: Int[Tensor, "b k"], left: int) -> Int[Tensor, "b k"]:
            wide = tokens.share.dtype
            some = _few(rows, tokens.x.shape[1])
            parts = [self._alike(gathered(tokens.x, r).to(wide), size[r]) for r in some]
            return by_first_member(torch.cat(parts))

        return tokens.regroup(within(frame, self._left, decide))

    def merges(self, n: int) -> list[int]:
        """How many of the n tokens of a frame merge in each layer that is read."""
        read, now, out = self.layers - self.unread, n, []
        if not self.keep:
            plan = schedule(self.layers, int(n * (1 - self.ratio) / self.layers), self.inflection)
        else:
            plan = _spread(n - max(1, round(self.keep * n)), read, self.inflection)
        late = 0
        for merged in plan[:read]:
            out.append(min(merged + late, now // 2))
            late = merged + late - out[-1] if self.keep else 0  # half at most; later then
            now -= out[-1]
        return out

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        n = grid[0] * self._left(grid[1] * grid[2])
        return n, n

    def at(self, keep: float) -> "InLayerMerge":
        """That part of each frame, spread over the layers; keep=1 is the identity."""
        if not 0 < keep <= 1:
            raise VtkError("InLayerMerge.at", "keep in (0, 1]", keep, "0.15 is the paper's.")
        return replace(self, keep=keep)

    def _left(self, n: int) -> int:
        return n - sum(self.merges(n))

    @torch.no_grad()
    def _alike(self, x: Float[Tensor, "b k d"], size: Float[Tensor, "b k"]) -> Int[Tensor, "b k"]:
        """What a stack merges whose branches add nothing: keys are its normalised tokens."""
        group = torch.arange(x.shape[1], device=x.device).repeat(len(x), 1)
        for merged in self.merges(x.shape[1]):
            if merged:
                keys = layer_norm(x, x.shape[-1:], eps=1e-6)
                step = tome_round(reduce(keys, "b k (h c) -> b k c", "mean", h=self.heads), merged)
                x, size = average(x, size, step, x.shape[1] - merged)
                group = step.gather(1, group)
        return group

    def _trained(self, tokens: Tokens, frame: Int[Tensor, "n"], size: Float[Tensor, "n"]) -> Tokens:
        """The stack's own features, each frame's in the order of first cells."""
        stack = MergingStack.load(self.file).to(tokens.x).requires_grad_(False)
        width, layers = stack.config["width"], stack.config["layers"]
        if (width, layers) != (tokens.x.shape[1], self.layers):
            expected = f"{width} channels and {layers} layers, as in {self.file}"
            got = f"{tokens.x.shape[1]} and {self.layers}"
            raise ShapeError("InLayerMerge", expected, got, "Mind `layers` and the encoder.")
        x: list[Tensor] = []
        group = torch.empty_like(frame)
        for rows in (part for batch in batches(frame) for part in _few(batch, width)):
            merges = self.merges(rows.shape[1])
            y, _, found = stack(gathered(tokens.x, rows), merges, size[rows], bias=self.bias)
            order = torch.empty_like(found[:, : y.shape[1]])
            group[rows] = by_first_member(found)
            order.scatter_(1, group[rows], found)  # which of the stack's tokens comes where
            x.extend(y.gather(1, order[..., None].expand_as(y)))
        number = within(frame, self._left, lambda rows, left: group[rows])
        first = torch.cat([rows[:, 0] for rows in batches(frame)]).argsort()
        step = torch.stack([number, torch.arange(len(number), device=number.device)], 1)
        made = torch.cat([x[i] for i in first.tolist()])
        return tokens.derive(made, step, size, "receptive", (Space("in_layer_merge", width),))


def _few(rows: Int[Tensor, "b k"], width: int) -> tuple[Int[Tensor, "_ k"], ...]:
    """Frames, as many at a time as memory is spent on."""
    return rows.split(max(1, _MOST_FLOATS // (rows.shape[1] * width)))


def _spread(total: int, layers: int, inflection: float) -> list[int]:
    """So many merges over the layers, evenly or along a falling or rising line."""
    line = [1 - inflection + 2 * inflection * i / max(1, layers - 1) for i in range(layers)]
    whole = sum(line) or 1.0
    done = [round(total * sum(line[:i]) / whole) for i in range(layers)]
    return [b - a for a, b in pairwise([*done, total])]
