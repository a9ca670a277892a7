"""Fair: a compressor at the largest setting that stays within a budget."""

from numbers import Integral, Real
from typing import SupportsFloat

from vtk_notebooks.errors import VtkError
from vtk_notebooks.protocols import Compressor

Budget = SupportsFloat
"""A part of the tokens, or a number of them; numpy's numbers are numbers, True is none."""
_STEPS, _ABOVE = 40, 60
"""Settings tried up to the budget, and beyond it: `at` rounds, so that a larger one may fit."""


def plain(budget: Budget) -> float | int:
    """The budget as Python's own number, a part in (0, 1] or a whole number of 1 or more."""
    whole = isinstance(budget, Integral)
    if whole and not isinstance(budget, bool) and int(budget) >= 1:
        return int(budget)
    if isinstance(budget, Real) and not whole and 0 < float(budget) <= 1:
        return float(budget)
    hint = "0.25 is a quarter of the tokens, 256 is 256 of them."
    raise VtkError("compare", "a part in (0, 1] or a whole number of tokens", repr(budget), hint)


def tokens_allowed(budget: Budget, cells: int) -> int:
    """A budget as a number of tokens: a part of the cells in (0, 1], or that many tokens."""
    number = plain(budget)
    return min(cells, number) if isinstance(number, int) else max(1, int(number * cells + 1e-9))


def within(compressor: Compressor, grid: tuple[int, int, int], budget: Budget) -> Compressor:
    """The same mechanism with as many tokens as it can have within a budget, never more.

    How many that are is known before it runs: `within(...).count(grid)`.

    Args:
        compressor: any.
        grid: t, h and w of the film, one token per cell.
        budget: a part of its tokens in (0, 1], or a whole number of them, 1 or more; one of more
            tokens than there are is all of them.

    Raises:
        VtkError: for a budget that is none, and where the mechanism cannot do with so few.
    """
    most = tokens_allowed(budget, grid[0] * grid[1] * grid[2])
    made = fitted(compressor, grid, most)
    fewest = made.count(grid)[1]
    if fewest > most:
        who, hint = type(compressor).__name__, f"It needs {fewest} at least on a grid of {grid}."
        raise VtkError(who, "a budget that it can meet", f"{most} tokens", hint)
    return made


def fitted(compressor: Compressor, grid: tuple[int, int, int], most: int) -> Compressor:
    """The same mechanism with as many tokens as it can have within `most`.

    Where no setting fits, the one with the fewest tokens: whoever compares says so.
    """
    part = most / (grid[0] * grid[1] * grid[2])
    found: dict[int, Compressor] = {}
    trouble: VtkError | None = None
    for k in range(_ABOVE, 0, -1):
        try:
            made = compressor.at(min(1.0, part * k / _STEPS))
            found.setdefault(made.count(grid)[1], made)
        except VtkError as error:
            trouble = error
    if not found:
        raise trouble or VtkError("fitted", "a setting", "none")
    within = [n for n in found if n <= most]
    return found[max(within) if within else min(found)]
