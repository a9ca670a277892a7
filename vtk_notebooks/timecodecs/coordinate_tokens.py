"""Coordinate tokens: one vocabulary for when and where, a hundred words for each direction.

After "LLaVA-ST: A Multimodal Large Language Model for Fine-Grained Spatial-Temporal Understanding"
(Li et al., 2025, arXiv:2501.08282). As there: 100 words each for time, width and height, evenly
spread with the first at 0 and the last at 1; a span is {<TEMP-010><TEMP-020>}, a box
[<WIDTH-010><HEIGHT-020><WIDTH-030><HEIGHT-040>], left and top before right and bottom, and an
object's path is a list of times with a box each. That their embeddings are smoothed while they
learn is in the mixer `language_aligned_pe`.

What differs: a time becomes the nearest word; the paper's model reads a mixture of the two words
around it instead, and how it rounds what it learns to write could not be verified. Two equal words
mean one step, centred on it; reversed ones are turned round.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, from 0 to 1."""
KINDS = ("TEMP", "WIDTH", "HEIGHT")
_CORNERS = (1, 2, 1, 2)
"""Which kind of word each number of a box is."""


@register(
    "timecodec",
    "coordinate_tokens",
    title="Coordinate tokens (LLaVA-ST)",
    paper=(
        "LLaVA-ST: A Multimodal Large Language Model for Fine-Grained Spatial-Temporal "
        "Understanding"
    ),
    year=2025,
    arxiv="2501.08282",
    atlas=("llava_st",),
)
@dataclass(frozen=True)
class CoordinateTokens:
    """Times, and boxes with them.

    Numbers of words: times from 0, then widths, then heights.

    Args:
        n: words for each direction, 2 or more.
    """

    n: int = 100

    def __post_init__(self) -> None:
        if self.n < 2:
            raise VtkError("CoordinateTokens", "2 or more words", self.n, "LLaVA-ST has 100.")

    @property
    def vocab(self) -> tuple[str, ...]:
        """Words for times, widths, heights, each first to last."""
        return tuple(f"<{kind}-{k:03d}>" for kind in KINDS for k in range(self.n))

    def encode(self, t_s: float, duration_s: float) -> tuple[int, ...]:
        """The word nearest to a time."""
        if not (math.isfinite(t_s) and math.isfinite(duration_s) and duration_s > 0):
            got = f"{t_s} s of {duration_s} s"
            raise VtkError("CoordinateTokens.encode", "a time in a film longer than 0 s", got)
        return (self._nearest(t_s / duration_s),)

    def decode(self, ids: Sequence[int], duration_s: float) -> float | None:
        """The time of a word; None for anything but one word for a time."""
        if len(ids) != 1 or not 0 <= ids[0] < self.n:
            return None
        return min(ids[0] * duration_s / (self.n - 1), duration_s)

    def encode_span(self, start_s: float, end_s: float, duration_s: float) -> tuple[int, ...]:
        """Two words, start first."""
        return self.encode(start_s, duration_s) + self.encode(end_s, duration_s)

    def encode_box(self, box: Box) -> tuple[int, ...]:
        """Four words: left, top, right, bottom."""
        if not all(map(math.isfinite, box)):
            raise VtkError("CoordinateTokens.encode_box", "four finite numbers", box)
        return tuple(
            kind * self.n + self._nearest(p) for kind, p in zip(_CORNERS, box, strict=True)
        )

    def decode_box(self, ids: Sequence[int]) -> Box | None:
        """The box of four words; None for anything else. Reversed sides are turned round."""
        if len(ids) != 4 or any(i // self.n != kind for i, kind in zip(ids, _CORNERS, strict=True)):
            return None
        left, top, right, bottom = (i % self.n / (self.n - 1) for i in ids)
        return min(left, right), min(top, bottom), max(left, right), max(top, bottom)

    def render(self, ids: Sequence[int]) -> str:
        """Words side by side, two times in braces, four corners in brackets."""
        words = "".join(map(self.vocab.__getitem__, ids))
        if len(ids) == 2 and all(i < self.n for i in ids):
            return f"{{{words}}}"
        return words if self.decode_box(ids) is None else f"[{words}]"

    def parse(self, text: str, duration_s: float) -> list[Moment]:
        """Every two words for times next to one another, in order.

        A time before a box belongs to a path and not to a span. A number too large means the last
        word.
        """
        pairs = re.findall(r"<TEMP-([0-9]{1,9})>[\s,]*<TEMP-([0-9]{1,9})>", text)
        return [self._moment(int(a), int(b), duration_s) for a, b in pairs]

    def parse_path(self, text: str, duration_s: float) -> list[tuple[float, Box]]:
        """Every time with a box behind it, in order: where an object is, and when."""
        number = "([0-9]{1,9})"
        box = "".join(rf"[\s,]*<{KINDS[kind]}-{number}>" for kind in _CORNERS)
        found = []
        for at, *corners in re.findall(rf"<TEMP-{number}>[\s:]*\[{box}[\s,]*\]", text):
            ids = [k * self.n + self._known(int(i)) for k, i in zip(_CORNERS, corners, strict=True)]
            t_s, where = self.decode([self._known(int(at))], duration_s), self.decode_box(ids)
            if t_s is not None and where is not None:
                found.append((t_s, where))
        return found

    def max_error_s(self, duration_s: float) -> float:
        """Half a step."""
        return duration_s / (self.n - 1) / 2

    def _nearest(self, position: float) -> int:
        return round(min(max(position, 0.0), 1.0) * (self.n - 1))

    def _known(self, number: int) -> int:
        return min(number, self.n - 1)

    def _moment(self, a: int, b: int, duration_s: float) -> Moment:
        start, end = sorted((self._known(a), self._known(b)))
        step_s = duration_s / (self.n - 1)
        half = 0.5 if start == end else 0.0
        return Moment(max(0.0, (start - half) * step_s), min(duration_s, (end + half) * step_s))
