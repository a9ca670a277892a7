"""Holm's correction: p values of several comparisons, so that one in twenty stays one in twenty.

S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
Statistics 1979. The smallest of m p values counts m times, the next m - 1 times, and so on.
"""

from collections.abc import Sequence

from vtk_notebooks.errors import VtkError


def holm(ps: Sequence[float]) -> list[float]:
    """The adjusted p values, in the order they came, each at most 1.

    Args:
        ps: one per comparison, in [0, 1].
    """
    if not all(0 <= p <= 1 for p in ps):
        raise VtkError("holm", "p values in [0, 1]", list(ps))
    adjusted, most = [0.0] * len(ps), 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        most = max(most, min(1.0, (len(ps) - rank) * ps[place]))
        adjusted[place] = most
    return adjusted
