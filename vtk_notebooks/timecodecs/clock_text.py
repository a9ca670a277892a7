"""Clock times as text: "01:05 - 02:10", as people write under films.

A baseline that many systems use, and no paper's idea: no word is new to a language model, and no
length of a film is needed. Hours are written where there are any; the nearest second is, where
people cut seconds off (`rounding="floor"`). Answers are read with `answers.spans`, which takes
"65 to 130 seconds" as well; one that lies wholly behind the end of the film is dropped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vtk_notebooks.answers.spans import spans_in
from vtk_notebooks.blocks.rulers import in_film, known_rounding, stretch, whole
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register

_SIGNS = "0123456789:."
_CLOCK = re.compile(r"(?:(\d{1,6}):)?(\d{1,6}):(\d{2}(?:\.\d*)?)")


@register(
    "timecodec",
    "clock_text",
    title="Clock times as text",
    paper="baseline",
)
@dataclass(frozen=True)
class ClockText:
    """A time as minutes and seconds, with hours where there are any.

    Args:
        decimals: of the seconds.
        rounding: "round" to the nearest time that can be written, or "floor" to the one before.
    """

    decimals: int = 0
    rounding: str = "round"

    def __post_init__(self) -> None:
        known_rounding("ClockText", self.rounding)
        if not 0 <= self.decimals <= 6:
            raise VtkError("ClockText", "0 to 6 decimals", self.decimals)

    @property
    def vocab(self) -> tuple[str, ...]:
        """Digits, colon and point, and what stands between two times."""
        return (*_SIGNS, " - ")

    def encode(self, t_s: float | int, duration_s: float | int) -> tuple[int, ...]:
        """The signs of a time."""
        parts = 10**self.decimals
        steps = whole(in_film("ClockText.encode", t_s, duration_s) * parts, self.rounding)
        minutes, seconds = divmod(steps // parts, 60)
        hours, minutes = divmod(minutes, 60)
        back = f".{steps % parts:0{self.decimals}d}" if self.decimals else ""
        front = f"{hours}:" if hours else ""
        return tuple(map(_SIGNS.index, f"{front}{minutes:02d}:{seconds:02d}{back}"))

    def decode(self, ids: Sequence[int], duration_s: float | int) -> float | None:
        """The time on a clock; None for anything else. Never behind the end."""
        if len(ids) > 20 or any(not 0 <= i < len(_SIGNS) for i in ids):
            return None
        clock = _CLOCK.fullmatch("".join(_SIGNS[i] for i in ids))
        if clock is None:
            return None
        hours, minutes, seconds = clock.groups()
        t_s = 3600 * int(hours or 0) + 60 * int(minutes) + float(seconds)
        return min(t_s, float(duration_s))

    def encode_span(
        self, start_s: float | int, end_s: float | int, duration_s: float | int
    ) -> tuple[int, ...]:
        """Start, " - ", end."""
        start, end = self.encode(start_s, duration_s), self.encode(end_s, duration_s)
        return (*start, len(_SIGNS), *end)

    def render(self, ids: Sequence[int]) -> str:
        """The text itself."""
        return "".join(map(self.vocab.__getitem__, ids))

    def parse(self, text: str, duration_s: float | int) -> list[Moment]:
        """Every stretch that the text names; one wholly behind the film's end is dropped."""
        found = (stretch(*span, 10.0**-self.decimals, duration_s) for span in spans_in(text))
        return [m for m in found if m is not None]

    def max_error_s(self, duration_s: float | int) -> float:
        """Half of the last place, or all of it."""
        return 10.0**-self.decimals * (0.5 if self.rounding == "round" else 1)
