"""Sample: one annotated thing of a published data set - a query, a question, or a whole film.

Everything is kept as the file has it, right or wrong: a `Span` may be inverted, a `Moment` may not,
so `Sample.moments` gives the valid ones only. What a format writes and the fields here do not hold
lies in `extra`, so that a sample can be written back whole.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment

Number = int | float
"""A number as the file has it: 28 stays 28 and does not become 28.0."""

MOST_CLIPS = 10_000_000  # a clip number beyond this is a mistake, not a film


@dataclass(frozen=True)
class Span:
    """A stretch of film exactly as written, with what a file says about it."""

    start_s: Number
    end_s: Number
    score: Number | None = None
    text: str = ""

    @property
    def moment(self) -> Moment | None:
        """The same as a moment, or None where it is inverted, empty or before the film."""
        score = 1.0 if self.score is None else float(self.score)
        if not 0 <= self.start_s < self.end_s or not math.isfinite(score):
            return None
        return Moment(float(self.start_s), float(self.end_s), score, self.text)


@dataclass(frozen=True)
class Chapter:
    """Where a chapter starts; it ends where the next one starts."""

    start_s: Number
    title: str


@dataclass(frozen=True)
class Saliency:
    """How much each clip of a film is worth, by each annotator (a model counts as one).

    Args:
        scores: a row per clip, a column per annotator.
        clip_s: length of a clip in seconds.
        clips: numbers of the clips that have a row; None says all of them from the first.
    """

    scores: tuple[tuple[Number, ...], ...]
    clip_s: float
    clips: tuple[int, ...] | None = None

    def array(self, n: int | None = None) -> Float[np.ndarray, "clip annotator"]:
        """The first n clips in order, 0 where nobody rated; all rated ones by default."""
        clips = range(len(self.scores)) if self.clips is None else self.clips
        n = max(clips, default=-1) + 1 if n is None else n
        width = {len(row) for row in self.scores}
        if len(width) > 1 or len(clips) != len(self.scores) or not 0 <= n <= MOST_CLIPS:
            got = f"{len(self.scores)} rows of {sorted(width)} for {len(clips)} clips, n={n}"
            raise VtkError("Saliency.array", "one row of one width for each clip", got)
        out = np.zeros((n, width.pop() if width else 1))
        for clip, row in zip(clips, self.scores, strict=True):
            if 0 <= clip < n:
                out[clip] = row
        return out


@dataclass(frozen=True)
class Sample:
    """One record of a data set.

    Args:
        id: what the file calls it, or its number where the file does not.
        film: id or path of the film, as written.
        text: the query or the question.
        asked_s: when a question is put to a film that is still running; None: after its end.
        spans: the stretches that answer the query, best first where they are scored.
        captions: sentences with their stretches, in time.
        choices: what a question offers.
        answer: the right choice as written: its text, letter or number.
        response: what a model said, in files of results.
        extra: what else the record holds, by the name the file uses.
        keys: all names of the record in their order, so that it is written back the same.
        shared: what this sample has in common with its neighbours in one nested record.
        place: where it lay in a nested file, outermost first.
    """

    id: str | int
    film: str = ""
    duration_s: Number | None = None
    text: str = ""
    asked_s: Number | None = None
    spans: tuple[Span, ...] = ()
    saliency: Saliency | None = None
    captions: tuple[Span, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    choices: tuple[str, ...] = ()
    answer: str | int | None = None
    response: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)
    keys: tuple[str, ...] = ()
    shared: Mapping[str, Any] = field(default_factory=dict, hash=False)
    place: tuple[str | int, ...] = ()

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The valid ones among the spans; they may still end after the film (see `within`)."""
        return tuple(m for m in (span.moment for span in self.spans) if m)

    @property
    def caption_moments(self) -> tuple[Moment, ...]:
        """The valid ones among the captions, each with its sentence."""
        return tuple(m for m in (span.moment for span in self.captions) if m)

    @property
    def chapter_spans(self) -> tuple[Span, ...]:
        """Chapters as stretches; the last one needs the duration and is left out without it."""
        starts = [c.start_s for c in self.chapters]
        ends = [*starts[1:], *([] if self.duration_s is None else [self.duration_s])]
        return tuple(
            Span(c.start_s, end, None, c.title) for c, end in zip(self.chapters, ends, strict=False)
        )

    @property
    def answer_index(self) -> int | None:
        """Which choice is right, however the file says it; None if it cannot be told."""
        if isinstance(self.answer, int):
            return self.answer if 0 <= self.answer < len(self.choices) else None
        if self.answer is None or self.answer in self.choices:
            return self.choices.index(self.answer) if self.answer else None
        letter = self.answer.strip().strip("().:").upper()
        index = ord(letter) - ord("A") if len(letter) == 1 else -1
        return index if 0 <= index < len(self.choices) else None
