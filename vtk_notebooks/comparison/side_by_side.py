"""Side by side: compressors on the same films, at the same budget, baselines always among them."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from vtk_notebooks import registry
from vtk_notebooks.clip import Clip
from vtk_notebooks.comparison.answering import Answerer, Asked
from vtk_notebooks.comparison.fair import Budget, fitted, plain, tokens_allowed
from vtk_notebooks.comparison.kept import frames_touched, mass_kept, rebuilding_error
from vtk_notebooks.comparison.verdict import SideBySide, Verdict
from vtk_notebooks.cost import flops, metered
from vtk_notebooks.errors import CancelledError, VtkError
from vtk_notebooks.moment import tiou
from vtk_notebooks.part import Part, PartLike, checked_all
from vtk_notebooks.protocols import Compressor, Head
from vtk_notebooks.query import Query
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import Progress, run
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.store import Store
from vtk_notebooks.tokens import Tokens
from vtk_notebooks.training import planted
from vtk_notebooks.video import Film

BASELINES = ("uniform", "random_tokens", "first_tokens", "centre_crop")
FilmLike = Clip | Film | str | Path | bytes


def compare(
    film: FilmLike | Sequence[FilmLike],
    query: str,
    compressors: PartLike | Iterable[PartLike] | None = None,
    budget: Budget = 0.25,
    *,
    recipe: Recipe | None = None,
    made_films: int = 16,
    repeats: int = 3,
    store: Store | None = None,
    model: Answerer | None = None,
    progress: Progress | None = None,
) -> SideBySide:
    """What each compressor keeps, loses and costs at the same number of tokens.

    Args:
        film: one, or several for intervals over them.
        query: asked of each.
        compressors: names or parts; every registered one by default.
        budget: a part of the tokens in (0, 1], or a whole number of them.
        recipe: encoders, frames and head; its stages play no part.
        made_films: films with a planted moment, for retrieval; 0 leaves it out.
        repeats: runs that a time is the median of.
        store: where encoded films are remembered.
        model: of `load`; asked about its own tokens of the same frames, compressed and whole.
        progress: told the steps of each run, then every compressor that is done; what it raises
            ends the comparison. `progress.Bars()` shows a bar.
    """
    base = (recipe or Recipe()).with_("stages", ())
    films = (
        list(film) if isinstance(film, Sequence) and not isinstance(film, str | bytes) else [film]
    )
    done = [run(base, each, query, store=store, progress=progress) for each in films]
    cases = [(each.stages[0].tokens, each.query) for each in done]
    asked = [Asked.of(model, each.clip, each.query) for each in done] if model else []
    return compare_tokens(
        cases,
        compressors,
        budget,
        head=base.head,
        made_films=made_films,
        repeats=repeats,
        asked=asked,
        progress=progress,
    )


def compare_tokens(
    cases: Sequence[tuple[Tokens, Query]],
    compressors: PartLike | Iterable[PartLike] | None = None,
    budget: Budget = 0.25,
    *,
    head: PartLike = "best_span",
    made_films: int = 16,
    repeats: int = 3,
    asked: Sequence[Asked] = (),
    progress: Progress | None = None,
) -> SideBySide:
    """The same for films that are tokens already, one token per cell.

    Args:
        cases: tokens and question of each film.
        compressors: names or parts; every registered one by default.
        budget: a part of the tokens in (0, 1], or a whole number of them.
        head: finds the moments.
        made_films: films with a planted moment, for retrieval; 0 leaves it out.
        repeats: runs that a time is the median of.
        asked: films that a model has answered about.
        progress: told every compressor that is done; what it raises ends the comparison.
    """
    if not cases or made_films < 0 or repeats < 1:
        got = f"{len(cases)} films, {made_films} made films, {repeats} repeats"
        raise VtkError("compare", "a film or more, and a repeat or more", got)
    number = plain(budget)
    wanted = registry.names("compressor") if compressors is None else compressors
    parts = checked_all("compressors", wanted, ("compressor",))
    have = {part.name for part in parts}
    first = [Part(name, kind="compressor") for name in BASELINES if name not in have]
    [built] = checked_all("head", head, ("head",))
    stage = _Stage(tuple(cases), number, built.build(), made_films, repeats, tuple(asked))
    allowed = tuple(tokens_allowed(number, len(tokens)) for tokens, _ in cases)
    place = {name: i for i, name in enumerate(BASELINES)}
    ordered = sorted((*first, *parts), key=lambda part: place.get(part.name, len(place)))
    tell, rows = progress or (lambda step, done, total: None), list[Verdict]()
    for part in ordered:
        tell("compare", len(rows), len(ordered))
        rows.append(stage.verdict(part))
    tell("compare", len(rows), len(ordered))
    return SideBySide(number, allowed, len(cases), made_films, tuple(rows))


class _Stage(NamedTuple):
    """What every compressor meets."""

    cases: tuple[tuple[Tokens, Query], ...]
    budget: float | int
    head: Head
    made_films: int
    repeats: int
    asked: tuple[Asked, ...]

    def verdict(self, part: Part) -> Verdict:
        """One row; a mechanism that refuses has a note instead of numbers."""
        made = part.build()
        measured, refused = _tried(lambda: [self._measured(made, *case) for case in self.cases])
        seeds = range(self.made_films)
        found, lost = _tried(lambda: [self._retrieved(made, n) for n in seeds], "made films: ")
        said, mute = _tried(lambda: [a.agrees(made, self.budget) for a in self.asked], "answers: ")
        names = [f for f in Verdict.__dataclass_fields__ if f not in _NOT_OF_A_FILM]
        numbers = {n: _over_films([m[n] for m in measured]) for n in names}
        return Verdict(
            label=part.label,
            name=part.name,
            within=bool(measured) and all(m["within"] for m in measured),
            retrieval_iou=_over_films(found),
            same_answer_percent=Estimate.mean(said, scale=100),
            note=" ".join(filter(None, (refused, lost, mute))),
            **numbers,
        )

    def _measured(self, made: Compressor, tokens: Tokens, query: Query) -> dict[str, Any]:
        """What it does to one film."""
        most = tokens_allowed(self.budget, len(tokens))
        fit = fitted(made, tokens.grid, most)
        out, costs = fit(tokens, query), []
        for _ in range(self.repeats):
            with metered() as cost:
                fit(tokens, query)
            costs.append(cost)
        return {
            "tokens": len(out),
            "within": len(out) <= most,
            "mass_kept_percent": 100 * mass_kept(out),
            "frames_touched_percent": 100 * frames_touched(out),
            "error": rebuilding_error(tokens, out),
            "dropped_error": rebuilding_error(tokens, out, ~out.kept()),
            "agreement_iou": self._agreement(tokens, out, query),
            "gflop": flops(lambda: fit(tokens, query)) / 1e9,
            "seconds": median(c.seconds for c in costs),
            "peak_mb": max(c.peak_bytes for c in costs) / 1e6,
        }

    def _agreement(self, before: Tokens, after: Tokens, query: Query) -> float:
        """How far the best moment is that of all tokens; nan where the head cannot read them."""
        if query.space not in {name for name, _ in after.spaces}:
            return float("nan")
        all_tokens, left = self.head(before, query), self.head(after, query)
        if not all_tokens or not left:
            return float(all_tokens == left)
        return tiou(all_tokens[0], left[0])

    def _retrieved(self, made: Compressor, seed: int) -> float:
        """How well the best moment meets the planted one; no answer meets nothing."""
        film = planted(seed, side=6)
        most = tokens_allowed(self._part, len(film.tokens))
        out = fitted(made, film.tokens.grid, most)(film.tokens, film.query)
        if film.query.space not in {name for name, _ in out.spaces}:
            return float("nan")
        found = self.head(out, film.query)
        return tiou(found[0], film.moments[0]) if found else 0.0

    @property
    def _part(self) -> float:
        """The budget as a part, for films of another size."""
        if isinstance(self.budget, float):
            return self.budget
        return float(np.mean([min(1.0, self.budget / len(tokens)) for tokens, _ in self.cases]))


def _tried(work: Callable[[], list[Any]], what: str = "") -> tuple[list[Any], str]:
    """What the work gives; or nothing, and why it was refused. Who asks to stop is heard."""
    try:
        return work(), ""
    except CancelledError:
        raise
    except VtkError as error:
        return [], f"{what}{error}"


def _over_films(values: Sequence[float | int]) -> Estimate:
    """A mean over films, each its own cluster: these are amounts, even where all are 0 or 1."""
    return Estimate.mean(values, range(len(values)))


_NOT_OF_A_FILM = ("label", "name", "within", "note", "retrieval_iou", "same_answer_percent")
