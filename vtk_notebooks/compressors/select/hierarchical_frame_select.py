"""Hierarchical frame selection: the question thins the frames out, stage after stage.

After "Learning Trajectory-Word Alignments for Video-Language Tasks" (Yang et al., 2023,
arXiv:2301.01953), its hierarchical frame selector. As there: a stage scores each frame with a
network that reads the frame's vector beside the question's, a softmax over the frames follows, and
the int(0.72 t) best are kept in their order; two stages, so 8 frames become 5, then 3. In training
the choice is a perturbed top-k (500 draws, sigma 0.05), a mixture of frames through which the
scores learn: "Differentiable Patch Selection for Image Recognition" (Cordonnier et al., 2021).

What differs: the released code mixes when it answers, too. Since scores of a softmax over 8 frames
differ by less than sigma, its choice is far from one frame each, and another every time; here it
is the exact top-k, and `noise=True` does as in training, with a seed. The slope is that of the
expectation, with what each frame's score does to the choice of every other; the released code keeps
only what it does to its own. In the paper each stage sits deeper in the network and scores anew; on
finished tokens only the trained kernel does, before training the score is the cosine with the
question and two stages choose as one would.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import torch
from einops import repeat
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import one_hot

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.kernels import load_kernel
from vtk_notebooks.blocks.mixtures import mixed_frames
from vtk_notebooks.blocks.relevance import asked, frame_means, frame_relevance, of_frames
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Kind, Tokens


class _Perturbed(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, score: Tensor, noise: Tensor, k: int, sigma: float) -> Tensor:
        drawn = (score[:, None] + sigma * noise).topk(k, dim=-1).indices.sort(-1).values
        hits = one_hot(drawn, score.shape[1]).to(score.dtype)
        ctx.save_for_backward(hits, noise)
        ctx.sigma = sigma
        return hits.mean(1)

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor, None, None, None]:  # pyright: ignore[reportIncompatibleMethodOverride]  # torch says Any
        hits, noise = ctx.saved_tensors
        felt = torch.einsum("b k t, b s k t, b s u -> b u", slopes[0], hits, noise)
        return felt / (noise.shape[1] * ctx.sigma), None, None, None


def perturbed_top_k(
    score: Float[Tensor, "b t"], k: int, noise: Float[Tensor, "b s t"], sigma: float
) -> Float[Tensor, "b k t"]:
    """The expected sorted top-k of scores in Gaussian noise; its slope is an estimate, too.

    Args:
        score: of each frame.
        k: frames to take.
        noise: standard normal, one row per draw.
        sigma: its size.
    """
    return _Perturbed.apply(score, noise, k, sigma)


def top_k(score: Float[Tensor, "b t"], k: int) -> Float[Tensor, "b k t"]:
    """The sorted top-k, one frame in each row."""
    return one_hot(score.topk(k, dim=-1).indices.sort(-1).values, score.shape[1]).to(score.dtype)


class FrameScorer(nn.Module):
    """The trainable kernel of one stage; its parameters have the released names.

    Args:
        width: channels of a frame's vector and of the question's.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.config = {"width": width}
        self.in_conv = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, width, bias=False), nn.GELU()
        )
        self.out_conv = nn.Sequential(
            nn.Linear(2 * width, width, bias=False), nn.GELU(), nn.Linear(width, 1, bias=False)
        )

    def forward(
        self, frames: Float[Tensor, "b t d"], text: Float[Tensor, "b d"]
    ) -> Float[Tensor, "b t"]:
        both = torch.cat(
            [self.in_conv(frames), repeat(text, "b d -> b t d", t=frames.shape[1])], -1
        )
        return self.out_conv(both)[..., 0].softmax(-1)


class Selector(nn.Module):
    """All stages' kernels.

    Args:
        width: channels of a frame's vector and of the question's.
        stages: how many.
    """

    def __init__(self, width: int, stages: int = 2) -> None:
        super().__init__()
        self.config = {"width": width, "stages": stages}
        self.stages = nn.ModuleList(FrameScorer(width) for _ in range(stages))

    def forward(
        self,
        frames: Float[Tensor, "b t d"],
        text: Float[Tensor, "b d"],
        ks: Sequence[int],
        noise: Float[Tensor, "b s t"],
        sigma: float = 0.05,
    ) -> Float[Tensor, "b k t"]:
        """As in training: what each frame that is left takes of each frame, by perturbed top-k."""
        chosen = torch.eye(frames.shape[1]).to(frames).expand(len(frames), -1, -1)
        for stage, k in zip(self.stages, ks, strict=True):
            score = stage(chosen @ frames, text)
            some = noise[:, :, : score.shape[1]]
            chosen = perturbed_top_k(score, k, some, sigma) @ chosen
        return chosen


