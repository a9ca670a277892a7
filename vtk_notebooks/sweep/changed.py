"""Changed: what one run does differently from another: tokens, the moment, and how sure it is."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from vtk_notebooks.errors import RecipeError, VtkError
from vtk_notebooks.moment import Moment, tiou
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.registry import parameters
from vtk_notebooks.runs import Run


@dataclass(frozen=True)
class Changed:
    """Two runs of one film and one question.

    Args:
        places: where the recipes differ, with both values.
        tokens: left before and after.
        best: the best moment before and after, None where there was none.
        overlap: temporal IoU of the two, nan where one is missing.
    """

    places: dict[str, tuple[Any, Any]]
    tokens: tuple[int, int]
    best: tuple[Moment | None, Moment | None]
    overlap: float

    @property
    def score(self) -> float:
        """By how much the best moment's score went up; nan where one is missing."""
        before, after = self.best
        return after.score - before.score if before and after else float("nan")

    def __str__(self) -> str:
        (few, many), (before, after) = self.tokens, self.best
        words = [f"tokens {few:,} → {many:,}"]
        words.append(f"moment {_span(before)} → {_span(after)}")
        if before and after:
            words.append(f"score {before.score:.3f} → {after.score:.3f} ({self.score:+.3f})")
            words.append(f"overlap {self.overlap:.0%}")
        return "; ".join(words)


def changed(before: Run, after: Run) -> Changed:
    """What became different from one run to the other.

    Raises:
        VtkError: when they are not of the same film and question.
    """
    if not comparable(before, after):
        raise VtkError("changed", "two runs of one film and question", "others")
    best = tuple(run.moments[0] if run.moments else None for run in (before, after))
    places = {k: v for k, v in before.recipe.diff(after.recipe).items() if k != "name"}
    overlap = tiou(best[0], best[1]) if best[0] and best[1] else float("nan")
    tokens = len(before.tokens), len(after.tokens)
    return Changed(places, tokens, (best[0], best[1]), overlap)


def comparable(a: Run, b: Run) -> bool:
    """Whether two runs are of one film and question; they may look at other frames of it."""
    films = [(r.clip.origin.name, r.clip.origin.sha256, r.clip.origin.duration_s) for r in (a, b)]
    return a.query.text == b.query.text and films[0] == films[1]


def at_budget(recipe: Recipe, keep: float) -> Recipe:
    """The recipe whose last compressor leaves that part of its tokens, as `Run.at` does.

    Raises:
        RecipeError: when its last stage is no compressor, or has no such budget of its own.
    """
    last = recipe.stages[-1] if recipe.stages else None
    if last is None or last.kind != "compressor":
        hint = "Add one to Recipe.stages."
        raise RecipeError("at_budget", "a compressor as last stage", recipe.label, hint)
    old, new = last.build(), last.build().at(keep)
    if type(old) is not type(new):
        raise RecipeError("at_budget", f"{last.name} at {keep:g}", type(new).__name__)
    values = {n: getattr(new, n) for n in parameters(last.kind, last.name)}
    moved = {n: v for n, v in values.items() if v != getattr(old, n)}
    return replace(recipe, stages=(*recipe.stages[:-1], last.with_(**moved)))


def plain_moment(moment: Moment | None) -> dict[str, Any] | None:
    """A moment for a page."""
    return None if moment is None else asdict(moment)


def _span(moment: Moment | None) -> str:
    return "none" if moment is None else f"{moment.start_s:.2f} to {moment.end_s:.2f} s"
