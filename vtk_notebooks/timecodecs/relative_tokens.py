"""Relative time tokens: the film is a ruler with n marks, and a time is the number of a mark.

After LITA, "LITA: Language Instructed Temporal-Localization Assistant" (Huang et al., 2024,
arXiv:2403.19046) and Grounded-VideoLLM (Wang et al., 2024, arXiv:2410.03290), which differ in three
numbers only: `RelativeTokens.lita()` has 100 marks and rounds to the nearest, decoded times have
two decimals; `RelativeTokens.grounded_videollm()` has 301 marks and rounds down.
`RelativeTokens.vid2seq()` has the 100 bins of Vid2Seq and VidChapters, cut off by int() as their
released code does; it, too, leaves its vocabulary behind the end of a film (`clamp=False`).

What differs: times are clamped to the film before they are encoded. LITA's released code does not,
so that a time behind the end becomes a token outside its vocabulary; `clamp=False` does the same.
Rounding down forgives 1e-9 of a step, for in floating point a mark's own time may come out a hair
below the mark. Pairs that come out equal or reversed are mended in `parse`, not dropped; the extra
token with which Grounded-VideoLLM announces a time is passed over.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from vtk_notebooks.blocks.rulers import known_rounding, whole
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register


@register(
    "timecodec",
    "relative_tokens",
    title="Relative time tokens",
    paper="LITA: Language Instructed Temporal-Localization Assistant",
    year=2024,
    arxiv="2403.19046",
    atlas=("lita", "grounded_videollm"),
)
@dataclass(frozen=True)
class RelativeTokens:
    """A time as one of n tokens, evenly spread over the film.

    Args:
        n: tokens in the vocabulary, 2 or more.
        rounding: "round" to the nearest mark (half the error), "floor" to the last one passed, or
            "cut" to what int() leaves in floating point.
        inclusive: the last mark is the end of the film; else it is one step before.
        token: how number k is written; holds one pair of braces.
        decimals: that decoded seconds are rounded to; None keeps all.
        clamp: keep times inside the film; False reproduces LITA's released code.
    """

    n: int = 100
    rounding: str = "round"
    inclusive: bool = True
    token: str = "<t{}>"  # noqa: S105 (no password)
    decimals: int | None = None
    clamp: bool = True

    def __post_init__(self) -> None:
        if self.n < 2:
            raise VtkError("RelativeTokens", "2 or more tokens", self.n, "LITA has 100.")
        known_rounding("RelativeTokens", self.rounding)
        if len(re.findall(r"\{[^{}]*\}", self.token)) != 1:
            raise VtkError("RelativeTokens", "one {} in token", repr(self.token), "Try '<t{}>'.")

    @classmethod
    def lita(cls) -> "RelativeTokens":
        """100 tokens <t0> to <t99>, nearest mark, two decimals."""
        return cls(n=100, decimals=2)

    @classmethod
    def grounded_videollm(cls) -> "RelativeTokens":
        """301 tokens <0> to <300>, rounded down."""
        return cls(n=301, rounding="floor", token="<{}>")  # noqa: S106

    @classmethod
    def vid2seq(cls) -> "RelativeTokens":
        """100 tokens <time=0> to <time=99>, cut off."""
        return cls(n=100, rounding="cut", token="<time={}>")  # noqa: S106

    @property
    def vocab(self) -> tuple[str, ...]:
        """The tokens, first to last."""
        return tuple(self.token.format(k) for k in range(self.n))

    def encode(self, t_s: float, duration_s: float) -> tuple[int, ...]:
        """The number of a time's mark."""
        if not (math.isfinite(t_s) and math.isfinite(duration_s) and duration_s > 0):
            got = f"{t_s} s of {duration_s} s"
            raise VtkError("RelativeTokens.encode", "a time in a film longer than 0 s", got)
        place = t_s * self._steps / duration_s
        k = whole(place, self.rounding)
        return (min(max(k, 0), self.n - 1) if self.clamp else k,)

    def decode(self, ids: Sequence[int], duration_s: float) -> float | None:
        """The time of a mark; None for anything but one number of the vocabulary."""
        if len(ids) != 1 or not 0 <= ids[0] < self.n:
            return None
        t_s = ids[0] * duration_s / self._steps
        t_s = t_s if self.decimals is None else round(t_s, self.decimals)
        return min(t_s, duration_s)  # rounding may have carried the last mark behind the end

    def encode_span(self, start_s: float, end_s: float, duration_s: float) -> tuple[int, ...]:
        """Two marks, start first."""
        return self.encode(start_s, duration_s) + self.encode(end_s, duration_s)

    def render(self, ids: Sequence[int]) -> str:
        """The tokens as text, side by side."""
        return "".join(self.token.format(k) for k in ids)

    def parse(self, text: str, duration_s: float) -> list[Moment]:
        """Every pair of time tokens in the text, in order; whatever else is there is passed over.

        A number too large means the last mark. A reversed pair is turned round; one mark twice is
        one step, centred on it; a token without a partner is dropped.
        """
        marks = [min(int(k), self.n - 1) for k in self._pattern.findall(text)]
        times = [t for k in marks if (t := self.decode([k], duration_s)) is not None]
        return [
            self._moment(*pair, duration_s) for pair in zip(times[::2], times[1::2], strict=False)
        ]

    def max_error_s(self, duration_s: float) -> float:
        """Half a step for the nearest mark, a step for the last one passed."""
        half = self.rounding == "round" and self.inclusive
        shown = 0 if self.decimals is None else 0.5 * 10**-self.decimals
        return duration_s / self._steps * (0.5 if half else 1) + shown

    @property
    def _steps(self) -> int:
        return self.n - 1 if self.inclusive else self.n

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        before, after = re.split(r"\{[^{}]*\}", self.token)
        number = r"([0-9]{1,12})" if before or after else r"(?<![0-9.])([0-9]{1,12})(?![0-9.])"
        return re.compile(re.escape(before) + number + re.escape(after))

    def _moment(self, a_s: float, b_s: float, duration_s: float) -> Moment:
        start_s, end_s = sorted((a_s, b_s))
        if start_s == end_s:
            half_s = duration_s / self._steps / 2
            start_s, end_s = max(0.0, start_s - half_s), min(duration_s, end_s + half_s)
        return Moment(start_s, end_s)
