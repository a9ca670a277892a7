"""What runs on the machines of a cluster: workers, and the home that all of them can ask."""

import pickle
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from vtk_notebooks.errors import CancelledError
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.store import Store
from vtk_notebooks.sweep.film_work import PREFIX, FilmWork
from vtk_notebooks.sweep.row import Row

if TYPE_CHECKING:
    from torch import Tensor

_ASK_S = 0.5
"""Between two questions to the home whether to stop; steps may be shorter."""

_TRIES = 2
"""Workers that may die of a film; Ray itself would go on for ever."""


@dataclass(frozen=True)
class Orders:
    """What every worker of a sweep is told once.

    Args:
        recipes: by name.
        store: of the sweep, as its own machine sees it.
        mark: a file in the store's root; who does not see it does not share the folder.
        modules: that register mechanisms of the user's own.
        paths: where the sweep looks for modules.
        threads: for numerical libraries.
    """

    recipes: Mapping[str, Recipe]
    store: Store
    mark: str
    modules: tuple[str, ...]
    paths: tuple[str, ...]
    threads: int


class Home:
    """An actor beside the sweep: what workers without its folder know and leave there."""

    def __init__(self, store: Store) -> None:
        self._store, self._stopped = store, False
        self._begun: Counter[int] = Counter()

    def begin(self, film: int) -> int:
        """How often workers have begun this film, now included."""
        self._begun[film] += 1
        return self._begun[film]

    def stop(self) -> None:
        self._stopped = True

    def stopped(self) -> bool:
        return self._stopped

    def find(self, address: str) -> dict[str, Any] | None:
        """The record of a row."""
        found = self._store.get(address)
        return found[1] if found else None

    def keep(self, address: str, record: dict[str, Any]) -> None:
        self._store.put(address, {}, record)


@dataclass(frozen=True)
class FarStore(Store):
    """A store on a machine that does not share the sweep's folder: stages stay, rows go home."""

    home: Any = field(default=None, compare=False)

    def get(self, address: str) -> "tuple[dict[str, Tensor], dict[str, Any]] | None":
        found = super().get(address)
        if found is None and address.startswith(PREFIX):
            record = _answer(self.home.find.remote(address))
            return ({}, record) if record else None
        return found

    def put(self, address: str, tensors: "dict[str, Tensor]", record: dict[str, Any]) -> None:
        super().put(address, tensors, record)
        if address.startswith(PREFIX):
            _answer(self.home.keep.remote(address, record))


class FilmWorker:
    """An actor of Ray Data's pool: loads what the recipes need once, then does film after film."""

    def __init__(self, orders: Orders, home: Any) -> None:
        import torch

        sys.path.extend(p for p in orders.paths if p not in sys.path)
        torch.set_num_threads(orders.threads)
        for name in orders.modules:
            import_module(name)
        shared = (orders.store.root / orders.mark).is_file()
        self._store = orders.store if shared else FarStore(home=home)
        self._recipes, self._home, self._asked = orders.recipes, home, 0.0

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, list[Any]]:
        """Rows of each film of a batch as Ray Data passes them on, None for one that kills."""
        films = [int(number) for number in batch["film"]]
        rows = [self._unless_deadly(*film) for film in zip(films, batch["sent"], strict=True)]
        return {"film": films, "rows": [pickle.dumps(r) for r in rows]}

    def _unless_deadly(self, number: int, sent: bytes) -> list[Row] | None:
        often = _answer(self._home.begin.remote(number)) > _TRIES
        return None if often else self.rows(bytes(sent))

    def rows(self, sent: bytes) -> list[Row]:
        """What is finished of a film when it is done, or when the sweep is stopped."""
        film = received(sent, self._recipes, self._store)
        rows: list[Row] = []
        try:
            for row in film.rows(self._ask):
                rows.append(row)
        except CancelledError:
            pass  # what was finished counts
        return rows

    def _ask(self) -> None:
        if time.monotonic() - self._asked > _ASK_S:
            self._asked = time.monotonic()
            if _answer(self._home.stopped.remote()):
                self._asked = 0.0  # the next film is not begun either
                raise CancelledError("ablate", "to finish", "a cancel")


def sent(film: FilmWork) -> bytes:
    """A film without what every worker was told once."""
    return pickle.dumps((film.name, film.source, film.questions))


def received(data: bytes, recipes: Mapping[str, Recipe], store: Store) -> FilmWork:
    """A film as it was before it was sent."""
    name, source, questions = pickle.loads(data)  # noqa: S301 # from our own sweep
    return FilmWork(name, source, questions, recipes, store)


def alone(orders: Orders, home: Any, film: bytes) -> list[Row]:
    """One film in a process of its own."""
    return FilmWorker(orders, home).rows(film)


def _answer(ref: Any) -> Any:
    import ray

    return ray.get(ref)
