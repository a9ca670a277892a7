"""Time expressions: what a question says about when, taken out of it and asked of moments.

After "Recognizing Extended Spatiotemporal Expressions by Actively Trained Average Perceptron
Ensembles" (Zhang et al., 2015, arXiv:1508.04525), of which only the abstract could be read. As
there: averaged perceptrons tag words in sequence, five of them see the text in different forms and
vote, and where they disagree a sentence is worth labelling (`TimeTagger.doubt`).

What differs: ours find four kinds of time expressions in questions about films, "for about ten
seconds", "right after the bell", "the second time", "in the first half", and none of places. The
five forms are ours, and so is all text they learnt from: templates, not language that people wrote
(`training.time_phrases`, whose measurements lie in the file of weights: `measured()`). What an
expression asks of a moment is read by rule (`text.time_constraints`). In a question without time
expressions nothing is asked, and moments stay as they are.
"""

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register
from vtk_notebooks.text.perceptron import phrases
from vtk_notebooks.text.time_constraints import Constraint, read
from vtk_notebooks.text.time_tagger import TimeTagger, load
from vtk_notebooks.text.time_words import split

Find = Callable[[str], Sequence[Moment]]
"""When something that an expression speaks of happens, best first: a head on the same film."""
WEIGHTS = Path(__file__).with_suffix(".json")
NEAR_S = 5.0
"""After which a gap no longer counts as "right after"."""


class Asked(NamedTuple):
    """A question and what it says about when."""

    text: str
    """The question without its time expressions, for a head to look for."""
    constraints: tuple[Constraint, ...]
    doubt: float
    """Of the vote, in [0, 1]."""

    def fit(self, moment: Moment, duration_s: float, find: Find | None = None) -> float:
        """How well a moment meets all but ordinals, in [0, 1]; 1 where nothing is asked.

        Orders ask `find` for what they speak of; without it, or where it finds nothing, they ask
        nothing.
        """
        fits = [_fit(c, moment, duration_s, find) for c in self.constraints]
        return math.prod(fits, start=1.0)

    def ranked(
        self, moments: Sequence[Moment], duration_s: float, find: Find | None = None
    ) -> list[Moment]:
        """The moments, those that fit first; scores are multiplied by the fit.

        An ordinal counts, in order of time, the moments that fit by half or better; the others
        follow behind the one it means.
        """
        fits = [self.fit(m, duration_s, find) for m in moments]
        meant = self._meant([m for m, fit in zip(moments, fits, strict=True) if fit >= 0.5])
        weighed = [
            (m not in meant, -fit * max(m.score, 0.0), replace(m, score=m.score * fit))
            for m, fit in zip(moments, fits, strict=True)
        ]
        return [m for *_, m in sorted(weighed, key=lambda row: row[:2])]

    def kept(
        self, moments: Sequence[Moment], duration_s: float, find: Find | None = None
    ) -> list[Moment]:
        """Only the moments that fit by half or better, and of these the one an ordinal means."""
        fitting = [m for m in moments if self.fit(m, duration_s, find) >= 0.5]
        meant = self._meant(fitting)
        return [m for m in fitting if m in meant]

    def _meant(self, moments: list[Moment]) -> list[Moment]:
        number = next((c.ordinal for c in self.constraints if c.kind == "ordinal"), 0)
        if not number:
            return moments
        in_time = sorted(moments, key=lambda m: m.start_s)
        place = number - 1 if number > 0 else number
        return in_time[place:][:1] if -len(in_time) <= place < len(in_time) else []


@register(
    "pipeline",
    "time_expressions",
    title="Time expressions in questions",
    paper=(
        "Recognizing Extended Spatiotemporal Expressions by Actively Trained Average Perceptron "
        "Ensembles"
    ),
    year=2015,
    arxiv="1508.04525",
    atlas=("spatiotemporal_expressions",),
)
@dataclass(frozen=True)
class TimeExpressions:
    """Find what a question says about when.

    Args:
        file: of trained taggers; "" for those that come along.
    """

    file: str = ""

    def __call__(self, question: str) -> Asked:
        """The question without its time expressions, and what they ask."""
        if not question.strip():
            raise VtkError("TimeExpressions", "a question", repr(question))
        words, tagger, rest = split(question), _tagger(self.file), question
        said = [word.text for word in words]
        found = phrases(tagger(said))
        constraints = []
        for kind, first, behind in reversed(found):
            start, stop = words[first].start, words[behind - 1].stop
            constraint = read(kind, question[start:stop])
            if constraint is not None:
                constraints.insert(0, constraint)
                rest = f"{rest[:start]} {rest[stop:]}"
        return Asked(_tidy(rest), tuple(constraints), tagger.doubt(said))

    @classmethod
    def example(cls) -> tuple[str]:
        """A question that says when in three ways."""
        return ("A man waves for about ten seconds right after the bell for the second time.",)


def measured() -> dict[str, dict[str, float]]:
    """What the training measured of the taggers that come along."""
    return json.loads(WEIGHTS.read_text(encoding="utf-8"))["measured"]


@cache
def _tagger(file: str) -> TimeTagger:
    return load(file or WEIGHTS)


def _tidy(text: str) -> str:
    """Without the commas and gaps that a cut leaves."""
    text = " ".join(text.split())
    text = re.sub(r"\s+([,.?!])", r"\1", text)
    text = re.sub(r",+([,.?!])", r"\1", text)
    return text.strip(" ,")


def _fit(c: Constraint, moment: Moment, duration_s: float, find: Find | None) -> float:
    if c.kind == "duration":
        long_s = moment.duration_s
        return min(1.0, long_s / c.low if c.low else 1.0, c.high / long_s)
    if c.kind == "bounds":
        return _within(c, moment, duration_s)
    if c.kind == "order" and find is not None and c.anchor:
        return max((_ordered(c, moment, anchor) for anchor in find(c.anchor)), default=1.0)
    return 1.0


def _within(c: Constraint, moment: Moment, duration_s: float) -> float:
    """The part of a moment inside the bounds; for a single time, whether it is in the moment."""
    low_s, high_s = c.low, min(c.high, duration_s)
    if c.unit == "part":
        low_s, high_s = c.low * duration_s, c.high * duration_s
    elif c.unit == "end s":
        low_s, high_s = duration_s - c.high, duration_s
    if c.low == c.high:
        gap_s = max(0.0, moment.start_s - c.low, c.low - moment.end_s)
        return math.exp(-gap_s / NEAR_S)
    inside_s = min(moment.end_s, high_s) - max(moment.start_s, low_s)
    return max(0.0, inside_s) / moment.duration_s


def _ordered(c: Constraint, moment: Moment, anchor: Moment) -> float:
    """The part of a moment on the right side of another one, less where a gap should not be."""
    if c.relation == "during":
        inside_s = min(moment.end_s, anchor.end_s) - max(moment.start_s, anchor.start_s)
        return max(0.0, inside_s) / min(moment.duration_s, anchor.duration_s)
    if c.relation == "after":
        right_s, gap_s = moment.end_s - anchor.end_s, moment.start_s - anchor.end_s
    else:
        right_s, gap_s = anchor.start_s - moment.start_s, anchor.start_s - moment.end_s
    part = min(max(right_s / moment.duration_s, 0.0), 1.0)
    return part * (math.exp(-max(gap_s, 0.0) / NEAR_S) if c.near else 1.0)
