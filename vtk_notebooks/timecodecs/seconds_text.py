"""Seconds as text: times in plain digits, as a language model has always known them.

After "TimeChat: A Time-sensitive Multimodal Large Language Model for Long Video Understanding" (Ren
et al., 2023, arXiv:2312.02051), which writes "12.3 - 45.6 seconds". No word is new, no length of a
film is needed, and whole seconds (`decimals=0`) already cost more of short moments than a hundred
words for a whole film do.

What differs: answers are read with `answers.spans`, which also knows clocks, "from a to b" and
"between a and b"; the paper's regular expressions keep the first pair only. Every stretch is
read, reversed ones are turned round, and one that lies wholly behind the end is dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vtk_notebooks.answers.spans import spans_in
from vtk_notebooks.blocks.rulers import in_film, known_rounding, stretch, whole
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register

_SIGNS = "0123456789."


@register(
    "timecodec",
    "seconds_text",
    title="Seconds as text (TimeChat)",
    paper="TimeChat: A Time-sensitive Multimodal Large Language Model for Long Video Understanding",
    year=2023,
    arxiv="2312.02051",
)
@dataclass(frozen=True)
class SecondsText:
    """A time as the digits of its seconds.

    Args:
        decimals: behind the point; 0 writes whole seconds.
        rounding: "round" to the nearest time that can be written, or "floor" to the one before.
    """

    decimals: int = 1
    rounding: str = "round"

    def __post_init__(self) -> None:
        known_rounding("SecondsText", self.rounding)
        if not 0 <= self.decimals <= 6:
            raise VtkError("SecondsText", "0 to 6 decimals", self.decimals)

    @property
    def vocab(self) -> tuple[str, ...]:
        """Digits, the point, and what stands between two times and behind them."""
        return (*_SIGNS, " - ", " seconds")

    def encode(self, t_s: float | int, duration_s: float | int) -> tuple[int, ...]:
        """The signs of a time."""
        parts = 10**self.decimals
        steps = whole(in_film("SecondsText.encode", t_s, duration_s) * parts, self.rounding)
        back = f".{steps % parts:0{self.decimals}d}" if self.decimals else ""
        return tuple(map(_SIGNS.index, f"{steps // parts}{back}"))

    def decode(self, ids: Sequence[int], duration_s: float | int) -> float | None:
        """The time that signs write; None unless they are a number. Never behind the end."""
        if not ids or len(ids) > 20 or any(not 0 <= i < len(_SIGNS) for i in ids):
            return None
        try:
            return min(float("".join(_SIGNS[i] for i in ids)), float(duration_s))
        except ValueError:
            return None

    def encode_span(
        self, start_s: float | int, end_s: float | int, duration_s: float | int
    ) -> tuple[int, ...]:
        """Start, " - ", end, " seconds"."""
        start, end = self.encode(start_s, duration_s), self.encode(end_s, duration_s)
        return (*start, len(_SIGNS), *end, len(_SIGNS) + 1)

    def render(self, ids: Sequence[int]) -> str:
        """The text itself."""
        return "".join(map(self.vocab.__getitem__, ids))

    def parse(self, text: str, duration_s: float | int) -> list[Moment]:
        """Every stretch that the text names."""
        found = (stretch(*span, 10.0**-self.decimals, duration_s) for span in spans_in(text))
        return [m for m in found if m is not None]

    def max_error_s(self, duration_s: float | int) -> float:
        """Half of the last decimal, or all of it."""
        return 10.0**-self.decimals * (0.5 if self.rounding == "round" else 1)
