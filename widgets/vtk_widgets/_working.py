"""Long work beside the kernel: how far it is, how to stop it, and what becomes of its result."""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Any, TypeVar

from traitlets import Bool, Float, Int, Unicode, observe

from vtk_notebooks.errors import CancelledError
from vtk_notebooks.models.steps import Progress
from vtk_widgets._base import Widget
from vtk_widgets._beside import Beside, Later

T = TypeVar("T")
_STOPPED = "Stopped."
_PERIOD_S = 0.1  # a bar that moves more often costs more than it says


class Working(Widget):
    """A widget that may take its time without holding up the kernel.

    Only the last piece of work counts: a new one asks the one before to stop, and what that still
    gives back is let go. Work that ends by an error leaves a message, never a traceback. Where no
    event loop runs (a script, a test) the work is done at once, in place.
    """

    busy = Bool(False, help="whether work is under way").tag(sync=True)
    step = Unicode("", help="what is being done").tag(sync=True)
    part = Float(-1.0, help="how much of the step is done, 0 to 1; -1 where nobody knows").tag(
        sync=True
    )
    message = Unicode("", help="what went wrong last, or that it was stopped").tag(sync=True)
    stops = Int(0, help="counted up by the browser to stop the work").tag(sync=True)

    _running: Event | None = None
    _beside: Beside | None = None

    def begin(
        self, work: Callable[[Progress, Event], T], then: Callable[[T], None], step: str = ""
    ) -> None:
        """Do the work, then hand what it gives to `then`, on the kernel's own thread.

        Args:
            work: gets a progress to tell and an event that is set when it is to stop. When it is,
                it may return what it has, or raise `CancelledError`.
            then: shows the result; not called for work that a newer one has overtaken.
            step: what is being done, until the work says more.
        """
        self.cancel()
        stop = self._running = Event()
        with self.hold_sync():
            self.busy, self.step, self.part, self.message = True, step, -1.0, ""

        def beside(later: Later) -> None:
            if stop.is_set():  # before it began
                result, message = None, _STOPPED
            else:
                result, message = _tried(work, self._told(stop, later), stop)
            later(self._finish, stop, then, result, message)

        if self._beside is None:
            self._beside = Beside(type(self).__name__)
        self._beside.do(beside)

    def cancel(self) -> None:
        """Ask the work under way to stop; what it has by then is kept, if it gives that back."""
        if self._running is not None:
            self._running.set()

    def close(self) -> None:
        """Stop the work, let its result go, and free the widget."""
        self.cancel()
        self._running = None
        if self._beside is not None:
            self._beside.close()
        super().close()

    @observe("stops")
    def _stopped(self, _change: Any) -> None:
        self.cancel()

    def _told(self, stop: Event, later: Later) -> Progress:
        last = ["", 0.0]  # step, when it was last said

        def told(step: str, done: int, total: int | None) -> None:
            now = monotonic()
            if step == last[0] and now - last[1] < _PERIOD_S and done != total:
                return
            last[:] = [step, now]
            later(self._tell, stop, step, done / total if total else -1.0)

        return told

    def _tell(self, stop: Event, step: str, part: float) -> None:
        if self._running is stop:
            with self.hold_sync():
                self.step, self.part = step, min(1.0, part)

    def _finish(self, stop: Event, then: Callable[[Any], None], result: Any, message: str) -> None:
        if self._running is not stop:
            return  # overtaken: a stale result never covers a newer one
        self._running = None
        with self.hold_sync():
            if not message:
                try:
                    then(result)
                except Exception as error:  # a display never raises
                    message = f"{type(error).__name__}: {error}"
            self.step, self.part, self.message = "", -1.0, message
            self.busy = False  # last: whoever waits for that may begin something of its own


def _tried(
    work: Callable[[Progress, Event], T], progress: Progress, stop: Event
) -> tuple[T | None, str]:
    """What the work gives, or in words what went wrong."""
    try:
        return work(progress, stop), ""
    except CancelledError:
        return None, _STOPPED
    except KeyboardInterrupt:
        return None, "Interrupted."
    except Exception as error:  # whatever a mechanism does, the display stays
        return None, f"{type(error).__name__}: {error}"
