"""Span tokens: a moment is two words, start and end, or middle and length.

After "OmniVid: A Generative Framework for Universal Video Understanding" (Wang et al., 2024,
arXiv:2403.17935). As there: 100 words, the last one for the end of the film, and two ways of
writing a moment. Of two equal words the first is moved one back, and reversed ones are swapped.

What differs: times become the nearest word, not the last one passed, which doubles the error, and
equal words mean one step around them; `SpanTokens.omnivid()` does both as released, with two
decimals. There the first word twice would be a moment without a length; here it is the first step.
How the released code reads a middle and a length could not be verified; the length has the same
hundred words. Its word `<event>` is not written.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vtk_notebooks.blocks.rulers import Ruler, in_film, known_rounding, stretch
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register, unknown

MODES = ("start_end", "centre_duration")
EQUAL = ("around", "before")


@register(
    "timecodec",
    "span_tokens",
    title="Span tokens (OmniVid)",
    paper="OmniVid: A Generative Framework for Universal Video Understanding",
    year=2024,
    arxiv="2403.17935",
    atlas=("omnivid",),
)
@dataclass(frozen=True)
class SpanTokens:
    """Two words for a moment.

    Args:
        n: words, 2 or more.
        mode: "start_end" or "centre_duration".
        rounding: "round" to the nearest word, or "floor" to the last one passed.
        equal: two equal words mean one step "around" them, or the step "before" them.
        decimals: that decoded seconds are rounded to; None keeps all.
    """

    n: int = 100
    mode: str = "start_end"
    rounding: str = "round"
    equal: str = "around"
    decimals: int | None = None

    def __post_init__(self) -> None:
        known_rounding("SpanTokens", self.rounding)
        if self.n < 2:
            raise VtkError("SpanTokens", "2 or more words", self.n, "OmniVid has 100.")
        if self.mode not in MODES:
            raise unknown("SpanTokens", "mode", self.mode, MODES)
        if self.equal not in EQUAL:
            raise unknown("SpanTokens", "way to read equal words", self.equal, EQUAL)

    @classmethod
    def omnivid(cls) -> "SpanTokens":
        """100 words, cut off, equal words the step before, two decimals."""
        return cls(rounding="cut", equal="before", decimals=2)

    @property
    def vocab(self) -> tuple[str, ...]:
        """Words for times, first to last."""
        return tuple(f"<time_bin_{k}>" for k in range(self.n))

    def encode(self, t_s: float | int, duration_s: float | int) -> tuple[int, ...]:
        """The word of a time."""
        t_s = in_film("SpanTokens.encode", t_s, duration_s)
        return (self._ruler.mark(t_s / duration_s),)

    def decode(self, ids: Sequence[int], duration_s: float | int) -> float | None:
        """The time of a word; None for anything but one."""
        if len(ids) != 1 or not 0 <= ids[0] < self.n:
            return None
        return min(self._shown(self._ruler.place(ids[0]) * duration_s), float(duration_s))

    def encode_span(
        self, start_s: float | int, end_s: float | int, duration_s: float | int
    ) -> tuple[int, ...]:
        """Two words: start and end, or middle and length."""
        if self.mode == "start_end":
            return self.encode(start_s, duration_s) + self.encode(end_s, duration_s)
        start_s = in_film("SpanTokens.encode_span", start_s, duration_s)
        end_s = in_film("SpanTokens.encode_span", end_s, duration_s)
        middle_s, length_s = (start_s + end_s) / 2, end_s - start_s
        return self.encode(middle_s, duration_s) + self.encode(length_s, duration_s)

    def decode_span(
        self, ids: Sequence[int], duration_s: float | int
    ) -> tuple[float, float] | None:
        """Start and end of two words, in seconds; None for anything else.

        They are equal only for the first word twice, where equal words mean the step before.
        """
        if len(ids) != 2 or any(not 0 <= i < self.n for i in ids):
            return None
        start, end = self._ends(*ids)
        start_s, end_s = (
            self._shown(min(max(k, 0), self.n - 1) * duration_s / (self.n - 1))
            for k in (start, end)
        )
        return min(start_s, float(duration_s)), min(end_s, float(duration_s))

    def render(self, ids: Sequence[int]) -> str:
        """Words side by side."""
        return "".join(map(self.vocab.__getitem__, ids))

    def parse(self, text: str, duration_s: float | int) -> list[Moment]:
        """Every two words, in order; a number too large means the last word."""
        marks = [min(int(k), self.n - 1) for k in re.findall(r"<time_bin_([0-9]{1,9})>", text)]
        pairs = zip(marks[::2], marks[1::2], strict=False)
        spans = (self.decode_span(pair, duration_s) for pair in pairs)
        step_s = duration_s / (self.n - 1)
        moments = (stretch(*s, step_s, duration_s) for s in spans if s is not None)
        return [m for m in moments if m is not None]

    def max_error_s(self, duration_s: float | int) -> float:
        """Half a step for the nearest word, a step for the last one passed."""
        shown = 0 if self.decimals is None else 0.5 * 10**-self.decimals
        return self._ruler.error * duration_s + shown

    @property
    def _ruler(self) -> Ruler:
        return Ruler(self.n, self.rounding)

    def _ends(self, a: int, b: int) -> tuple[float | int, float | int]:
        """Start and end, in steps."""
        if self.mode == "centre_duration" and b:
            return a - b / 2, a + b / 2
        if self.mode == "start_end" and a != b:
            return min(a, b), max(a, b)
        return (a - 0.5, a + 0.5) if self.equal == "around" else (a - 1, a)

    def _shown(self, t_s: float) -> float:
        return t_s if self.decimals is None else round(t_s, self.decimals)
