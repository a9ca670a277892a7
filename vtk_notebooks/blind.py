"""Blind: the answers of someone who has not seen the film; a score means what it is above them."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment


def whole_film(duration_s: float) -> Moment:
    """The blind answer "all of it"."""
    return Moment(0.0, duration_s)


def middle_third(duration_s: float) -> Moment:
    """The blind answer "somewhere in the middle"."""
    return Moment(duration_s / 3, 2 * duration_s / 3)


def first_seconds(duration_s: float, most_s: float = 8.0) -> Moment:
    """The blind answer "at the start"; on Charades-STA the hardest of the blind ones to beat."""
    return Moment(0.0, min(most_s, duration_s))


def equal_parts(duration_s: float | int, many: int) -> list[Moment]:
    """The blind answer to "which events, one after the other?": so many, all of one length."""
    if not duration_s > 0 or many < 1:
        expected = "a film longer than 0 s and one or more parts"
        raise VtkError("equal_parts", expected, f"{duration_s} s, {many} parts")
    ends_s = np.linspace(0, duration_s, many + 1).tolist()
    return [Moment(a, b) for a, b in pairwise(ends_s)]


def prior_span(truths: Sequence[Moment], durations_s: Sequence[float]) -> Callable[[float], Moment]:
    """The blind answer of someone who knows the training set: its median start and end, in parts.

    Args:
        truths: moments of the training set.
        durations_s: of their films.
    """
    if not len(truths) or len(truths) != len(durations_s):
        got = f"{len(truths)} moments of {len(durations_s)} films"
        raise VtkError("prior_span", "moments and as many durations", got)
    spans = np.array([(m.start_s, m.end_s) for m in truths]) / np.array(durations_s)[:, None]
    start, end = np.median(spans.clip(0, 1), axis=0)
    end = max(end, start + 1e-6)
    return lambda duration_s: Moment(float(start) * duration_s, float(end) * duration_s)


BLIND: Mapping[str, Callable[[float], Moment]] = MappingProxyType(
    {"whole film": whole_film, "middle third": middle_third, "first 8 s": first_seconds}
)
"""Blind answers by name; each takes the film's duration in seconds."""
