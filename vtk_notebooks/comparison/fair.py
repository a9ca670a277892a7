"""Fair: a compressor at the largest setting that stays within a budget."""

from vtk_notebooks.errors import VtkError
from vtk_notebooks.protocols import Compressor

_STEPS, _ABOVE = 40, 60
"""Settings tried up to the budget, and beyond it: `at` rounds, so that a larger one may fit."""


def tokens_allowed(budget: float | int, cells: int) -> int:
    """A budget as a number of tokens: a part of the cells in (0, 1), or that many tokens."""
    whole = isinstance(budget, int)
    if not (budget >= 1 if whole else 0 < budget <= 1):
        hint = "0.25 is a quarter of the tokens, 256 is 256 of them."
        raise VtkError("compare", "a part in (0, 1] or a whole number of tokens", budget, hint)
    return min(cells, budget) if isinstance(budget, int) else max(1, int(budget * cells + 1e-9))


def within(compressor: Compressor, grid: tuple[int, int, int], budget: float | int) -> Compressor:
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
