"""Static plus context: one frame of a scene in full, the frames after it as a few tokens each.

After "Multimodal Long Video Modeling Based on Temporal Dynamic Context" (Hao et al., 2025,
arXiv:2504.10443). As there: the film is cut into scenes where neighbouring frames are least alike
(cosine of all their features); in a scene, each group of 8 frames begins with a static frame that
keeps its tokens, bit for bit, and each of the 7 others becomes 16 context tokens; the queries for
them are the static frame's tokens, averaged in 16 equal runs, and they look at their own frame. 8
frames of 144 become 144 + 7 x 16 = 256 tokens, and 264 with a separator behind every frame. The
kernel, `ContextFormer`, can also look at sound and read the question, and gives unit vectors.

What differs: the released code always cuts at the 24 least alike pairs, so that it compresses
nothing of a film of 25 frames or fewer, and cuts a still film at random; here a cut must also be
less alike than `alike` (`alike=2` cuts always, as released). Frames of no more cells than context
tokens stay as they are. Before training, a context token is the mean of its frame's cells weighted
by one step of attention, and neither sound nor question is heard. Separators are zero vectors, not
learned. `keep` is ours: it sets both the number of static frames and of context tokens.
"""

from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn.functional import normalize

from vtk_notebooks.blocks.kernels import frozen, load_kernel, precise
from vtk_notebooks.blocks.mixtures import part_attention, runs
from vtk_notebooks.blocks.qformer import QFormer
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.provenance import Edges, weighted_sums
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Space, Tokens

Grid = tuple[int, int, int]
_MOST_FLOATS = 2**24
"""Features looked at together, 64 MB."""


class ContextFormer(nn.Module):
    """The trainable kernel: static frames and the frames after them to context tokens.

    Args:
        width: channels of a token.
        context: tokens of a frame.
        hidden: channels of the Q-Former.
        layers: of the Q-Former.
        heads: of its attention.
        words: channels of a question's words; 0 reads none.
    """

    def __init__(
        self,
        width: int,
        context: int = 16,
        hidden: int = 256,
        layers: int = 2,
        heads: int = 4,
        words: int = 0,
    ) -> None:
        super().__init__()
        self.config = {"width": width, "context": context, "hidden": hidden}
        self.config |= {"layers": layers, "heads": heads, "words": words}
        self.query_proj = nn.Linear(width, hidden)
        self.former = QFormer(width, hidden, layers, heads, words)
        self.vision_proj = nn.Linear(hidden, width)

    def forward(
        self,
        static: Float[Tensor, "b s d"],
        frame: Float[Tensor, "b s d"],
        *,
        sound: Float[Tensor, "b a d"] | None = None,
        words: Float[Tensor, "b l e"] | None = None,
    ) -> Float[Tensor, "b k d"]:
        asked = self.query_proj(runs(static.shape[1], self.config["context"]).to(static) @ static)
        memory = frame if sound is None else torch.cat([frame, sound], 1)
        return normalize(self.vision_proj(self.former(asked, memory, words=words)), dim=-1)


