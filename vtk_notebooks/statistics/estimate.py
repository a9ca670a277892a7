"""Estimate: a number that knows how many items it comes from and how sure it is.

It is a float, so it prints, compares and goes into JSON as one. Its interval is computed when it
is asked for, because a table of a hundred scores rarely shows a hundred intervals.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from vtk_notebooks.statistics.intervals import bootstrap, wilson

_UNKNOWN = (float("nan"), float("nan"))


class Estimate(float):
    """A value with `low`, `high` (95 % interval) and `n`.

    nan with n = 0 says that there was nothing to average.
    """

    n: int
    _interval: tuple[float, float] | Callable[[], tuple[float, float]]

    def __new__(
        cls,
        value: float | int,
        n: int = 0,
        interval: tuple[float, float] | Callable[[], tuple[float, float]] = _UNKNOWN,
    ) -> "Estimate":
        made = super().__new__(cls, value)
        made.n, made._interval = n, interval
        return made

    @classmethod
    def mean(
        cls,
        values: Sequence[Any] | np.ndarray,
        clusters: Sequence[Any] | np.ndarray | None = None,
        *,
        scale: float | int = 1,
    ) -> "Estimate":
        """The mean of a number per item.

        Shares of yes and no get Wilson's interval, everything else (and everything in clusters)
        the bootstrap's.

        Args:
            values: one per item; nan leaves an item out.
            clusters: films, say, whose items stand or fall together.
            scale: 100 for percent.
        """
        x = np.asarray(values, dtype=float)
        seen = x[~np.isnan(x)]
        if not len(seen):
            return cls(float("nan"))
        value = scale * float(seen.mean())
        if clusters is None and np.isin(seen, (0.0, 1.0)).all():
            low, high = wilson(float(seen.sum()), len(seen))
            return cls(value, len(seen), (scale * low, scale * high))
        return cls(value, len(seen), lambda: bootstrap(x[None], lambda m: scale * m[0], clusters))

    @classmethod
    def of_means(
        cls,
        columns: Float[np.ndarray, "k n"],
        of_means: Callable[[Float[np.ndarray, "k r"]], Float[np.ndarray, "r"]],
        clusters: Sequence[Any] | np.ndarray | None = None,
    ) -> "Estimate":
        """Any function of k means over the same items, such as the F1 of two means."""
        n = columns.shape[1]
        if not n:
            return cls(float("nan"))
        with np.errstate(invalid="ignore", divide="ignore"):
            sums, counts = np.nansum(columns, axis=1), (~np.isnan(columns)).sum(1)
            [value] = of_means((sums / counts)[:, None])
        return cls(float(value), n, lambda: bootstrap(columns, of_means, clusters))

    @property
    def interval(self) -> tuple[float, float]:
        """Low and high end, at 95 %; nan where one item, or none, gives none."""
        if callable(self._interval):
            self._interval = self._interval()
        return self._interval

    @property
    def low(self) -> float:
        """Low end of the interval."""
        return self.interval[0]

    @property
    def high(self) -> float:
        """High end of the interval."""
        return self.interval[1]

    def rounded(self, places: int) -> "Estimate":
        """The value as a paper prints it; the interval stays as it is."""
        return Estimate(round(float(self), places), self.n, self._interval)

    def times(self, factor: float | int) -> "Estimate":
        """The same in another unit, such as percent; the factor is above 0."""
        return Estimate(
            factor * float(self), self.n, lambda: (factor * self.low, factor * self.high)
        )

    def __reduce__(self) -> tuple[type, tuple[float, int, tuple[float, float]]]:
        return Estimate, (float(self), self.n, self.interval)

    def __str__(self) -> str:
        low, high = self.interval
        return (
            f"{float(self):.4g}" if np.isnan(low) else f"{float(self):.4g} [{low:.4g}, {high:.4g}]"
        )


def as_floats(scores: Mapping[str, Any]) -> dict[str, Any]:
    """Scores, nested or not, as plain numbers for JSON; nan becomes None."""
    return {name: _plain(value) for name, value in scores.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return as_floats(value)
    if value is None or value != value:
        return None
    return value if isinstance(value, int) else float(value)
