"""Speak gate: two small heads say after each frame whether it is worth a word and to the point.

After MMDuet, "VideoLLM Knows When to Speak: Enhancing Time-Sensitive Video Comprehension with
Video-Text Duet Interaction Format" (Wang et al., 2024, arXiv:2411.17991). As in its released code:
two linear layers of two classes, without bias, on the state of each frame's last token,
"informative" and "relevance"; cross-entropy over the labels of both together; the probabilities of
the chosen heads are added up. A reply is due when that sum lies above a threshold (0.5 with both
heads for its question answering), or when what has added up since the last reply lies above
another one, which starts from 0 again (2 with "informative" alone, for YouCook2). Exactly one of
the two rules is at work.

What differs: without a trained file nothing was learnt. Then "relevance" is how far the cosine of
the question and the frame's best cells lies above a level, turned into a number from 0 to 1, and
"informative" is by how much it exceeds its mean so far: a stand-in for what the head learns. The
level was set by eye for ConSE. With a file, the frame's last token is to be a hidden state of the
language model that read the question; the question given here only has to be as wide. The released
code's third rule, so many standard deviations above the mean, is not here; nor is the trick of
taking the model's own replies out of its context, since no text is written here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from vtk_notebooks.blocks.kernels import drawn, frozen, load_kernel, save_kernel
from vtk_notebooks.blocks.speaking import (
    BEST,
    LEVEL,
    SPREAD,
    Decision,
    chance,
    in_order,
    part,
    relevance,
    seen,
)
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register

HEADS: tuple[str, ...] = ("informative", "relevance")
_UNKNOWN = -100
"""Label of what is not taught."""
_LONGEST = 8
"""Full scores that add up before the least eager policy speaks."""


class DuetHeads(nn.Module):
    """The trainable part: hidden states in, a logit for no and one for yes out, head by head.

    Args:
        d: channels of a hidden state.
    """

    def __init__(self, d: int) -> None:
        super().__init__()
        self.config = {"d": d}
        self.informative = nn.Linear(d, 2, bias=False)
        self.relevance = nn.Linear(d, 2, bias=False)

    def forward(self, state: Float[Tensor, "*b d"]) -> Float[Tensor, "2 *b 2"]:
        return torch.stack([self.informative(state), self.relevance(state)])

    def loss(
        self,
        state: Float[Tensor, "*b d"],
        informative: Int[Tensor, "*b"],
        relevance: Int[Tensor, "*b"],
    ) -> Float[Tensor, ""]:
        """Cross-entropy over both heads' labels together; -100 is a label that nobody gave."""
        labels = torch.stack([informative, relevance])
        each = cross_entropy(
            self(state).flatten(0, -2), labels.flatten(), ignore_index=_UNKNOWN, reduction="sum"
        )
        return each / (labels != _UNKNOWN).sum().clamp_min(1)

    @classmethod
    def new(cls, d: int, seed: int = 0) -> "DuetHeads":
        """Untrained heads."""
        return drawn(lambda: cls(d), seed)

    def save(self, file: str | Path) -> str:
        """Write them; gives the path as a recipe names it."""
        return save_kernel(self, file)


