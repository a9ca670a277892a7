"""Perceive, remember, reason: three parts, of which the last one only looks when it is asked.

After "InternLM-XComposer2.5-OmniLive: A Comprehensive Multimodal System for Long-term Streaming
Video and Audio Interactions" (Zhang et al., 2024, arXiv:2412.09596). As there: frames are encoded
as they come and go into a memory of clips; a question wakes the clips that fit it, and only their
frames are given to a model, with an overview of the whole.

What differs: sound (speech and its classes) is not heard, so questions come as text. The overview
is told in words, how many clips there are and which are shown, where the paper gives the model the
vectors of its memory. The model is handed in, any function from a clip and a text to an answer;
without one the answer says which clip is woken and how well it fits, by ConSE: that finds, it does
not reason. Here the parts take turns; `asynchronous_reply` is the pipeline whose parts do not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from vtk_notebooks import registry
from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register
from vtk_notebooks.streaming.remembering import remember
from vtk_notebooks.tokens import Tokens

Ask = Callable[[Clip, str], str]
"""A model of films: a clip and a text to an answer."""
PROMPT = (
    "A stream of {seconds} seconds so far, in {clips} clips. These frames are from {spans}. "
    "With that in mind, answer: {question}"
)


class Reasoned(NamedTuple):
    """An answer, the clips that were woken for it, and what was remembered."""

    answer: str
    woken: tuple[Moment, ...]
    """In the order of the film; the score is the cosine, 0 where nothing fitted."""
    memory: Tokens

    def __str__(self) -> str:
        return self.answer


@register(
    "pipeline",
    "perceive_remember_reason",
    title="Perceive, remember, reason (OmniLive)",
    paper="InternLM-XComposer2.5-OmniLive: A Comprehensive Multimodal System for Long-term "
    "Streaming Video and Audio Interactions",
    year=2024,
    arxiv="2412.09596",
    atlas=("ixc_omnilive",),
)
@dataclass(frozen=True)
class PerceiveRememberReason:
    """Watch a film into a memory of clips, then answer from what the question wakes.

    Args:
        threshold: cosine above which a clip is woken; None for the paper's.
        mode: "live", or "offline" once the stream is over.
        frames: shown at most, evenly out of the woken clips.
        prompt: with places for {seconds}, {clips}, {spans} and {question}.
    """

    threshold: float | None = None
    mode: str = "live"
    frames: int = 36
    prompt: str = PROMPT

    def __post_init__(self) -> None:
        if self.frames < 1 or "{question}" not in self.prompt:
            expected = "frames of 1 or more and a place for {question} in `prompt`"
            raise VtkError("PerceiveRememberReason", expected, self)

    def __call__(self, clip: Clip, question: str, ask: Ask | None = None) -> Reasoned:
        if not question.strip():
            raise VtkError("PerceiveRememberReason", "a question", repr(question))
        encoder = registry.build("encoder", "conse")
        tokens, query = encoder(clip), encoder.read(question)
        memory = registry.build("memory", "clip_memory", mode=self.mode, threshold=self.threshold)
        kept = remember(memory, tokens, query)
        woken = memory.recall(query)
        told = tuple(self._moment(tokens, one) for one in woken)
        if ask is None:
            spans = ", ".join(f"{_span(m)} (cosine {m.score:.2f})" for m in told)
            return Reasoned(
                f"{'Seen' if told[0].score else 'Not seen; last'} at {spans}", told, kept
            )
        return Reasoned(
            ask(self._shown(clip, woken), self._prompt(memory, told, tokens, question)), told, kept
        )

    @classmethod
    def example(cls) -> tuple[Clip, str, Ask]:
        """A film that turns from black to white, and a model that tells how bright frames are."""
        grey = np.repeat(np.array([0] * 6 + [255] * 6, dtype=np.uint8), 32 * 32 * 3)
        clip = Clip(grey.reshape(12, 32, 32, 3), np.arange(12) * 0.5, Origin("grey", 6.0))
        return clip, "How bright is it?", lambda seen, text: f"{seen.frames.mean():.0f} of 255"

    def _shown(self, clip: Clip, woken: list[Any]) -> Clip:
        """The frames of the woken clips, thinned out evenly to as many as may be shown."""
        all_of = np.concatenate([np.arange(one.first, one.stop) for one in woken])
        some = all_of[
            np.linspace(0, len(all_of) - 1, min(self.frames, len(all_of))).round().astype(int)
        ]
        return Clip(clip.frames[some], clip.times_s[some], clip.origin)

    def _prompt(self, memory: Any, told: tuple[Moment, ...], tokens: Tokens, question: str) -> str:
        texts = {
            "seconds": f"{tokens.ends_s()[-1].item():.1f}",
            "clips": str(len(memory.spans)),
            "spans": ", ".join(map(_span, told)),
            "question": question,
        }
        return re.sub(
            "|".join(rf"\{{{name}\}}" for name in texts), lambda m: texts[m[0][1:-1]], self.prompt
        )

    @staticmethod
    def _moment(tokens: Tokens, one: Any) -> Moment:
        start_s = max(0.0, tokens.times_s[one.first].item())
        return Moment(start_s, tokens.ends_s()[one.stop - 1].item(), one.score)


def _span(m: Moment) -> str:
    return f"{m.start_s:.1f} s to {m.end_s:.1f} s"
