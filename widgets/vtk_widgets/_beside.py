"""Beside the kernel: one thread of its own, whose results come back to the loop that asked."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Later = Callable[..., None]
"""`later(do, *args)` does it on the thread that asked for the work, when that has time."""


class Beside:
    """Does one piece of work after the other. Where no loop runs (a script, a test): at once.

    Args:
        name: of the thread.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread: ThreadPoolExecutor | None = None

    def do(self, work: Callable[[Later], None]) -> None:
        """Do the work; it hands what it has for the kernel's own thread to the `later` it gets."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            work(_at_once)
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, self._name)

        def later(do: Callable[..., object], *args: Any) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(do, *args)

        self._thread.submit(work, later)

    def close(self) -> None:
        """Begin nothing more; what is under way goes on until it looks up."""
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)
            self._thread = None


def _at_once(do: Callable[..., object], *args: Any) -> None:
    do(*args)
