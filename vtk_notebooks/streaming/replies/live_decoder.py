"""Live decoder: silence is a token like any other, and is said unless it is not sure enough.

After LIVE, "VideoLLM-online: Online Video Large Language Model for Streaming Video" (Chen et al.,
2024, arXiv:2406.11816). As in its released demo: after a frame's last token the language model's
next token is either the interval token, which is silence, or the beginning of a reply; where the
probability of silence lies below theta (0.725), it is ruled out. So it speaks if silence is less
probable than theta, or than some other token. `decide` is that rule, for the logits of any causal
language model, such as `models.live_reading.LiveReader` gives.

What differs: without a language model, `step` asks a stand-in of two tokens, silence and speech:
the probability of speech is how far the cosine of the question and the frame's best cells lies
above a level, which was set by eye for ConSE and not learnt. It does not remember that it has
spoken, so it speaks after each relevant frame, where a trained model falls silent after its reply.
"""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

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


@register(
    "policy",
    "live_decoder",
    title="Live decoder (LIVE)",
    paper="VideoLLM-online: Online Video Large Language Model for Streaming Video",
    year=2024,
    arxiv="2406.11816",
    atlas=("videollm_online",),
)
@dataclass(frozen=True)
class LiveDecoder:
    """Speak when silence is not sure enough.

    Args:
        theta: probability of silence below which it is ruled out; 0 leaves the choice to the model.
        level: cosine at which the stand-in is as likely to speak as not.
        spread: how fast that turns.
        best: part of a frame's cells, the most alike ones, that the cosine is of.
    """

    theta: float = 0.725
    level: float = LEVEL
    spread: float = SPREAD
    best: float = BEST

    def __post_init__(self) -> None:
        if not self.theta >= 0 or not self.spread > 0 or not 0 < self.best <= 1:
            expected = "theta of 0 or more, a spread above 0 and best in (0, 1]"
            raise VtkError("LiveDecoder", expected, self)

    def at(self, eager: float) -> "LiveDecoder":
        part("LiveDecoder.at", eager=eager)
        return replace(self, theta=eager)

    def step(
        self,
        frame: Float[Tensor, "n d"],
        query: Query,
        t_s: float,
        before: Decision | None = None,
    ) -> Decision:
        frame = seen("LiveDecoder", frame, query, t_s, before)
        speech = chance(relevance(frame, query, self.best), self.level, self.spread)
        return self._decided(1 - speech, speech, t_s)

    def decide(
        self,
        logits: Float[Tensor, "v"],
        t_s: float,
        before: Decision | None = None,
        *,
        silence: int = 0,
    ) -> Decision:
        """The rule alone, for what a language model predicts after a frame.

        Args:
            logits: of the next token.
            t_s: of the frame.
            before: the decision after the frame before.
            silence: number of the token that says nothing.
        """
        in_order("LiveDecoder", t_s, before)
        if not 0 <= silence < len(logits) or len(logits) < 2:
            expected = "logits of two or more tokens, silence among them"
            raise VtkError("LiveDecoder", expected, f"{len(logits)}, and silence={silence}")
        chances = logits.softmax(-1)
        if not torch.isfinite(chances).all():
            raise VtkError("LiveDecoder", "logits that are numbers", "nan or inf")
        others = torch.cat([chances[:silence], chances[silence + 1 :]])
        return self._decided(chances[silence].item(), others.max().item(), t_s)

    def _decided(self, silence: float, other: float, t_s: float) -> Decision:
        return Decision(t_s, silence < self.theta or silence < other, 1 - silence)
