"""Cluster: the films of a sweep on Ray, on this machine's cores or on many machines.

Films are a Ray Data source. They go through a pool of actors that load their models once and have
one film in hand each, so nothing piles up. An actor that dies (a spot machine taken back) is
started again and does its film again, of which the store knows the finished stages. A film whose
actors died twice, or whose machine stays away, goes alone into a fresh process on any machine that
is alive; only what kills that too is given up.

All machines have this package. A store in a folder that they share is used by all of them; a worker
that does not see that folder keeps stages to itself and sends its rows home.
"""

import pickle
import queue
import sys
import threading
import uuid
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from vtk_notebooks.errors import CancelledError, VtkError
from vtk_notebooks.store import Store
from vtk_notebooks.sweep.cluster_worker import FilmWorker, Home, Orders, alone, sent
from vtk_notebooks.sweep.film_work import Ask, FilmWork
from vtk_notebooks.sweep.ray_session import beside, cores_each, machines, quiet, ray_session
from vtk_notebooks.sweep.row import Row

_LOOK_S = 0.2  # how long a cancel may go unseen
_END_S = 20.0  # how long a sweep that was stopped waits for steps to end
_STUCK_S = 20.0  # without news, after which films of a machine that is gone go elsewhere
_BLOCKS = 10_000  # at most; a worker takes a block of films in hand
_DIED = "The process that worked on this film died three times: killed, or out of memory?"


@dataclass(frozen=True)
class Fleet:
    """Does films on a Ray cluster.

    Args:
        workers: actors at once.
        modules: that register mechanisms of the user's own.
        address: of a cluster; "" is a session that is open, `$RAY_ADDRESS`, or this machine.
    """

    workers: int
    modules: tuple[str, ...]
    address: str = ""

    def rows(self, films: Sequence[FilmWork], ask: Ask) -> Iterator[Row]:
        """All rows, film by film as they are finished."""
        store = films[0].store
        with ray_session(self.address, self.workers) as ray, quiet(), _marked(store) as mark:
            threads = cores_each(ray, self.workers)
            paths = tuple(sys.path)
            orders = Orders(films[0].recipes, store, mark, self.modules, paths, threads)
            pool = _Pool(ray, orders, beside(ray, Home, store), self.workers)
            waiting = dict(enumerate(films))
            with closing(pool.done(films, ask)) as done:
                for number, rows in done:
                    del waiting[number]
                    yield from rows
            for film in waiting.values():
                yield from pool.alone(film, ask)


@dataclass(frozen=True)
class _Pool:
    ray: Any
    orders: Orders
    home: Any
    workers: int

    def done(
        self, films: Sequence[FilmWork], ask: Ask
    ) -> Generator[tuple[int, list[Row]], None, None]:
        """Numbers of films with their rows; those of lost workers may be missing."""
        coming: queue.Queue[Any] = queue.Queue()
        pouring = threading.Thread(
            target=_pour, args=(self._source(films), coming), daemon=True, name="films"
        )
        pouring.start()
        try:
            yield from self._received(coming, len(films), ask)
        except BaseException:  # a cancel, an interrupt, or nobody wants more
            self.home.stop.remote()  # whoever still works ends at the next step
            pouring.join(_END_S)
            raise

    def _received(
        self, coming: "queue.Queue[Any]", left: int, ask: Ask
    ) -> Iterator[tuple[int, list[Row]]]:
        many, silent_s = len(machines(self.ray)), 0.0
        stopped: CancelledError | None = None
        while True:
            try:
                got = coming.get(timeout=_LOOK_S)
            except queue.Empty:
                silent_s += _LOOK_S
                held = left <= self.workers and silent_s > _STUCK_S  # the last films in hand
                if (stopped and silent_s > _END_S) or (held and len(machines(self.ray)) < many):
                    break
            else:
                if not isinstance(got, Mapping):
                    _raise(got)
                    break
                silent_s, left = 0.0, left - 1
                rows = pickle.loads(got["rows"])  # noqa: S301 # our own worker's
                if rows is not None:
                    yield got["film"], rows
            stopped = stopped or self._cancelled(ask)
        if stopped:
            raise stopped

    def alone(self, film: FilmWork, ask: Ask) -> list[Row]:
        """A film in a process of its own, on any machine that is alive."""
        task = self.ray.remote(num_cpus=0, max_retries=0, max_calls=1)(alone)
        ref = task.remote(self.orders, self.home, sent(film))
        try:
            while not self.ray.wait([ref], timeout=_LOOK_S)[0]:
                ask()
        except BaseException:
            self.home.stop.remote()
            raise
        try:
            return self.ray.get(ref)
        except self.ray.exceptions.RayTaskError as error:
            return film.failed(str(error.cause))
        except self.ray.exceptions.RayError:
            return film.failed(_DIED)

    def _source(self, films: Sequence[FilmWork]) -> Iterator[Mapping[str, Any]]:
        data = self.ray.data
        items = [{"film": number, "sent": sent(film)} for number, film in enumerate(films)]
        source = data.from_items(items, override_num_blocks=min(len(items), _BLOCKS))
        source.context.max_errored_blocks = -1  # a lost film is missing, not the end of all
        source.context.enable_progress_bars = False
        source.context.print_on_execution_start = False
        done = source.map_batches(
            FilmWorker,
            fn_constructor_args=(self.orders, self.home),
            batch_size=1,
            compute=data.ActorPoolStrategy(size=self.workers, max_tasks_in_flight_per_actor=1),
            num_cpus=self.orders.threads,
        )
        return iter(done.iter_rows())

    def _cancelled(self, ask: Ask) -> CancelledError | None:
        """On a cancel the workers are told; what they finished still comes."""
        try:
            ask()
        except CancelledError as error:
            self.home.stop.remote()
            return error
        return None


def _pour(source: Iterator[Any], into: "queue.Queue[Any]") -> None:
    try:
        for row in source:
            into.put(row)
        into.put(None)
    except Exception as error:  # for the thread that waits
        into.put(error)


def _raise(error: Exception | None) -> None:
    if error is not None:
        hint = "Install the same packages on every machine."
        raise VtkError("ablate", "workers that can begin", str(error), hint) from error


@contextmanager
def _marked(store: Store) -> Iterator[str]:
    """A file by which a worker sees whether it shares the store's folder."""
    mark = store.root / f".shared-{uuid.uuid4().hex}"
    mark.touch()
    try:
        yield mark.name
    finally:
        mark.unlink(missing_ok=True)
