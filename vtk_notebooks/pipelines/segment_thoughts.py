"""Segment thoughts: a long film is thought about part by part before the question is answered.

After "Multimodal Long Video Modeling Based on Temporal Dynamic Context" (Hao et al., 2025,
arXiv:2504.10443), its chain of thought for long videos. As there: no training; the film is cut into
equal parts, 2 in the released code; of each the model is asked what in it helps to answer the
question; then it sees the whole film again, with these thoughts and their times in front of the
question.

What differs: the model is handed in, any function from a clip and a text to an answer, and the
prompts are in our own words. Without one, thoughts are extracted: the frame of a part that answers
best by ConSE, and the words ConSE has for its best cells; the answer is the best thought. That
finds, it does not reason. The released code takes a frame for a second and drops what its parts
leave over; here parts have the clip's own times and every frame.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vtk_notebooks import registry
from vtk_notebooks.blocks.relevance import token_relevance
from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.labels import label_vectors, labels
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register

Ask = Callable[[Clip, str], str]
"""A model of films: a clip and a text to an answer."""
THINK = "This is a part of a film. Say in short what it shows that helps to answer: {question}"
ANSWER = "What the parts of this film show:\n{thoughts}\nWith that in mind, answer: {question}"
_BEST = 0.05
"""Part of a frame's cells that speak for it."""


class Thoughts(NamedTuple):
    """An answer, and what was thought of each part on the way to it."""

    answer: str
    parts: tuple[Moment, ...]
    """In order of time; the score is a model's 1, or the cosine of what was extracted."""

    def __str__(self) -> str:
        return f"{told(self.parts)}\n{self.answer}"


@register(
    "pipeline",
    "segment_thoughts",
    title="Thoughts of each part (TDC)",
    paper="Multimodal Long Video Modeling Based on Temporal Dynamic Context",
    year=2025,
    arxiv="2504.10443",
    atlas=("tdc",),
)
@dataclass(frozen=True)
class SegmentThoughts:
    """Think of each part of a film, then answer.

    Args:
        segments: equal parts; fewer where the film has fewer frames.
        think: prompt for a part, with a place for {question}.
        answer: prompt for the whole film, with places for {thoughts} and {question}.
        words: names for what is seen, where thoughts are extracted.
    """

    segments: int = 2
    think: str = THINK
    answer: str = ANSWER
    words: int = 3

    def __post_init__(self) -> None:
        if min(self.segments, self.words) < 1:
            got = f"segments={self.segments}, words={self.words}"
            raise VtkError("SegmentThoughts", "segments and words of 1 or more", got)
        for name, places in (("think", ("question",)), ("answer", ("thoughts", "question"))):
            if not all(f"{{{place}}}" in getattr(self, name) for place in places):
                expected = f"places for {', '.join(places)} in `{name}`"
                raise VtkError("SegmentThoughts", expected, getattr(self, name))

    def __call__(self, clip: Clip, question: str, ask: Ask | None = None) -> Thoughts:
        if not question.strip():
            raise VtkError("SegmentThoughts", "a question", repr(question))
        parts = self.parts(clip)
        if ask is None:
            thoughts = tuple(self._extracted(part, span, question) for part, span in parts)
            return Thoughts(max(thoughts, key=lambda m: m.score).text, thoughts)
        prompt = _filled(self.think, question=question)
        thoughts = tuple(
            Moment(span.start_s, span.end_s, text=ask(part, prompt).strip()) for part, span in parts
        )
        prompt = _filled(self.answer, question=question, thoughts=told(thoughts))
        return Thoughts(ask(clip, prompt), thoughts)

    def parts(self, clip: Clip) -> list[tuple[Clip, Moment]]:
        """Equal parts of a clip with their spans; together they are the clip."""
        n, many = len(clip), min(self.segments, len(clip))
        first = [i * n // many for i in range(many)]
        last_s = clip.duration_s
        if last_s <= clip.times_s[-1]:  # the film does not say how long its last frame stands
            last_s = float(clip.times_s[-1]) + 1.0
        ends_s = [*(float(clip.times_s[i]) for i in first[1:]), last_s]
        return [
            (
                Clip(clip.frames[a:b], clip.times_s[a:b], clip.origin),
                Moment(float(clip.times_s[a]), end_s),
            )
            for a, b, end_s in zip(first, [*first[1:], n], ends_s, strict=True)
        ]

    @classmethod
    def example(cls) -> tuple[Clip, str, Ask]:
        """A film that grows brighter, and a model that tells how bright what it sees is."""
        frames = np.repeat(np.arange(12, dtype=np.uint8) * 20, 4 * 6 * 3).reshape(12, 4, 6, 3)
        clip = Clip(frames, np.arange(12) * 0.5, Origin("grey", 6.0))
        return clip, "How bright is it?", lambda seen, text: f"{seen.frames.mean():.0f} of 255"

    def _extracted(self, part: Clip, span: Moment, question: str) -> Moment:
        """What ConSE calls the cells of a part that answer best, and when they are seen."""
        encoder = registry.build("encoder", "conse")
        tokens, query = encoder(part), encoder.read(question)
        cosine = token_relevance(tokens, query)
        frame = tokens.per_frame(cosine, _BEST)
        at = int(frame.argmax())
        cells = cosine.view(len(part), -1)[at]
        best = cells.topk(max(1, round(_BEST * len(cells)))).indices
        seen = tokens.x.view(len(part), len(cells), -1)[at, best].mean(0)
        names = [labels()[i] for i in (label_vectors() @ seen).topk(self.words).indices.tolist()]
        text = f"at {part.times_s[at]:.1f} s {', '.join(names)}"
        return Moment(span.start_s, span.end_s, frame[at].item(), text)


def told(thoughts: tuple[Moment, ...]) -> str:
    """One line for each thought, with its time."""
    return "\n".join(f"{m.start_s:.1f} s to {m.end_s:.1f} s: {m.text}" for m in thoughts)


def _filled(prompt: str, **texts: str) -> str:
    """A prompt with its places filled in one pass: braces in a question or a thought are words."""
    return re.sub("|".join(rf"\{{{name}\}}" for name in texts), lambda m: texts[m[0][1:-1]], prompt)
