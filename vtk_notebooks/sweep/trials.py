"""Trials: recipes tried one after the other on the same questions; what was tried is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vtk_notebooks.models.steps import Cancel, Progress
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.stage import seeded
from vtk_notebooks.store import Store
from vtk_notebooks.sweep.ablation import ablate
from vtk_notebooks.sweep.question import Asked, asked_of, named_films
from vtk_notebooks.sweep.result import Sweep
from vtk_notebooks.sweep.row import Row

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Work:
    """What a stage took in one trial.

    Args:
        computed: how often it was.
        reused: how often it came out of the store.
        seconds: of computing it.
    """

    computed: int = 0
    reused: int = 0
    seconds: float = 0.0


class Trials:
    """A sweep that grows and shrinks: each call does what no call before has done.

    Args:
        films: as `ablate` takes them.
        questions: likewise.
        store: by default the user's own.
    """

    def __init__(
        self, films: Any, questions: Asked | Mapping[str, Asked], store: Store | None = None
    ) -> None:
        self.films = named_films(films)
        self.questions = asked_of(self.films, questions)
        store = store or Store()
        self._ledger = _Ledger(store.root, store.max_bytes)
        self._rows: dict[Recipe, dict[tuple[str, str], Row]] = {}

    def run(
        self,
        recipes: Mapping[str, Recipe],
        reference: str = "",
        *,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> Sweep:
        """A sweep of exactly these recipes; rows that are known are not asked for again.

        Stopping it keeps the rows so far, here and in the sweep it returns.
        """
        reference = reference or next(iter(recipes), "")
        missing = {r: name for name, r in [*recipes.items()][::-1] if not self._knows(r)}
        todo = {name: r for name, r in recipes.items() if missing.get(r) == name}
        self._ledger.work.clear()
        done: set[tuple[str, str, str]] = set()
        if todo:
            first = next(iter(todo))
            sweep = ablate(
                todo,
                self.films,
                self.questions,
                reference=reference if reference in todo else first,
                store=self._ledger,
                progress=progress,
                cancel=cancel,
            )
            for row in sweep.rows:
                self._rows.setdefault(todo[row.recipe], {})[row.film, row.query] = row
                done.add((row.recipe, row.film, row.query))
        rows = [
            _named(row, name, (missing.get(recipe, name), *key) in done)
            for name, recipe in recipes.items()
            for key in self._asked()
            if (row := self._rows.get(recipe, {}).get(key))
        ]
        return Sweep(dict(recipes), tuple(rows), reference, len(recipes) * len(self._asked()))

    def same(self, other: "Trials") -> bool:
        """Whether another one asks the same of the same films, so that its rows would be these."""
        pairs = zip(self.films.values(), other.films.values(), strict=False)
        alike = all(a is b or (isinstance(a, str | Path) and a == b) for a, b in pairs)
        return self.questions == other.questions and [*self.films] == [*other.films] and alike

    def work(self, recipe: Recipe, part: Part) -> Work:
        """What a stage of a recipe took in the last call; nothing where nobody asked for it."""
        return self._ledger.work.get(_plain(seeded(part, recipe.seed)), Work())

    def _asked(self) -> list[tuple[str, str]]:
        return [(film, q.text) for film, asked in self.questions.items() for q in asked]

    def _knows(self, recipe: Recipe) -> bool:
        """Errors are tried again."""
        rows = self._rows.get(recipe, {})
        return all((row := rows.get(key)) and not row.error for key in self._asked())


@dataclass(frozen=True)
class _Ledger(Store):
    """A store that writes down which mechanisms asked it for their tokens, and got them or not."""

    work: dict[Part, Work] = field(default_factory=dict, compare=False)

    def get(self, address: str) -> "tuple[dict[str, Tensor], dict[str, Any]] | None":
        found = super().get(address)
        if found:
            self._note(found[1], reused=1)
        return found

    def put(self, address: str, tensors: "dict[str, Tensor]", record: dict[str, Any]) -> None:
        self._note(record, computed=1, seconds=record.get("seconds", 0.0))
        super().put(address, tensors, record)

    def _note(
        self, record: Mapping[str, Any], computed: int = 0, reused: int = 0, seconds: float = 0.0
    ) -> None:
        if made := record.get("made_of"):
            part = Part(made["name"], made["params"], made["kind"])
            old = self.work.get(part, Work())
            new = Work(old.computed + computed, old.reused + reused, old.seconds + seconds)
            self.work[part] = new


def _plain(part: Part) -> Part:
    return Part(part.name, part.params, part.kind)


def _named(row: Row, name: str, fresh: bool) -> Row:
    """A row under the name that its recipe has now; what is not fresh was computed before."""
    if fresh:
        return replace(row, recipe=name)
    return replace(row, recipe=name, computed=0, reused=row.computed + row.reused)
