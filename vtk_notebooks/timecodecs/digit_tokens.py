"""Digit tokens: seconds spelt in eleven words of their own, ten digits and a dot.

After "VTG-LLM: Integrating Timestamp Knowledge into Video LLMs for Enhanced Video Temporal
Grounding" (Guo et al., 2024, arXiv:2405.13382). As there: eleven new words, and a time is always
four digits, a dot and one digit, so that a model writes six words whatever the time and never
learns what a film's length has to do with it. A token of the vocabulary of a language model may
hold several digits; these hold one each.

What differs: a time is rounded to the nearest tenth, `rounding="floor"` cuts it off as the released
code does. That code spells 7 without its zeros and drops the tenth from 10,000 s on; here every
code has six words, and later times become the last one that can be spelt. Reading is tolerant:
fewer digits are read as they stand.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from vtk_notebooks.blocks.rulers import in_film, known_rounding, stretch, whole
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register

NAMES = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "DOT")


@register(
    "timecodec",
    "digit_tokens",
    title="Digit tokens (VTG-LLM)",
    paper=(
        "VTG-LLM: Integrating Timestamp Knowledge into Video LLMs for Enhanced Video Temporal "
        "Grounding"
    ),
    year=2024,
    arxiv="2405.13382",
    atlas=("vtg_llm",),
)
@dataclass(frozen=True)
class DigitTokens:
    """A time in seconds, digit by digit.

    Args:
        int_digits: before the dot, 1 or more.
        frac_digits: behind it; 0 writes no dot.
        rounding: "round" to the nearest time that can be spelt, or "floor" to the one before.
    """

    int_digits: int = 4
    frac_digits: int = 1
    rounding: str = "round"

    def __post_init__(self) -> None:
        known_rounding("DigitTokens", self.rounding)
        if not (1 <= self.int_digits <= 9 and 0 <= self.frac_digits <= 6):
            got = f"{self.int_digits} and {self.frac_digits}"
            raise VtkError("DigitTokens", "1 to 9 digits and 0 to 6 behind the dot", got)

    @property
    def vocab(self) -> tuple[str, ...]:
        """Zero to nine, and the dot."""
        return tuple(f"<TIME_{name}>" for name in NAMES)

    def encode(self, t_s: float | int, duration_s: float | int) -> tuple[int, ...]:
        """Always as many words."""
        steps = whole(in_film("DigitTokens.encode", t_s, duration_s) * self._parts, self.rounding)
        last = 10 ** (self.int_digits + self.frac_digits) - 1
        digits = f"{min(steps, last):0{self.int_digits + self.frac_digits}d}"
        front, back = digits[: self.int_digits], digits[self.int_digits :]
        dot = (10,) if back else ()
        return (*map(int, front), *dot, *map(int, back))

    def decode(self, ids: Sequence[int], duration_s: float | int) -> float | None:
        """The time that digits spell; None unless they are a number. Never behind the end."""
        if not ids or any(not 0 <= i < len(NAMES) for i in ids):
            return None
        text = "".join("0123456789."[i] for i in ids)
        spelt = re.fullmatch(r"\d+(\.\d*)?", text) if len(text) <= 20 else None
        return None if spelt is None else min(float(text), float(duration_s))

    def encode_span(
        self, start_s: float | int, end_s: float | int, duration_s: float | int
    ) -> tuple[int, ...]:
        """Two times, start first; each of a fixed length, so that nothing has to part them."""
        return self.encode(start_s, duration_s) + self.encode(end_s, duration_s)

    def render(self, ids: Sequence[int]) -> str:
        """Words side by side."""
        return "".join(map(self.vocab.__getitem__, ids))

    def parse(self, text: str, duration_s: float | int) -> list[Moment]:
        """Every two times, in order; a time without a partner is dropped.

        Reversed times are turned round, equal ones opened by one step, and a moment that lies
        wholly behind the end of the film is dropped.
        """
        times = [self._seconds(found[0]) for found in self._pattern.finditer(text)]
        pairs = zip(times[::2], times[1::2], strict=False)
        moments = (stretch(a, b, 1 / self._parts, duration_s) for a, b in pairs)
        return [m for m in moments if m is not None]

    def max_error_s(self, duration_s: float | int) -> float:
        """Half a step or a whole one; more where the film goes on behind the last code."""
        step_s, last_s = 1 / self._parts, 10**self.int_digits - 1 / self._parts
        return max(step_s * (0.5 if self.rounding == "round" else 1), float(duration_s) - last_s)

    @property
    def _parts(self) -> int:
        """Times that can be spelt in a second."""
        return 10**self.frac_digits

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        digit = f"<TIME_(?:{'|'.join(NAMES[:10])})>"
        behind = rf"(?:<TIME_DOT>(?:{digit}){{0,{self.frac_digits}}})?" if self.frac_digits else ""
        return re.compile(rf"(?:{digit}){{1,{self.int_digits}}}{behind}")

    def _seconds(self, words: str) -> float:
        digits = (NAMES.index(name) for name in re.findall("<TIME_([A-Z]+)>", words))
        return float("".join("0123456789."[i] for i in digits))
