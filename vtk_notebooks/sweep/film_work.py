"""Film work: all that a sweep does to one film, row by row; what goes wrong stays in its row.

A row is remembered under an address made of the recipe, the bytes of the film, the question, the
weights and the software. A remembered row needs neither decoding nor stages, and outlives them in
a store that makes room.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vtk_notebooks.arrays import digest
from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import CancelledError
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run, versions
from vtk_notebooks.store import Store
from vtk_notebooks.sweep.question import Question
from vtk_notebooks.sweep.row import Row, record_of, row_from
from vtk_notebooks.video import Film, open_clip

PREFIX = "row"
"""Of a row's address in the store."""

Ask = Callable[[], None]
"""Asked between any two steps; raises `CancelledError` to stop."""


@dataclass(frozen=True)
class FilmWork:
    """One film of a sweep, fit to be sent to another process.

    Args:
        name: for people.
        source: a clip, an opened film, a path, or bytes.
        questions: that are asked of it.
        recipes: by name.
        store: where rows and stages are remembered.
    """

    name: str
    source: Any
    questions: tuple[Question, ...]
    recipes: Mapping[str, Recipe]
    store: Store

    def __len__(self) -> int:
        return len(self.questions) * len(self.recipes)

    def rows(self, ask: Ask) -> Iterator[Row]:
        """Every recipe's answer to every question; ends early only where `ask` raises."""
        bench = _Bench(self, ask)
        for name, recipe in self.recipes.items():
            for question in self.questions:
                ask()
                try:
                    yield bench.row(name, recipe, question)
                except CancelledError:
                    raise
                except Exception as error:  # one bad film is a row, not a dead sweep
                    yield Row.failed(name, self.name, question.text, error)

    def failed(self, why: str) -> list[Row]:
        """All rows of a film that could not even say what went wrong."""
        pairs = ((name, q.text) for name in self.recipes for q in self.questions)
        return [Row.failed(name, self.name, text, why) for name, text in pairs]


@dataclass
class _Bench:
    """What the rows of one film share: its decoded frames, and how it is known in the store."""

    work: FilmWork
    ask: Ask
    clips: dict[tuple[int, int], Clip | Exception] = field(default_factory=dict)
    known_as: str | None = None
    software: list[tuple[str, str]] = field(default_factory=lambda: sorted(versions().items()))

    def row(self, name: str, recipe: Recipe, question: Question) -> Row:
        store, film = self.work.store, self.work.name
        address = self.address(recipe, question)
        if address and (found := store.get(address)):
            return row_from(found[1], name, film, question)
        clip = self.clip(recipe)
        done = run(
            recipe, clip, question.text, store=store, progress=lambda step, done, total: self.ask()
        )
        record = record_of(done)
        if address:
            store.put(address, {}, record)
        computed = sum(not stage.reused for stage in done.stages)
        return row_from(record, name, film, question, computed)

    def address(self, recipe: Recipe, question: Question) -> str:
        """Where the row is remembered, "" where the film has no bytes of its own to go by."""
        if self.known_as is None:
            self.known_as = film_bytes(self.work.source)
        if not self.known_as:
            return ""
        what = (recipe.with_("name", ""), self.known_as, question.text)
        return PREFIX + digest(*what, weights_of(recipe), self.software)

    def clip(self, recipe: Recipe) -> Clip:
        """The frames a recipe wants, decoded once however many recipes want them."""
        if isinstance(self.work.source, Clip):
            return self.work.source
        wanted = recipe.frames, recipe.short_side
        if wanted not in self.clips:
            try:
                self.clips[wanted] = self._sampled(*wanted)
            except CancelledError:
                raise
            except Exception as error:
                self.clips[wanted] = error
        found = self.clips[wanted]
        if isinstance(found, Exception):
            raise found
        return found

    def _sampled(self, frames: int, short_side: int) -> Clip:
        source, tell = self.work.source, lambda done, total: self.ask()
        if isinstance(source, Film):
            return source.sample(frames, short_side=short_side, progress=tell)
        with open_clip(source) as film:
            return film.sample(frames, short_side=short_side, progress=tell)


def weights_of(recipe: Recipe) -> tuple[str, ...]:
    """Of every model that a recipe asks, in the words that a `Run` has for them."""
    parts = [*recipe.encoders, recipe.head]
    return tuple(m.weights() for p in parts if hasattr(m := p.build(), "weights"))


def film_bytes(source: Any) -> str:
    """A name for a film that follows from its bytes alone; "" for somebody else's open file."""
    if isinstance(source, Clip):
        return f"clip {source.address}"
    if isinstance(source, bytes):
        return f"file {hashlib.sha256(source).hexdigest()}"
    if isinstance(source, Film):
        within = source.source
        return film_bytes(within.path or within.data) if within.path or within.data else ""
    with Path(source).open("rb") as file:
        return f"file {hashlib.file_digest(file, 'sha256').hexdigest()}"