@register(
    "compressor",
    "static_plus_context",
    title="Static + context tokens (TDC)",
    paper="Multimodal Long Video Modeling Based on Temporal Dynamic Context",
    year=2025,
    arxiv="2504.10443",
    atlas=("tdc",),
)
@dataclass(frozen=True)
class StaticContext:
    """Scene by scene: a frame in full, then a few tokens for each that follows.

    Args:
        group: frames in a group, the static one included.
        context: tokens of a frame that is not static.
        scenes: at most so many.
        alike: a cut needs a cosine below this, above 1 all are; 0.65 suits DINOv2's patches.
        separators: put a token that stands for no cell behind every frame.
        metric: the feature space whose channels say what is alike; None takes all channels.
        keep: above 0, the part of the tokens that static frames and context tokens are chosen for.
        file: safetensors with a trained `ContextFormer`; "" for the training-free form.
    """

    kind: ClassVar[Kind] = "receptive"
    needs_text: ClassVar[bool] = False

    group: int = 8
    context: int = 16
    scenes: int = 25
    alike: float = 0.65
    separators: bool = False
    metric: str | None = None
    keep: float = 0.0
    file: str = ""

    def __post_init__(self) -> None:
        if min(self.group, self.context, self.scenes) < 1:
            got = f"{self.group}, {self.context}, {self.scenes}"
            raise VtkError("StaticContext", "group, context and scenes of 1 or more", got)
        if not 0 <= self.keep <= 1:
            raise VtkError("StaticContext", "keep in [0, 1]", self.keep, "0 takes `context`.")

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        frames = tokens.on_grid("StaticContext")
        static, many = self.static_frames(tokens), self._plan(tokens.grid)[1]
        first, n = self._places(static, tokens.grid, many)
        cells = torch.arange(len(tokens), device=frames.device).view(len(frames), -1)
        whole = first[static, None] + torch.arange(cells.shape[1], device=frames.device)
        one = torch.ones_like(whole.flatten(), dtype=tokens.share.dtype)
        steps = [(whole.flatten(), cells[static].flatten(), one)]
        if static.all():
            return _mixed(tokens, steps, n, "hard")
        leader = static.nonzero().squeeze(1)[static.cumsum(0) - 1][~static]
        if self.file:
            return self._learned(tokens, steps, n, first[~static], cells[~static], cells[leader])
        share = self._shares(tokens, cells[~static], cells[leader], many)
        part, row, place = share.nonzero().unbind(1)
        new, old = first[~static][part] + row, cells[~static][part, place]
        return _mixed(tokens, [*steps, (new, old, share[part, row, place])], n, "attn")

    def count(self, grid: Grid) -> tuple[int, int]:
        t, h, w = grid
        static, many = self._plan(grid)
        scenes = min(self.scenes, t)
        bounds = (-(-t // self.group), scenes + (t - scenes) // self.group)
        bounds = (static, static) if static else bounds
        fewest, most = (n * h * w + (t - n) * many + t * self.separators for n in bounds)
        return fewest, min(most, t * h * w)

    def at(self, keep: float) -> "StaticContext":
        """So many static frames and context tokens; keep=1 is the identity. Drops `file`.

        Of pairs within a hundredth of the budget, the one closest to the paper's proportions.
        """
        if not 0 < keep <= 1:
            raise VtkError("StaticContext.at", "keep in (0, 1]", keep, "0.2 keeps a fifth.")
        return replace(self, keep=keep, separators=False, file="")

    def static_frames(self, tokens: Tokens) -> Bool[Tensor, "t"]:
        """Which frames keep their tokens; the first one always does."""
        x = tokens.x if self.metric is None else tokens.part(self.metric)
        x = rearrange(x, "(t s) d -> t (s d)", t=tokens.grid[0])
        alike = _neighbours_alike(x, tokens.share.dtype)
        least = alike.argsort(stable=True)
        least = least[alike[least] < self.alike] + 1
        static = self._plan(tokens.grid)[0]
        if static:
            return _starts(least[: static - 1].tolist(), len(x), static).to(x.device)
        begins = torch.zeros(len(x), dtype=torch.long, device=x.device)
        cut = least[: self.scenes - 1]
        begins[cut] = cut
        place = torch.arange(len(x), device=x.device) - begins.cummax(0).values
        return place % self.group == 0 if self._plan(tokens.grid)[1] else place >= 0

    def _plan(self, grid: Grid) -> tuple[int, int]:
        """Static frames (0: as the scenes have it), and context tokens of the other ones."""
        t, s = grid[0], grid[1] * grid[2]
        if self.keep == 1 or s == 1 or (self.context >= s and not self.keep):
            return t, 0
        if not self.keep:
            return 0, self.context
        static, many = torch.arange(1, t + 1)[:, None], torch.arange(1, s)
        part = (static * s + (t - static) * many) / (t * s)
        off = ((part - self.keep).abs() * 100).round()
        odd = (static * self.group / t).log().abs() + (many * 9 / s).log().abs()
        row, column = divmod(int((off + odd / 1e3).argmin()), s - 1)
        return row + 1, column + 1

    @torch.no_grad()
    def _shares(
        self, tokens: Tokens, mine: Int[Tensor, "f s"], theirs: Int[Tensor, "f s"], many: int
    ) -> Float[Tensor, "f k s"]:
        """What context tokens take of their frame; some frames at a time, no copy of the film."""
        pool, exact = runs(mine.shape[1], many).to(tokens.share), tokens.share.dtype
        some = max(1, _MOST_FLOATS // (mine.shape[1] * tokens.x.shape[1]))
        told = []
        for own, first in zip(mine.split(some), theirs.split(some), strict=True):
            asked = pool @ tokens.x[first].to(exact)
            told.append(part_attention(asked, tokens.x[own].to(exact)))
        return torch.cat(told)

    def _learned(
        self,
        tokens: Tokens,
        steps: list[Edges],
        n: int,
        first: Int[Tensor, "f"],
        mine: Int[Tensor, "f s"],
        theirs: Int[Tensor, "f s"],
    ) -> Tokens:
        """Context tokens of a trained kernel, which saw the frame and its static one."""
        many = self._plan(tokens.grid)[1]
        kernel = frozen(load_kernel(ContextFormer, self.file), tokens.x)
        if (kernel.config["width"], kernel.config["context"]) != (tokens.x.shape[1], many):
            expected = f"{kernel.config['context']} tokens of {kernel.config['width']} channels"
            got = f"{many} of {tokens.x.shape[1]}"
            raise ShapeError("StaticContext", expected, got, "Mind `context` and the encoder.")
        new = first[:, None] + torch.arange(many, device=first.device)
        [(whole, cell, one)] = steps
        x = tokens.x.new_zeros(n, tokens.x.shape[1]).index_copy(0, whole, tokens.x[cell])
        some = max(1, _MOST_FLOATS // (mine.shape[1] * tokens.x.shape[1]))
        for rows, own, static in zip(*(i.split(some) for i in (new, mine, theirs)), strict=True):
            told = kernel(precise(tokens.x[static]), precise(tokens.x[own]))
            x.index_copy_(0, rows.flatten(), told.flatten(0, 1).to(x.dtype))
        heard = torch.cat([mine, theirs], 1).repeat_interleave(many, dim=0)
        step = torch.stack([new.view(-1, 1).expand_as(heard), heard], -1).flatten(0, 1)
        step = torch.cat([torch.stack([whole, cell], 1), step])
        share = one.new_ones(len(step))
        spaces = (Space("static_plus_context", x.shape[1]),)
        return tokens.derive(x, step, share, "receptive", spaces)

    def _places(self, static: Bool[Tensor, "t"], grid: Grid, many: int) -> tuple[Tensor, int]:
        """Where each frame's tokens begin, separators behind each frame; and how many are made."""
        size = torch.where(static, grid[1] * grid[2], many) + self.separators
        n = int(size.sum())
        if n > grid[0] * grid[1] * grid[2]:
            hint = "Leave out the separators, or use an encoder with a finer grid."
            raise ShapeError("StaticContext", "frames with room for separators", grid, hint)
        return size.cumsum(0) - size, n


def _mixed(tokens: Tokens, steps: list[Edges], n: int, kind: Kind) -> Tokens:
    """So many tokens made by these steps, whatever order they come in."""
    new, old, share = (torch.cat(part) for part in zip(*steps, strict=True))
    order = new.argsort(stable=True)
    new, old, share = new[order], old[order], share[order]
    x = weighted_sums(tokens.x, old, new, share, n)
    return tokens.derive(x, torch.stack([new, old], 1), share, kind)


def _starts(cuts: list[int], t: int, many: int) -> Bool[Tensor, "t"]:
    """These frames and the first one, then the middles of the longest gaps, so many in all."""
    begins = sorted({0, *cuts})
    gaps = [(a - b, a) for a, b in pairwise([*begins, t])]  # negative length, start
    heapify(gaps)
    while len(begins) < many:
        length, start = heappop(gaps)
        middle = start - length // 2
        begins.append(middle)
        for gap in ((start - middle, start), (middle - start + length, middle)):
            heappush(gaps, gap)
    return torch.zeros(t, dtype=torch.bool).index_fill(0, torch.tensor(begins), True)


def _neighbours_alike(x: Float[Tensor, "t e"], exact: torch.dtype) -> Float[Tensor, "p"]:
    """The cosine of each frame and the one before; some frames at a time."""
    some = max(1, _MOST_FLOATS // x.shape[1])
    long = torch.cat([part.to(exact).norm(dim=1) for part in x.split(some)]).clamp_min(1e-8)
    pairs = zip(x[1:].split(some), x[:-1].split(some), strict=True)
    inner = [torch.einsum("t e, t e -> t", b.to(exact), a.to(exact)) for b, a in pairs]
    return torch.cat([long[:0], *inner]) / (long[1:] * long[:-1])