@register(
    "compressor",
    "hierarchical_frame_select",
    title="Hierarchical frame selection (TW-BERT)",
    paper="Learning Trajectory-Word Alignments for Video-Language Tasks",
    year=2023,
    arxiv="2301.01953",
    atlas=("tw_bert",),
)
@dataclass(frozen=True)
class StagedFrames:
    """Whole frames, fewer after each stage.

    Args:
        stages: how often frames are thinned out.
        ratio: part of the frames that a stage keeps, rounded down, in (0, 1].
        noise: mixtures by perturbed top-k, as in training; without, the exact top-k.
        samples: draws of the noise.
        sigma: size of the noise, in units of a score.
        best: part of a frame's cells that makes its cosine, in (0, 1].
        keep: above 0, the part of the frames that is left in the end, instead of `ratio`.
        seed: of the noise.
        file: safetensors with a trained `Selector`; "" for cosines with the question.
    """

    kind: ClassVar[Kind] = "attn"
    needs_text: ClassVar[bool] = True

    stages: int = 2
    ratio: float = 0.72
    noise: bool = False
    samples: int = 500
    sigma: float = 0.05
    best: float = 0.05
    keep: float = 0.0
    seed: int = 0
    file: str = ""

    def __post_init__(self) -> None:
        if min(self.stages, self.samples) < 1 or not self.sigma > 0:
            got = f"stages={self.stages}, samples={self.samples}, sigma={self.sigma}"
            raise VtkError("StagedFrames", "stages and samples of 1 or more, sigma above 0", got)
        if not (0 < self.ratio <= 1 and 0 < self.best <= 1 and 0 <= self.keep <= 1):
            got = f"ratio={self.ratio}, best={self.best}, keep={self.keep}"
            raise VtkError("StagedFrames", "ratio and best in (0, 1], keep in [0, 1]", got)

    def __call__(self, tokens: Tokens, query: Query | None = None) -> Tokens:
        query = asked("StagedFrames", query)
        tokens.on_grid("StagedFrames")
        with torch.no_grad():  # the choice is read, not trained through
            chosen = self._chosen(tokens, query)
        if self.noise:
            return mixed_frames(tokens, chosen)
        return of_frames(tokens, chosen.any(0))

    def frames(self, t: int) -> list[int]:
        """How many are left after each stage."""
        left = []
        for stage in range(1, self.stages + 1):
            now = left[-1] if left else t
            part = self.keep ** (stage / self.stages)
            left.append(max(1, round(part * t) if self.keep else int(now * self.ratio)))
        return left

    def count(self, grid: tuple[int, int, int]) -> tuple[int, int]:
        t, h, w = grid
        return self.frames(t)[-1] * h * w, self.frames(t)[-1] * h * w

    def at(self, keep: float) -> "StagedFrames":
        """That part of the frames in the end; keep=1 is the identity without noise."""
        if not 0 < keep <= 1:
            raise VtkError("StagedFrames.at", "keep in (0, 1]", keep, "0.5 keeps a half.")
        return replace(self, keep=keep)

    def _fewer(
        self, chosen: Float[Tensor, "n t"], score: Float[Tensor, "n"], k: int, draw: torch.Generator
    ) -> Float[Tensor, "k t"]:
        """The k best rows, or with noise k mixtures of rows."""
        if not self.noise:
            return chosen[score.topk(k).indices.sort().values]
        noise = torch.randn(1, self.samples, len(score), generator=draw).to(score)
        return perturbed_top_k(score[None], k, noise, self.sigma)[0] @ chosen

    def _chosen(self, tokens: Tokens, query: Query) -> Float[Tensor, "k t"]:
        """What each frame that is left in the end takes of each frame of the film."""
        what, stages = self._stages(tokens, query)
        chosen, draw = torch.eye(len(what)).to(what), generator(self.seed)
        for k, score in zip(self.frames(len(what)), stages, strict=True):
            chosen = self._fewer(chosen, score(chosen @ what), k, draw)
        return chosen

    def _stages(
        self, tokens: Tokens, query: Query
    ) -> tuple[Float[Tensor, "t c"], list[Callable[[Tensor], Tensor]]]:
        """What is known of each frame, and how each stage scores frames by that."""
        if not self.file:
            cosine = frame_relevance(tokens, query, self.best)
            return cosine[:, None], [lambda known: known[:, 0].softmax(0)] * self.stages
        frames = frame_means(tokens, query)
        kernel = load_kernel(Selector, self.file).to(frames)
        if (kernel.config["width"], len(kernel.stages)) != (frames.shape[1], self.stages):
            expected = f"{len(kernel.stages)} stages for {kernel.config['width']} channels"
            raise ShapeError("StagedFrames", expected, f"{self.stages} for {frames.shape[1]}")
        text = query.vector.to(frames)[None]
        return frames, [lambda known, s=s: s(known[None], text)[0] for s in kernel.stages]
