"""Box tokens: a thousand words for places in a picture beside a hundred for times, in one sentence.

After "OmniVid: A Generative Framework for Universal Video Understanding" (Wang et al., 2024,
arXiv:2403.17935). As there: words for times and for the sides of boxes are added to one vocabulary,
so that a track, like a caption, is a sequence of words; 100 of the former, 1000 of the latter,
shared by all four sides.

What differs: places become the nearest word, not the last one passed (`rounding="floor"`), which
halves the error. A track is written with its time in front of each box; how the released code
ties boxes to frames could not be verified. Reversed sides are turned round.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from vtk_notebooks.blocks.rulers import Ruler, in_film, known_rounding, stretch
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, from 0 to 1."""
_TIME, _BOX = r"<time_bin_([0-9]{1,9})>", r"<box_([0-9]{1,9})>"
_PAIR = re.compile(rf"{_TIME}\s*{_TIME}")
_FOUR = re.compile(r"\s*".join([_BOX] * 4))
_STOP = re.compile(rf"{_TIME}\s*" + r"\s*".join([_BOX] * 4))


@register(
    "timecodec",
    "box_tokens",
    title="Time and box tokens (OmniVid)",
    paper="OmniVid: A Generative Framework for Universal Video Understanding",
    year=2024,
    arxiv="2403.17935",
    atlas=("omnivid",),
)
@dataclass(frozen=True)
class BoxTokens:
    """Times, boxes, and tracks of both.

    Numbers of words: times from 0, then places.

    Args:
        boxes: words for places, 2 or more.
        times: words for times, 2 or more.
        rounding: "round" to the nearest word, or "floor" to the last one passed.
    """

    boxes: int = 1000
    times: int = 100
    rounding: str = "round"

    def __post_init__(self) -> None:
        known_rounding("BoxTokens", self.rounding)
        if min(self.boxes, self.times) < 2:
            got = f"{self.boxes} and {self.times}"
            raise VtkError("BoxTokens", "2 or more words for places and for times", got)

    @property
    def vocab(self) -> tuple[str, ...]:
        """Words for times, then for places."""
        times = (f"<time_bin_{k}>" for k in range(self.times))
        return (*times, *(f"<box_{k}>" for k in range(self.boxes)))

    def encode(self, t_s: float | int, duration_s: float | int) -> tuple[int, ...]:
        """The word of a time."""
        t_s = in_film("BoxTokens.encode", t_s, duration_s)
        return (Ruler(self.times, self.rounding).mark(t_s / duration_s),)

    def decode(self, ids: Sequence[int], duration_s: float | int) -> float | None:
        """The time of a word; None for anything but one word for a time."""
        if len(ids) != 1 or not 0 <= ids[0] < self.times:
            return None
        return min(ids[0] * duration_s / (self.times - 1), float(duration_s))

    def encode_span(
        self, start_s: float | int, end_s: float | int, duration_s: float | int
    ) -> tuple[int, ...]:
        """Two words, start first."""
        return self.encode(start_s, duration_s) + self.encode(end_s, duration_s)

    def encode_box(self, box: Box) -> tuple[int, ...]:
        """Four words: left, top, right, bottom."""
        if not all(map(math.isfinite, box)):
            raise VtkError("BoxTokens.encode_box", "four finite numbers", box)
        ruler = Ruler(self.boxes, self.rounding)
        return tuple(self.times + ruler.mark(side) for side in box)

    def decode_box(self, ids: Sequence[int]) -> Box | None:
        """The box of four words; None for anything else. Reversed sides are turned round."""
        if len(ids) != 4 or any(not 0 <= i - self.times < self.boxes for i in ids):
            return None
        ruler = Ruler(self.boxes)
        left, top, right, bottom = (ruler.place(i - self.times) for i in ids)
        return min(left, right), min(top, bottom), max(left, right), max(top, bottom)

    def encode_track(
        self, track: Sequence[tuple[float, Box]], duration_s: float | int
    ) -> tuple[int, ...]:
        """Five words for each time and box."""
        return tuple(
            i for t_s, box in track for i in self.encode(t_s, duration_s) + self.encode_box(box)
        )

    def render(self, ids: Sequence[int]) -> str:
        """Words side by side."""
        return "".join(map(self.vocab.__getitem__, ids))

    def parse(self, text: str, duration_s: float | int) -> list[Moment]:
        """Every two words for times next to one another; a time before a box is none of them."""
        step_s = duration_s / (self.times - 1)
        found = (
            stretch(self._mark(a) * step_s, self._mark(b) * step_s, step_s, duration_s)
            for a, b in _PAIR.findall(text)
        )
        return [m for m in found if m is not None]

    def parse_boxes(self, text: str) -> list[Box]:
        """Every four words for places next to one another."""
        found = (self.decode_box([self._side(k) for k in four]) for four in _FOUR.findall(text))
        return [box for box in found if box is not None]

    def parse_track(self, text: str, duration_s: float | int) -> list[tuple[float, Box]]:
        """Every time with a box behind it, in order: where an object is, and when."""
        found = []
        for at, *sides in _STOP.findall(text):
            t_s = self.decode([self._mark(at)], duration_s)
            box = self.decode_box([self._side(k) for k in sides])
            if t_s is not None and box is not None:
                found.append((t_s, box))
        return found

    def max_error_s(self, duration_s: float | int) -> float:
        """Half a step for the nearest word, a step for the last one passed."""
        return Ruler(self.times, self.rounding).error * duration_s

    def _mark(self, number: str) -> int:
        return min(int(number), self.times - 1)

    def _side(self, number: str) -> int:
        return self.times + min(int(number), self.boxes - 1)
