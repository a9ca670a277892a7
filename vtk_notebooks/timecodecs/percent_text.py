"""Percent as text: "from 05 to 50", a film's hundredths in two digits.

After "VTimeLLM: Empower LLM to Grasp Video Moments" (Huang et al., 2023, arXiv:2311.18445). As
there: two digits whatever the time, the nearest hundredth, and 99 for what lies behind it; no word
is new. Its frames, too, are a hundred whatever the film, so that a number is also that of a frame.

What differs: reading also takes "-", "and", percent signs and 100, turns reversed numbers round and
opens equal ones by one hundredth. VTimeLLM's descriptions of many events read an end as the end of
its hundredth, (YY + 1) / 100; `closed=True` does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vtk_notebooks.blocks.rulers import in_film, stretch
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register

_NUMBER = r"(100|\d{1,2})(?![\d:]|\.\d)\s*(?:%|percent)?"
_PAIR = re.compile(rf"(?<![\w.:]){_NUMBER}\s*(?:\bto\b|\band\b|[-\u2013])\s*{_NUMBER}")


@register(
    "timecodec",
    "percent_text",
    title="Percent as text (VTimeLLM)",
    paper="VTimeLLM: Empower LLM to Grasp Video Moments",
    year=2023,
    arxiv="2311.18445",
)
@dataclass(frozen=True)
class PercentText:
    """A time as a hundredth of the film.

    Args:
        closed: a moment's last hundredth belongs to it.
    """

    closed: bool = False

    @property
    def vocab(self) -> tuple[str, ...]:
        """00 to 99, and the words around two of them."""
        return (*(f"{k:02d}" for k in range(100)), "from ", " to ")

    def encode(self, t_s: float | int, duration_s: float | int) -> tuple[int, ...]:
        """The nearest hundredth; 99 for the last one."""
        t_s = in_film("PercentText.encode", t_s, duration_s)
        return (min(round(100 * t_s / duration_s), 99),)

    def decode(self, ids: Sequence[int], duration_s: float | int) -> float | None:
        """Where a hundredth starts; None for anything but one number."""
        if len(ids) != 1 or not 0 <= ids[0] < 100:
            return None
        return ids[0] * duration_s / 100

    def encode_span(
        self, start_s: float | int, end_s: float | int, duration_s: float | int
    ) -> tuple[int, ...]:
        """The two words and the two numbers, by turns."""
        start, end = self.encode(start_s, duration_s), self.encode(end_s, duration_s)
        if self.closed:
            end = (max(end[0] - 1, start[0]),) if end_s < duration_s else (99,)
        return (100, *start, 101, *end)

    def render(self, ids: Sequence[int]) -> str:
        """The text itself."""
        return "".join(map(self.vocab.__getitem__, ids))

    def parse(self, text: str, duration_s: float | int) -> list[Moment]:
        """Every "a to b" of numbers up to 100."""
        step_s, found = duration_s / 100, []
        for pair in _PAIR.findall(text):
            start, end = sorted(map(int, pair))
            found.append(stretch(start * step_s, (end + self.closed) * step_s, step_s, duration_s))
        return [m for m in found if m is not None]

    def max_error_s(self, duration_s: float | int) -> float:
        """A hundredth: half of one, but for times next to the end, which 99 stands for."""
        return duration_s / 100
