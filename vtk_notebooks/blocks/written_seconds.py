"""Written seconds: what ways of writing times as plain text share, whatever a time looks like."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from vtk_notebooks.answers.spans import spans_in
from vtk_notebooks.blocks.rulers import known_rounding, stretch
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment


@dataclass(frozen=True)
class WrittenSeconds:
    """Base of time codes whose symbols are the signs of a text.

    Args:
        decimals: of the seconds.
        rounding: "round" to the nearest time that can be written, or "floor" to the one before.
    """

    signs: ClassVar[str]
    """That a time is written with."""
    around: ClassVar[tuple[str, ...]]
    """What stands between two times, and then what stands behind them."""

    decimals: int = 0
    rounding: str = "round"

    def __post_init__(self) -> None:
        who = type(self).__name__
        known_rounding(who, self.rounding)
        if not 0 <= self.decimals <= 6:
            raise VtkError(who, "0 to 6 decimals", self.decimals)

    @property
    def vocab(self) -> tuple[str, ...]:
        """The signs of a time, and what stands between two times and behind them."""
        return (*self.signs, *self.around)

    @abstractmethod
    def encode(self, t_s: float | int, duration_s: float | int) -> tuple[int, ...]:
        """The signs of a time."""

    def encode_span(
        self, start_s: float | int, end_s: float | int, duration_s: float | int
    ) -> tuple[int, ...]:
        """Start, what stands between, end, what stands behind."""
        start, end = self.encode(start_s, duration_s), self.encode(end_s, duration_s)
        between, *behind = range(len(self.signs), len(self.vocab))
        return (*start, between, *end, *behind)

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
