"""Ablation: every recipe over every film and question; what the store knows is not done again."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from typing import Any

from vtk_notebooks.errors import CancelledError, VtkError
from vtk_notebooks.models.steps import Cancel, Progress, Steps
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.registry import unknown
from vtk_notebooks.store import Store
from vtk_notebooks.sweep.cluster import Fleet
from vtk_notebooks.sweep.film_work import Ask, FilmWork
from vtk_notebooks.sweep.question import Asked, asked_of, enter, named_films
from vtk_notebooks.sweep.result import Sweep
from vtk_notebooks.sweep.row import Row
from vtk_notebooks.sweep.workers import Crew, own_modules

ENGINES = ("local", "ray")
"""Where the workers of a sweep are."""

Recipes = Recipe | Sequence[Recipe] | Mapping[str, Recipe]


def ablate(
    recipes: Recipes,
    films: Any,
    queries: Asked | Mapping[str, Asked],
    *,
    reference: str = "",
    store: Store | None = None,
    workers: int = 1,
    engine: str = "local",
    address: str = "",
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Sweep:
    """Run every recipe over every film and question, and hold them against one of them.

    Every finished stage and row is in the store, so whatever ends a sweep, the next call begins
    where it stopped. Interrupting the kernel (Ctrl-C), or `cancel`, gives back the rows so far. A
    film or a recipe that fails has rows with an error, which the next call tries again.

    Args:
        recipes: one or more, or by names; others are named by where they differ.
        films: clips, paths, bytes or opened films: one, several, or by names.
        queries: asked of every film; or for each film's name its own. A `Question` knows the truth.
        reference: name of the recipe that others are compared with; by default the first.
        store: by default the user's own, `Store()`.
        workers: processes that share the films and the cores; 1 works in this one. Each loads its
            models once. A script that asks for more keeps the call below `if __name__ ==
            "__main__"`.
        engine: "local", or "ray" for workers on a Ray cluster (the extra `cluster`).
        address: of that cluster, as `ray start --head` prints it; by default a Ray session that is
            open, `$RAY_ADDRESS`, or one of this machine's own.
        progress: told "rows", how many are done, and of how many.
        cancel: an event or a function, asked between any two steps.

    Raises:
        VtkError: before anything is computed, where a recipe, film or question is impossible.
    """
    if workers < 1:
        raise VtkError("ablate", "1 worker or more", workers)
    if engine not in ENGINES:
        raise unknown("ablate", "engine", engine, ENGINES)
    named, store = named_recipes(recipes), store or Store()
    reference = reference or next(iter(named))
    if reference not in named:
        raise unknown("ablate", "recipe as reference", reference, named)
    _try_out(named)
    sources = named_films(films)
    asked = asked_of(sources, queries)
    work = [FilmWork(name, film, asked[name], named, store) for name, film in sources.items()]
    steps, ask = Steps("ablate", progress, cancel), Steps("ablate", None, cancel)
    rows, total = [], sum(map(len, work))
    crew = _crew(named, min(workers, len(work)), engine, address)
    with closing(_rows(work, crew, lambda: ask("a step", len(rows), total))) as coming:
        try:
            for row in coming:
                rows.append(row)
                steps("rows", len(rows), total)
        except (KeyboardInterrupt, CancelledError):
            pass  # the rows so far are the result; `Sweep.finished` says that there are more
    place = _places(work, named)
    rows.sort(key=lambda row: place[row.film, row.recipe, row.query])
    return Sweep(named, tuple(rows), reference, total)


def named_recipes(recipes: Recipes) -> dict[str, Recipe]:
    """Recipes by name: their labels, with what else differs from the first where those are equal.

    Raises:
        VtkError: without any, or where one stands there twice.
    """
    if isinstance(recipes, Mapping):
        named = dict(recipes)
    else:
        several = [recipes] if isinstance(recipes, Recipe) else list(recipes)
        labels, named = [r.label for r in several], {}
        for recipe, label in zip(several, labels, strict=True):
            enter(named, label if labels.count(label) == 1 else _said(recipe, several[0]), recipe)
    if not named or len(set(named.values())) < len(named):
        got = "the same one twice" if named else "none"
        raise VtkError("ablate", "one or more different recipes", got)
    return named


def _said(recipe: Recipe, first: Recipe) -> str:
    places = first.diff(recipe)
    words = [f"{place}={there}" for place, (_, there) in places.items() if place != "name"]
    return ", ".join([recipe.label, *words])


def _try_out(recipes: Mapping[str, Recipe]) -> None:
    """Make every mechanism once: a number out of range is an error now, not after an hour."""
    for part in dict.fromkeys(
        part for r in recipes.values() for part in (*r.encoders, *r.stages, r.head)
    ):
        part.build()


def _crew(
    recipes: Mapping[str, Recipe], workers: int, engine: str, address: str
) -> Crew | Fleet | None:
    """Who shares the films; None is this process alone."""
    if engine == "ray":
        return Fleet(workers, own_modules(list(recipes.values())), address)
    return Crew(workers, own_modules(list(recipes.values()))) if workers > 1 else None


def _rows(
    work: Sequence[FilmWork], crew: Crew | Fleet | None, ask: Ask
) -> Generator[Row, None, None]:
    if crew:
        yield from crew.rows(work, ask)
    else:
        yield from (row for film in work for row in film.rows(ask))


def _places(
    work: Sequence[FilmWork], recipes: Mapping[str, Recipe]
) -> dict[tuple[str, str, str], int]:
    """Where each row belongs: films are finished in any order."""
    keys = [(f.name, r, q.text) for f in work for r in recipes for q in f.questions]
    return {key: place for place, key in enumerate(keys)}
