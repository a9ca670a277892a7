"""Track: one row of a timeline, whatever it shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.moment import Moment

Role = Literal["truth", "prediction", "shots", "speech", "text", "other"]


@dataclass(frozen=True)
class Track:
    """One row of a timeline: moments, a curve, or a map of heat over time.

    Args:
        name: at the left of the row; untrusted text is fine.
        moments: best first, where they are scored.
        curve: one value for each frame, nan for none.
        heat: (rows, frames), the first row at the bottom: probabilities of time tokens, say.
        times_s: of the curve's or the map's frames; left out, the timeline's own.
        role: what the moments are, which decides their colour and how they are read out.
    """

    name: str
    moments: Sequence[Moment] | None = None
    curve: Any = None
    heat: Any = None
    times_s: Any = None
    role: Role = "other"

    def __post_init__(self) -> None:
        given = [self.moments is not None, self.curve is not None, self.heat is not None]
        if sum(given) != 1:
            got = f"{sum(given)} of them"
            raise VtkError(f"Track {self.name!r}", "one of moments, curve and heat", got)

    @classmethod
    def shots(cls, cuts_s: Iterable[float], duration_s: float, name: str = "shots") -> "Track":
        """Shots from the times at which new ones begin, as `video.find_cuts` gives them."""
        edges = [0.0, *sorted(float(cut) for cut in cuts_s if 0 < cut < duration_s), duration_s]
        spans = [Moment(a, b) for a, b in pairwise(edges) if a < b]
        return cls(name, moments=spans, role="shots")

    def plain(self, frames: int) -> dict[str, Any]:
        """What travels to the browser; numbers of curves and maps as bytes.

        Args:
            frames: of the timeline, for curves and maps without times of their own.
        """
        if self.moments is not None:
            spans = [plain(moment) for moment in self.moments]
            return {"name": self.name, "kind": "moments", "role": self.role, "moments": spans}
        values = _array(self.curve if self.heat is None else self.heat, "<f4")
        values = values[None] if self.heat is None else np.atleast_2d(values)
        times_s = _array([] if self.times_s is None else self.times_s, "<f8")
        wanted = frames if self.times_s is None else len(times_s)
        if values.ndim != 2 or values.shape[1] != wanted:
            expected, hint = f"a value for each of {wanted} times", "Give their times_s along."
            raise ShapeError(f"Track {self.name!r}", expected, f"{values.shape}", hint)
        return {
            "name": self.name,
            "kind": "curve" if self.heat is None else "heat",
            "role": self.role,
            "rows": len(values),
            "values": values.tobytes(),
            "times": times_s.tobytes(),
        }


def plain(moment: Moment) -> dict[str, Any]:
    """A moment as JSON can say it."""
    return {
        "start_s": float(moment.start_s),
        "end_s": float(moment.end_s),
        "score": float(moment.score),
        "text": str(moment.text),
    }


def _array(values: Any, dtype: str) -> np.ndarray:
    """Numbers of a tensor or of anything like an array."""
    held = values.detach().cpu().numpy() if hasattr(values, "detach") else values
    return np.ascontiguousarray(np.asarray(held), dtype)
