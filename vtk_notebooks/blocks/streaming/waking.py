"""Waking: how many clips of a stream are shown to what answers, and which.

After "Dispider: Enabling Video LLMs with Active Real-Time Interaction via Disentangled Perception,
Decision, and Reaction" (Qian et al., 2025, arXiv:2501.03218), its released code.
"""

from collections.abc import Sequence

from vtk_notebooks.errors import VtkError


def num_select(cosines: Sequence[float], level: float = 0.2, low: int = 4, high: int = 28) -> int:
    """How many clips are shown: those above the level, but so many at least and at most."""
    if not 0 <= low <= high:
        raise VtkError("num_select", "0 <= low <= high", f"{low} and {high}")
    return min(len(cosines), max(low, min(high, sum(c > level for c in cosines))))


def selected(
    cosines: Sequence[float], level: float = 0.2, low: int = 4, high: int = 28
) -> list[int]:
    """Numbers of the clips that are shown, the most alike ones, in the order of time."""
    ranked = sorted(range(len(cosines)), key=lambda i: -cosines[i])
    return sorted(ranked[: num_select(cosines, level, low, high)])
