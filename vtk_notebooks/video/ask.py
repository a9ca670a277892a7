"""Ask: the four ways to say which moments of a film to look at, as times."""

import math
from collections.abc import Iterable

import numpy as np

from vtk_notebooks.errors import VtkError
from vtk_notebooks.video.facts import Real

MOST = 1_000_000
"""More times than this is a slip of the keyboard, not a wish."""


def by_count(count: int, duration_s: float) -> tuple[float, ...]:
    """The starts of that many equal bins."""
    if not isinstance(count, int | np.integer) or not 1 <= count <= MOST:
        raise VtkError("sample", f"a count from 1 to {MOST}", repr(count), "Try count=8.")
    return tuple(i * duration_s / int(count) for i in range(int(count)))


def by_rate(rate_hz: Real, duration_s: float) -> tuple[float, ...]:
    """So many looks a second, from the start."""
    if not (math.isfinite(rate_hz) and rate_hz > 0 and rate_hz * duration_s <= MOST):
        hint = "Try rate_hz=1; frames() gives every frame."
        raise VtkError("sample", "a rate above 0 that asks for a sane number", rate_hz, hint)
    return tuple(i / rate_hz for i in range(max(1, math.ceil(rate_hz * duration_s - 1e-6))))


def by_times(times_s: Iterable[Real], duration_s: float) -> tuple[float, ...]:
    """These times, sorted, each once."""
    times = sorted({float(t) for t in times_s})
    if not times:
        raise VtkError("sample", "one or more times", "none", "Give times_s=[0.0], for example.")
    wrong = [t for t in times if not 0 <= t <= duration_s + 1e-6]
    if wrong:
        hint = "Times are in seconds from the start of the film."
        raise VtkError("sample", f"times from 0 to {duration_s:g} s", wrong[0], hint)
    return tuple(times)
