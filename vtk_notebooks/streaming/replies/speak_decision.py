"""Speak decision: the stream is cut into clips, and after each one a small head decides once.

After "Dispider: Enabling Video LLMs with Active Real-Time Interaction via Disentangled Perception,
Decision, and Reaction" (Qian et al., 2025, arXiv:2501.03218). As in its released code: a clip ends
where neighbouring frames are no longer alike by cosine, or at 16 frames; a compressor reads an
<ANS> token, what is remembered of past clips with one more <ANS> for each answer already given,
the clip, the question and a <TODO> token, and one linear layer without bias on <TODO> decides:
above 0 is a reply. The decision is taught with cross-entropy, replies weighing as much more as they
are rarer; which clips help is taught with cross-entropy of softmax(cosine / 0.1), plus 0.01 times
its entropy; of all clips, those above a cosine of 0.2 are shown to whoever replies, but 4 at least
and 28 at most, in the order of time.

What differs: the compressor is a transformer of two layers that reads one vector a clip, and no
language model of 1.5B; `DecisionHead` can be trained and named by its file. Without a file nothing
was learnt: the mean cosine of the question and the best cells of the clip's frames decides, at a
level that was set by eye for ConSE. The cosine at which a clip ends could not be verified; it is
OmniLive's 0.9, by the same group, as are clips of at least 3 frames. Only the last 16 clips are
remembered, so that the state stays bounded (the paper: 100).
"""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import (
    binary_cross_entropy_with_logits,
    cosine_similarity,
    cross_entropy,
)

from vtk_notebooks.blocks.grounding.joint_encoder import LAYER
from vtk_notebooks.blocks.kernels import drawn, frozen, load_kernel, save_kernel
from vtk_notebooks.blocks.speaking import (
    BEST,
    LEVEL,
    SPREAD,
    Decision,
    chance,
    part,
    relevance,
    seen,
)
from vtk_notebooks.blocks.streaming.neighbours import clip_ends
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register

Past = tuple[tuple[Tensor, bool], ...]
"""What is remembered of clips: the mean of each, and whether a reply followed."""
_REMEMBERED = 16


class DecisionHead(nn.Module):
    """The trainable part: past clips, a clip and a question to the logit of a reply.

    Args:
        width: channels of clips and questions.
        hidden: channels inside.
    """

    def __init__(self, width: int, hidden: int = 32) -> None:
        super().__init__()
        self.config = {"width": width, "hidden": hidden}
        self.project = nn.Linear(width, hidden)
        self.answered, self.todo = (nn.Parameter(0.1 * torch.randn(1, hidden)) for _ in range(2))
        self.kind = nn.Parameter(0.1 * torch.randn(3, hidden))  # past clip, clip, question
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(hidden, 4, 2 * hidden, **LAYER) for _ in range(2)
        )
        self.silent_head = nn.Linear(hidden, 1, bias=False)

    def sequence(
        self, past: Past, clip: Float[Tensor, "d"], question: Float[Tensor, "d"]
    ) -> Tensor:
        """What the compressor reads, l x d: one <ANS> more than answers, and <TODO> at the end."""
        told: list[Tensor] = [self.answered]
        for vector, replied in past:
            told.append((self.project(vector) + self.kind[0])[None])
            told += [self.answered] if replied else []
        told += [(self.project(clip) + self.kind[1])[None]]
        told += [(self.project(question) + self.kind[2])[None], self.todo]
        return torch.cat(told)

    def forward(
        self, past: Past, clip: Float[Tensor, "d"], question: Float[Tensor, "d"]
    ) -> Float[Tensor, ""]:
        x = self.sequence(past, clip, question)[None]
        for layer in self.layers:
            x = layer(x)
        return self.silent_head(x[0, -1]).squeeze()

    @classmethod
    def new(cls, width: int, hidden: int = 32, seed: int = 0) -> "DecisionHead":
        """An untrained head."""
        return drawn(lambda: cls(width, hidden), seed)

    def save(self, file: str | Path) -> str:
        """Write it; gives the path as a recipe names it."""
        return save_kernel(self, file)


def decision_loss(logits: Float[Tensor, "n"], due: Bool[Tensor, "n"]) -> Float[Tensor, ""]:
    """Cross-entropy of decisions; a reply weighs as many times more as there are more silences."""
    replies = due.sum()
    weight = ((~due).sum() / replies.clamp_min(1)).to(logits) if replies else None
    return binary_cross_entropy_with_logits(logits, due.to(logits), pos_weight=weight)


