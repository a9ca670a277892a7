"""Reversed recurrence: one small block visits an encoder's last layers, from deep to shallow.

After "R^2-Tuning: Efficient Image-to-Video Transfer Learning for Video Temporal Grounding" (Liu et
al., 2024, arXiv:2404.00801). As there: in each of four visits the words look at a frame's patches;
the maximum over words of what they find and are is added to the frame's own vector, times a tanh
that begins at 0; a gate that begins at one half blends that with what the visits before left;
cross-attention to the words, self-attention over time and a perceptron follow, the same ones in
every visit. A pyramid of strides 1, 2, 4, 8 says for each point if it lies in a moment and how far
away both ends are; saliency is the cosine of a frame and the question. It tells films apart as well
(`film_score`).

What differs: it is small and trained in a notebook; one projection serves frames and words, and
frames are told their cosine with the question. Layers are the channels of the spaces "x", "x/1",
"x/2", ... of a question in "x", deepest first; an encoder that gives fewer is visited there again.
The frame's own vector is the mean of its tokens, patches are `side` x `side` means of them. Layers
are pre-norm, and offsets are a softplus.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity, normalize, pad, softplus

from vtk_notebooks.blocks.grounding.batch import (
    Batch,
    Grounding,
    even_clips,
    frame_means,
    padded_batch,
)
from vtk_notebooks.blocks.grounding.joint_encoder import AttentivePool
from vtk_notebooks.blocks.grounding.points import points, to_time
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.blocks.positions import sinusoids
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens

STRIDES = (1, 2, 4, 8)


class Block(nn.Module):
    """What every visit does; shared."""

    def __init__(self, hidden: int, heads: int) -> None:
        super().__init__()
        self.ask, self.key = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)
        self.words = nn.MultiheadAttention(hidden, heads, batch_first=True)
        self.time = nn.MultiheadAttention(hidden, heads, batch_first=True)
        self.think = nn.Sequential(
            nn.Linear(hidden, 2 * hidden), nn.GELU(), nn.Linear(2 * hidden, hidden)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(hidden) for _ in range(3))

    def pool(
        self,
        frame: Float[Tensor, "b t c"],
        patches: Float[Tensor, "b t p c"],
        words: Float[Tensor, "b l c"],
        said: Bool[Tensor, "b l"],
        scale: Float[Tensor, ""],
    ) -> Float[Tensor, "b t c"]:
        """A frame's own vector, and what the words find in its patches.

        Args:
            frame: its own vector.
            patches: of it.
            words: of the question.
            said: words that exist.
            scale: how much of it is added, before the tanh.
        """
        logits = torch.einsum("b l c, b t p c -> b t l p", self.ask(words), self.key(patches))
        look = (logits / words.shape[-1] ** 0.5).softmax(-1)
        found = torch.einsum("b t l p, b t p c -> b t l c", look, patches) + words[:, None]
        found = found.masked_fill(~said[:, None, :, None], -torch.inf).amax(2)
        return frame + scale.tanh() * found

    def forward(
        self,
        x: Float[Tensor, "b t c"],
        place: Float[Tensor, "t c"],
        here: Bool[Tensor, "b t"],
        words: Float[Tensor, "b l c"],
        said: Bool[Tensor, "b l"],
    ) -> Float[Tensor, "b t c"]:
        """Frames that heard the words, then each other, then thought."""
        y = self.norms[0](x)
        x = x + self.words(y, words, words, key_padding_mask=~said, need_weights=False)[0]
        y = self.norms[1](x) + place
        x = x + self.time(y, y, y, key_padding_mask=~here, need_weights=False)[0]
        return x + self.think(self.norms[2](x))


class Kernel(nn.Module):
    """The trainable part: layers of frames and patches and words in, one proposal a point out.

    As aux: "logits" (b n), "offsets" (b n 2, in strides) and "point_mask" (b n) of the points, and
    "layers" (b k t c), every layer's frames, "last" (b t c), what the last visit left, and "text"
    (b c), the pooled question.
    """

    def __init__(self, width: int, hidden: int = 64, visits: int = 4, heads: int = 4) -> None:
        super().__init__()
        self.project = nn.Linear(width, hidden)
        self.match = nn.Parameter(torch.randn(hidden))
        self.scale, self.gate = (nn.Parameter(torch.zeros(visits - i)) for i in (0, 1))
        self.block, self.question = Block(hidden, heads), AttentivePool(hidden)
        self.down = nn.ModuleList(nn.Conv1d(hidden, hidden, 2, 2) for _ in STRIDES[1:])
        self.norms = nn.ModuleList(nn.LayerNorm(hidden) for _ in STRIDES)
        self.inside, self.ends = (
            nn.Sequential(
                *(nn.Conv1d(hidden, hidden, 3, padding=1), nn.ReLU()),
                nn.Conv1d(hidden, out, 3, padding=1),
            )
            for out in (1, 2)
        )

    def forward(
        self,
        video: Float[Tensor, "b t k p d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
        clips: Float[Tensor, "b t 2"] | None = None,
    ) -> Grounding:
        words = self.project(text)
        question = self.question(words, text_mask)
        place = sinusoids(torch.arange(video.shape[1]).to(words), words.shape[-1])
        state, layers = torch.zeros_like(words[:, :1]), []
        for visit, scale in enumerate(self.scale):
            level = self.project(video[:, :, min(visit, video.shape[2] - 1)])
            frame = self.block.pool(level[:, :, 0], level[:, :, 1:], words, text_mask, scale)
            told = cosine_similarity(level[:, :, 0], question[:, None], dim=-1)
            frame = frame + told[..., None] * self.match
            if visit:
                frame = state + self.gate[visit - 1].sigmoid() * (frame - state)
            state = self.block(frame, place, video_mask, words, text_mask)
            layers.append(level[:, :, 0])
        saliency = cosine_similarity(state, question[:, None], dim=-1)
        logits, offsets, there = self._points(state, video_mask)
        table = points(video.shape[1], STRIDES).to(state)
        at, stride = table[:, 0, None], table[:, 3, None]
        ends = at + offsets * stride * offsets.new_tensor([-1.0, 1.0])
        spans = to_time(ends, even_clips(video_mask) if clips is None else clips, video_mask)
        aux = {"logits": logits, "offsets": offsets, "point_mask": there}
        aux |= {"layers": torch.stack(layers, 1), "last": state, "text": question}
        return Grounding(spans, logits.sigmoid() * there, saliency, aux)

    def _points(
        self, x: Float[Tensor, "b t c"], mask: Bool[Tensor, "b t"]
    ) -> tuple[Float[Tensor, "b n"], Float[Tensor, "b n 2"], Bool[Tensor, "b n"]]:
        """Logits, offsets in strides and existence of the points, level by level."""
        t = x.shape[1]
        more = -t % STRIDES[-1]  # so that every level has whole strides
        y = pad(rearrange(x, "b t c -> b c t"), (0, more))
        here, found = pad(mask, (0, more)), []
        for i, stride in enumerate(STRIDES):
            y = y if i == 0 else self.down[i - 1](y)
            level = here[:, ::stride]
            y = rearrange(self.norms[i](rearrange(y, "b c n -> b n c")), "b n c -> b c n")
            y = y.relu() * level[:, None]
            ends = rearrange(softplus(self.ends(y)), "b e n -> b n e")
            many = -(-t // stride)
            found.append((self.inside(y)[:, 0, :many], ends[:, :many], level[:, :many]))
        return tuple(torch.cat(part, 1) for part in zip(*found, strict=True))  # pyright: ignore


@register(
    "head",
    "reversed_recurrent",
    title="Reversed recurrence (R^2-Tuning)",
    paper="R^2-Tuning: Efficient Image-to-Video Transfer Learning for Video Temporal Grounding",
    year=2024,
    arxiv="2404.00801",
    atlas=("r2_tuning",),
)
@dataclass(frozen=True, eq=False)
class ReversedRecurrent(TrainedHead):
    """A trained block with points, saliency and a score for whole films.

    Args:
        file: safetensors that `save` wrote, or the name of weights that come with the package.
        overlap: two answers never have a larger IoU.
        most: moments to answer with.
        side: of the square of patches that words look at.
    """

    side: int = 2

    network = Kernel
    objectives = ("sampled_nce",)

    def collate(self, pairs: Sequence[tuple[Tokens, Query]]) -> Batch:
        """Each layer's frames and patches, deepest first."""
        video = []
        for tokens, query in pairs:
            have = [name for name, _ in tokens.spaces]
            more = [s for i in range(1, len(have)) if (s := f"{query.space}/{i}") in have]
            levels = [_patches(tokens, space, self.side) for space in (query.space, *more)]
            video.append(torch.stack(levels, 1))
        return padded_batch(video, pairs)

    def film_score(self, tokens: Tokens, query: Query) -> float:
        """How well a film answers as a whole, in [-1, 1]: the saliency of its best frame."""
        return self.grounding(tokens, query).saliency.max().item()


def _patches(tokens: Tokens, space: str, side: int) -> Float[Tensor, "t p d"]:
    """A frame's unit mean, then the unit means of its patches; an empty one is the frame's."""
    frame = frame_means(tokens, space)
    token, cell = tokens.edges.unbind(1)
    t, h, w = tokens.grid
    row, column = cell // w % h * side // h, cell % w * side // w
    slot = (cell // (h * w) * side + row) * side + column
    weight = tokens.share.new_zeros(t * side * side, len(tokens))
    weight = weight.index_put((slot, token), tokens.share, accumulate=True)
    mean = normalize(weight @ tokens.part(space).to(weight.dtype), dim=-1).float()
    there = rearrange(weight.sum(1) > 0, "(t p) -> t p 1", t=t)
    patches = rearrange(mean, "(t p) d -> t p d", t=t)
    return torch.cat([frame[:, None], torch.where(there, patches, frame[:, None])], 1)
