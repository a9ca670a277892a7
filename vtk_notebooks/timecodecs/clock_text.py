"""Clock times as text: "01:05 - 02:10", as people write under films.

A baseline that many systems use, and no paper's idea: no word is new to a language model, and no
length of a film is needed. Hours are written where there are any; the nearest second is, where
people cut seconds off (`rounding="floor"`). Answers are read with `answers.spans`, which takes
"65 to 130 seconds" as well; one that lies wholly behind the end of the film is dropped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from vtk_notebooks.blocks.rulers import in_film, whole
from vtk_notebooks.blocks.written_seconds import WrittenSeconds
from vtk_notebooks.registry import register

_CLOCK = re.compile(r"(?:(\d{1,6}):)?(\d{1,6}):(\d{2}(?:\.\d*)?)")


@register(
    "timecodec",
    "clock_text",
    title="Clock times as text",
    paper="baseline",
)
@dataclass(frozen=True)
class ClockText(WrittenSeconds):
    """A time as minutes and seconds, with hours where there are any.

    Args:
        decimals: of the seconds.
        rounding: "round" to the nearest time that can be written, or "floor" to the one before.
    """

    signs: ClassVar[str] = "0123456789:."
    around: ClassVar[tuple[str, ...]] = (" - ",)

    def encode(self, t_s: float | int, duration_s: float | int) -> tuple[int, ...]:
        """The signs of a time."""
        parts = 10**self.decimals
        steps = whole(in_film("ClockText.encode", t_s, duration_s) * parts, self.rounding)
        minutes, seconds = divmod(steps // parts, 60)
        hours, minutes = divmod(minutes, 60)
        back = f".{steps % parts:0{self.decimals}d}" if self.decimals else ""
        front = f"{hours}:" if hours else ""
        return tuple(map(self.signs.index, f"{front}{minutes:02d}:{seconds:02d}{back}"))

    def decode(self, ids: Sequence[int], duration_s: float | int) -> float | None:
        """The time on a clock; None for anything else. Never behind the end."""
        if len(ids) > 20 or any(not 0 <= i < len(self.signs) for i in ids):
            return None
        clock = _CLOCK.fullmatch("".join(self.signs[i] for i in ids))
        if clock is None:
            return None
        hours, minutes, seconds = clock.groups()
        t_s = 3600 * int(hours or 0) + 60 * int(minutes) + float(seconds)
        return min(t_s, float(duration_s))