def retrieval_loss(
    question: Float[Tensor, "d"],
    clips: Float[Tensor, "k d"],
    helps: Bool[Tensor, "k"],
    tau: float = 0.1,
    entropy: float = 0.01,
) -> Float[Tensor, ""]:
    """Cross-entropy of which clips a question wakes and those that help, alike; one or more do."""
    if not helps.any():
        raise VtkError("retrieval_loss", "one or more clips that help", "none")
    logits = cosine_similarity(clips, question[None], dim=-1) / tau
    log = logits.log_softmax(0)
    spread = -(log.exp() * log).sum()
    return cross_entropy(logits, helps.to(logits) / helps.sum()) + entropy * spread


@dataclass(frozen=True)
class _Clip:
    """The clip that is still open: frames, their last mean, and sums over them."""

    frames: int
    last: Tensor
    vectors: Tensor
    fits: float

    def and_(self, mean: Tensor, fit: float) -> "_Clip":
        return _Clip(self.frames + 1, mean, self.vectors + mean, self.fits + fit)


@register(
    "policy",
    "speak_decision",
    title="Speak decision (Dispider)",
    paper="Dispider: Enabling Video LLMs with Active Real-Time Interaction via Disentangled "
    "Perception, Decision, and Reaction",
    year=2025,
    arxiv="2501.03218",
    atlas=("dispider",),
)
@dataclass(frozen=True)
class SpeakDecision:
    """Decide at the first frame after a clip whether the clip asks for a reply.

    Args:
        threshold: probability of a reply above which there is one; 0.5 is a logit of 0.
        min_len: frames that a clip has at least.
        max_len: at most.
        cut: cosine of neighbouring frames at or below which a clip ends.
        file: safetensors that `DecisionHead.save` wrote; without one, a cosine stands in.
        level: cosine that is as likely to ask for a reply as not, without a file.
        spread: how fast that turns.
        best: part of a frame's cells, the most alike ones, that the cosine is of.
    """

    threshold: float = 0.5
    min_len: int = 3
    max_len: int = 16
    cut: float = 0.9
    file: str = ""
    level: float = LEVEL
    spread: float = SPREAD
    best: float = BEST

    def __post_init__(self) -> None:
        part("SpeakDecision", threshold=self.threshold)
        if not 1 <= self.min_len <= self.max_len:
            raise VtkError("SpeakDecision", "1 <= min_len <= max_len", self)
        if not self.spread > 0 or not 0 < self.best <= 1:
            raise VtkError("SpeakDecision", "a spread above 0 and best in (0, 1]", self)

    def at(self, eager: float) -> "SpeakDecision":
        part("SpeakDecision.at", eager=eager)
        return replace(self, threshold=1 - eager)

    def step(
        self,
        frame: Float[Tensor, "n d"],
        query: Query,
        t_s: float,
        before: Decision | None = None,
    ) -> Decision:
        frame = seen("SpeakDecision", frame, query, t_s, before)
        mean, fit = frame.mean(0), relevance(frame, query, self.best)
        clip, past = self._clip(mean), ()
        if before is not None:
            frames, last, vectors, fits, past = before.memory
            clip = _Clip(frames, last, vectors, fits)
        ends = before is not None and self._ends(clip, mean)
        score = self._score(clip if ends else clip.and_(mean, fit), past, query)
        speak = ends and score > self.threshold
        if ends:
            past = (*past, (clip.vectors / clip.frames, speak))[-_REMEMBERED:]
            clip = self._clip(mean)
        clip = clip.and_(mean, fit)
        return Decision(t_s, speak, score, (clip.frames, clip.last, clip.vectors, clip.fits, past))

    @staticmethod
    def _clip(mean: Tensor) -> _Clip:
        return _Clip(0, mean, torch.zeros_like(mean), 0.0)

    def _ends(self, clip: _Clip, mean: Tensor) -> bool:
        lengths = clip.frames, self.min_len, self.max_len
        return clip_ends(clip.last, mean, *lengths, self.cut)

    @torch.no_grad()
    def _score(self, clip: _Clip, past: Past, query: Query) -> float:
        """The probability that a clip, as it is so far, asks for a reply."""
        if not self.file:
            return chance(clip.fits / clip.frames, self.level, self.spread)
        vector = clip.vectors / clip.frames
        return frozen(self.kernel, vector)(past, vector, query.vector.to(vector)).sigmoid().item()

    @cached_property
    def kernel(self) -> DecisionHead:
        """The head in `file`."""
        if not self.file:
            raise VtkError("SpeakDecision.kernel", "a file with a trained head", "none")
        return load_kernel(DecisionHead, self.file)