@register(
    "policy",
    "speak_gate",
    title="Speak gate (MMDuet)",
    paper="VideoLLM Knows When to Speak: Enhancing Time-Sensitive Video Comprehension with "
    "Video-Text Duet Interaction Format",
    year=2024,
    arxiv="2411.17991",
    atlas=("mmduet",),
)
@dataclass(frozen=True)
class SpeakGate:
    """Speak when a frame's score is high, or when enough has added up since the last reply.

    Args:
        threshold: of a frame's score, which is 2 at most with both heads.
        sum_threshold: of what has added up since the last reply; takes the threshold's place.
        heads: whose probabilities are added up.
        file: safetensors that `DuetHeads.save` wrote; without one, a cosine stands in.
        level: cosine that is as likely relevant as not, without a file.
        spread: how fast that turns.
        best: part of a frame's cells, the most alike ones, that the cosine is of.
    """

    threshold: float = 0.5
    sum_threshold: float | None = None
    heads: Sequence[str] = HEADS
    file: str = ""
    level: float = LEVEL
    spread: float = SPREAD
    best: float = BEST

    def __post_init__(self) -> None:
        object.__setattr__(self, "heads", tuple(self.heads))
        if not self.heads or len({*self.heads} & {*HEADS}) < len(self.heads):
            raise VtkError("SpeakGate", f"one or both of {HEADS} as heads", self.heads)
        lower = self.threshold if self.sum_threshold is None else self.sum_threshold
        if not lower >= 0 or not self.spread > 0 or not 0 < self.best <= 1:
            expected = "thresholds of 0 or more, a spread above 0 and best in (0, 1]"
            raise VtkError("SpeakGate", expected, self)

    @classmethod
    def magqa(cls, file: str = "") -> "SpeakGate":
        """As published for questions with many answers."""
        return cls(file=file)

    @classmethod
    def youcook2(cls, file: str = "") -> "SpeakGate":
        """As published for dense captions."""
        return cls(sum_threshold=2.0, heads=("informative",), file=file)

    def at(self, eager: float) -> "SpeakGate":
        part("SpeakGate.at", eager=eager)
        most = float(len(self.heads))
        if self.sum_threshold is None:
            return replace(self, threshold=(1 - eager) * most)
        return replace(self, sum_threshold=_LONGEST * (1 - eager) * most)

    def step(
        self,
        frame: Float[Tensor, "n d"],
        query: Query,
        t_s: float,
        before: Decision | None = None,
    ) -> Decision:
        frame = seen("SpeakGate", frame, query, t_s, before)
        total, many = before.memory[1:] if before else (0.0, 0)
        if self.file:
            yes = frozen(self.kernel, frame)(frame[-1]).softmax(-1)[:, 1]
            probabilities: dict[str, float] = dict(zip(HEADS, yes.tolist(), strict=True))
        else:
            fits = chance(relevance(frame, query, self.best), self.level, self.spread)
            news = max(0.0, fits - total / many) if many else fits
            probabilities = {"informative": news, "relevance": fits}
            total, many = total + fits, many + 1
        told = self.decide(probabilities, t_s, before)
        return replace(told, memory=(*told.memory, total, many))

    def decide(
        self, probabilities: dict[str, float], t_s: float, before: Decision | None = None
    ) -> Decision:
        """The rule alone, for probabilities that a model gives.

        Args:
            probabilities: of yes, by head.
            t_s: of the frame.
            before: the decision after the frame before.
        """
        in_order("SpeakGate", t_s, before)
        score = sum(probabilities[name] for name in self.heads)
        if not 0 <= score <= len(self.heads):
            raise VtkError("SpeakGate", "probabilities in [0, 1]", probabilities)
        if self.sum_threshold is None:
            return Decision(t_s, score > self.threshold, score, (0.0,))
        since = score + (before.memory[0] if before else 0.0)
        speak = since > self.sum_threshold
        return Decision(t_s, speak, score, (0.0 if speak else since,))

    @cached_property
    def kernel(self) -> DuetHeads:
        """The heads in `file`."""
        if not self.file:
            raise VtkError("SpeakGate.kernel", "a file with trained heads", "none")
        return load_kernel(DuetHeads, self.file)


def grounded(
    scores: Sequence[float], window: int = 0, threshold: float = 0.5
) -> tuple[int, int] | None:
    """Where a film answers, by the curve of a model that never speaks: first frame and stop.

    As released: smoothed, stretched to [0, 1], and of all runs at the threshold or above the
    longest one, the first of equals. The released script tries windows from 0 to 14 and thresholds
    from 0.3 to 0.7 on the test set and reports the best; here a caller fixes both. A curve without
    ups and downs answers nowhere, where the script divides by 0.

    Args:
        scores: one per frame, one or more.
        window: frames to either side that a frame is averaged with.
        threshold: in [0, 1].
    """
    part("grounded", threshold=threshold)
    if window < 0 or not len(scores) or not all(map(math.isfinite, scores)):
        expected = "one or more finite scores and a window of 0 or more"
        raise VtkError("grounded", expected, f"{len(scores)} scores and a window of {window}")
    curve = smoothed(scores, window)
    low, high = min(curve), max(curve)
    if high - low < 1e-9:
        return None
    above = [*((score - low) / (high - low) >= threshold for score in curve), False]
    first, best = 0, (0, 0)
    for i, over in enumerate(above):
        if not over:
            best = max(best, (first, i), key=lambda run: run[1] - run[0])
            first = i + 1
    return best


def smoothed(scores: Sequence[float], window: int) -> list[float]:
    """Each score averaged with those of as many frames to either side as there are, up to it."""
    return [
        math.fsum(near) / len(near)
        for i in range(len(scores))
        for near in [scores[max(0, i - window) : i + window + 1]]
    ]
