"""Job: which frames of which film are wanted, as every backend is told."""

from collections.abc import Callable
from dataclasses import dataclass

from vtk_notebooks.video.facts import Facts
from vtk_notebooks.video.source import Source
from vtk_notebooks.video.trouble import Trouble


def _silent() -> None:
    pass


@dataclass(frozen=True)
class Job:
    """An order for frames.

    Args:
        source: the film.
        facts: about it.
        times_s: when to look, rising; the frame that a viewer sees then is wanted.
        size: width and height to deliver, upright.
        trouble: where to note damage.
        step: to be called often, so that a progress bar moves and may interrupt.
    """

    source: Source
    facts: Facts
    times_s: tuple[float, ...]
    size: tuple[int, int]
    trouble: Trouble
    step: Callable[[], object] = _silent
