"""Workers: films of a sweep in several processes, each with its share of the cores.

Processes and not threads, for the time and memory of a stage are measured for a whole process. One
that dies (killed, out of memory) costs no more than the films it and its neighbours had in hand:
those go through a single worker again, and only the film that kills it once more is given up.
"""

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context, parent_process
from typing import Any

from vtk_notebooks import registry
from vtk_notebooks.errors import CancelledError, VtkError
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.sweep.film_work import Ask, FilmWork
from vtk_notebooks.sweep.row import Row

_LOOK_S = 0.2  # how long a cancel may go unseen
_LIMITS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_DIED = "The process that worked on this film died twice: killed, or out of memory?"
_stop: Any = None  # in a worker: set when the sweep was asked to stop


@dataclass
class Crew:
    """Does films in parallel.

    Args:
        workers: processes at once, 2 or more.
        modules: that register mechanisms of the user's own.
    """

    workers: int
    modules: tuple[str, ...]
    died: bool = False

    def rows(self, films: Sequence[FilmWork], ask: Ask) -> Iterator[Row]:
        """All rows, film by film as they are finished."""
        waiting = deque(films)
        while waiting:
            yield from self._until_one_dies(waiting, ask)

    def _until_one_dies(self, waiting: deque[FilmWork], ask: Ask) -> Iterator[Row]:
        many = 1 if self.died else self.workers
        room = 1 if self.died else many + 1  # one in hand for each, one ready
        running: dict[Future[list[Row]], FilmWork] = {}
        with crew_of(many, self.modules, max(1, _cores() // self.workers)) as (pool, stop):
            while waiting or running:
                try:
                    while waiting and len(running) < room:
                        running[pool.submit(_work, waiting[0])] = waiting[0]
                        waiting.popleft()
                    done, _ = wait(running, _LOOK_S, FIRST_COMPLETED)
                    ask()
                    for future in done:
                        rows = future.result()
                        del running[future]
                        yield from rows
                except BrokenExecutor:
                    yield from self._bury(running, waiting)
                    return
                except CancelledError:
                    stop.set()
                    for future in running:
                        yield from [] if future.cancel() else future.result()
                    raise

    def _bury(self, running: dict[Any, FilmWork], waiting: deque[FilmWork]) -> list[Row]:
        """A film that killed a lone worker is given up; among several nobody knows which it was."""
        rows: list[Row] = []
        for future, film in reversed(running.items()):
            if future.done() and not future.cancelled() and future.exception() is None:
                rows += future.result()
            elif self.died:
                rows += film.failed(_DIED)
            else:
                waiting.appendleft(film)
        self.died = True
        return rows


@contextmanager
def crew_of(many: int, modules: Sequence[str], threads: int) -> Iterator[tuple[Any, Any]]:
    """A pool of processes with that many threads each, and what tells them to stop."""
    context = get_context("spawn")  # a forked torch may hang
    stop = context.Event()
    with _limited(threads):
        pool = ProcessPoolExecutor(many, context, _begin, (tuple(modules), threads, stop))
        try:
            yield pool, stop
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


def own_modules(recipes: Sequence[Recipe]) -> tuple[str, ...]:
    """Modules outside this package that register what the recipes name.

    Raises:
        VtkError: when that is the notebook itself, which another process cannot import.
    """
    parts = {p for r in recipes for p in (*r.encoders, *r.stages, r.head)}
    homes = {p: registry.maker(p.kind, p.name).__module__ for p in parts}
    for part, home in homes.items():
        if home == "__main__":
            hint = "Put it into a file of its own and import it, or use workers=1."
            got = f"{part.name!r} from this notebook or script"
            raise VtkError("ablate", "mechanisms that other processes can import", got, hint)
    return tuple(sorted({h for h in homes.values() if not h.startswith("vtk_notebooks.")}))


def _begin(modules: tuple[str, ...], threads: int, stop: Any) -> None:
    """What a worker does first."""
    global _stop
    import torch

    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the sweep hears it, and says when to stop
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    torch.set_num_threads(threads)
    for name in modules:
        import_module(name)


def _leave_with_parent() -> None:
    """A worker whose sweep was killed does not stay behind."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(film: FilmWork) -> list[Row]:
    rows: list[Row] = []
    try:
        for row in film.rows(_ask):
            rows.append(row)
    except CancelledError:
        pass  # what was finished counts
    return rows


def _ask() -> None:
    if _stop is not None and _stop.is_set():
        raise CancelledError("ablate", "to finish", "a cancel")


@contextmanager
def _limited(threads: int) -> Iterator[None]:
    """Processes started within have so many threads in numerical libraries, too."""
    before = {name: os.environ.get(name) for name in _LIMITS}
    os.environ.update(dict.fromkeys(_LIMITS, str(threads)))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
