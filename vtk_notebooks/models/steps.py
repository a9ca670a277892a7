"""Steps: what a long call is doing, told as it goes, and its end as soon as that is asked for."""

from collections.abc import Callable
from threading import Event

from vtk_notebooks.errors import CancelledError

Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how much of it is, and of how much (None: unknown).

Whatever it raises ends the call.
"""
Cancel = Callable[[], bool] | Event
"""Asked between two steps whether to stop."""


class Steps:
    """Tells a call's steps, and raises where it is to stop.

    Args:
        who: does them, for the error.
        progress: is told.
        cancel: is asked.
    """

    def __init__(
        self, who: str, progress: Progress | None = None, cancel: Cancel | None = None
    ) -> None:
        self._who, self.progress = who, progress
        self._asked = cancel.is_set if isinstance(cancel, Event) else cancel

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """So much of it is done.

        Raises:
            CancelledError: when it was asked to stop.
        """
        if self._asked is not None and self._asked():
            so_far = f"a cancel at {what!r}, {done} of {'?' if total is None else total}"
            hint = "Nothing half made is left; call it again to start over."
            raise CancelledError(self._who, "to finish", so_far, hint)
        if self.progress is not None:
            self.progress(what, done, total)
