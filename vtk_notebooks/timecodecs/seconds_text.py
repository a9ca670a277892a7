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
from typing import ClassVar

from vtk_notebooks.blocks.rulers import in_film, whole
from vtk_notebooks.blocks.written_seconds import WrittenSeconds
from vtk_notebooks.registry import register


@register(
    "timecodec",
    "seconds_text",
    title="Seconds as text (TimeChat)",
    paper="TimeChat: A Time-sensitive Multimodal Large Language Model for Long Video Understanding",
    year=2023,
    arxiv="2312.02051",
)
@dataclass(frozen=True)
class SecondsText(WrittenSeconds):
    """A time as the digits of its seconds.

    Args:
        decimals: behind the point; 0 writes whole seconds.
        rounding: "round" to the nearest time that can be written, or "floor" to the one before.
    """

    signs: ClassVar[str] = "0123456789."
    around: ClassVar[tuple[str, ...]] = (" - ", " seconds")

    decimals: int = 1

    def encode(self, t_s: float | int, duration_s: float | int) -> tuple[int, ...]:
        """The signs of a time."""
        parts = 10**self.decimals
        steps = whole(in_film("SecondsText.encode", t_s, duration_s) * parts, self.rounding)
        back = f".{steps % parts:0{self.decimals}d}" if self.decimals else ""
        return tuple(map(self.signs.index, f"{steps // parts}{back}"))

    def decode(self, ids: Sequence[int], duration_s: float | int) -> float | None:
        """The time that signs write; None unless they are a number. Never behind the end."""
        if not ids or len(ids) > 20 or any(not 0 <= i < len(self.signs) for i in ids):
            return None
        try:
            return min(float("".join(self.signs[i] for i in ids)), float(duration_s))
        except ValueError:
            return None
