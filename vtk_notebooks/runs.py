"""Run: what one recipe did to one clip, with every stage kept; and `run`, which does it."""

import importlib.metadata
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.arrays import digest
from vtk_notebooks.clip import Clip
from vtk_notebooks.cost import metered
from vtk_notebooks.errors import RecipeError
from vtk_notebooks.moment import Moment
from vtk_notebooks.part import Part
from vtk_notebooks.query import Query
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.stage import (
    Made,
    Stage,
    beside,
    made_from,
    record_of,
    seeded,
    stage_from,
    tensors_of,
)
from vtk_notebooks.store import Store
from vtk_notebooks.streaming.remembering import remember
from vtk_notebooks.tokens import Tokens
from vtk_notebooks.video import Film, open_clip

Progress = Callable[[str, int, int | None], None]
"""Called with a step's name, how much of it is done, and of how much (None: unknown).

Whatever it raises ends the run; what was stored until then stays stored.
"""


_SAID: ContextVar[tuple[Store | None, Progress | None]] = ContextVar("said", default=(None, None))


@contextmanager
def unless_said(store: Store | None = None, progress: Progress | None = None) -> Iterator[None]:
    """What `run` takes for the store and the progress, in here, where it is given none.

    For work that calls `run` somewhere inside, such as a paper's demo: it can then be followed,
    stopped, and need not encode a film that the store knows.
    """
    before = _SAID.set((store, progress))
    try:
        yield
    finally:
        _SAID.reset(before)


@dataclass(frozen=True)
class Run:
    """What one recipe did to one clip.

    Args:
        stages: first the encoded tokens, last what the head read.
        saliency: how well each frame answers; nan where no token is left.
        moments: best first.
        symbols: the best moment in the recipe's time code, "" without one.
        weights: of every model that took part.
        versions: of the software.
    """

    recipe: Recipe
    clip: Clip
    query: Query
    stages: tuple[Stage, ...]
    saliency: Float[Tensor, "t"]
    moments: tuple[Moment, ...]
    weights: tuple[str, ...]
    symbols: str = ""
    versions: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def tokens(self) -> Tokens:
        """What the head read."""
        return self.stages[-1].tokens

    @property
    def label(self) -> str:
        """How a legend calls this run."""
        return self.recipe.label

    @property
    def seconds(self) -> float:
        """Wall time of all stages when they were computed."""
        return sum(s.seconds for s in self.stages)

    @property
    def peak_bytes(self) -> int:
        """Largest growth of memory in any stage."""
        return max(s.peak_bytes for s in self.stages)

    @property
    def address(self) -> str:
        """Hash of recipe, clip, question and weights: equal addresses, equal results."""
        return digest("run", self.recipe, self.clip.address, self.query.text, self.weights)

    def at(self, keep: float) -> Tokens:
        """What the last compressor would have left at another budget; for sliders.

        Raises:
            RecipeError: when the recipe's last stage is no compressor.
        """
        if not self.recipe.stages or self.recipe.stages[-1].kind != "compressor":
            hint = "Add one to Recipe.stages."
            raise RecipeError("Run.at", "a compressor as last stage", self.label, hint)
        part = seeded(self.recipe.stages[-1], self.recipe.seed)
        return part.build().at(keep)(self.stages[-2].tokens, self.query)

    def as_dict(self) -> dict[str, Any]:
        """The numbers, plain, as `vtk-notebooks run --json` prints them."""
        return {
            "address": self.address,
            "film": self.clip.origin.name,
            "duration_s": round(self.clip.duration_s, 3),
            "query": self.query.text,
            "label": self.label,
            "moments": [
                {"start_s": round(m.start_s, 3), "end_s": round(m.end_s, 3), "score": m.score}
                for m in self.moments
            ],
            "symbols": self.symbols,
            "tokens_before": len(self.stages[0].tokens),
            "tokens_after": len(self.tokens),
            "seconds": self.seconds,
            "peak_bytes": self.peak_bytes,
            "feature_bytes": self.tokens.x.nbytes,
            "stages": [
                {
                    "name": s.name,
                    "tokens": len(s.tokens),
                    "seconds": s.seconds,
                    "peak_bytes": s.peak_bytes,
                    "reused": s.reused,
                }
                for s in self.stages
            ],
            "recipe": self.recipe.as_dict(),
            "weights": list(self.weights),
            "versions": self.versions,
        }


def run(
    recipe: Recipe,
    film: Clip | Film | str | Path | bytes,
    text: str,
    *,
    store: Store | None = None,
    progress: Progress | None = None,
) -> Run:
    """Do what the recipe says; stages that the store knows are not computed again.

    Raises:
        RecipeError: when no encoder of the recipe reads text.
        DecodeError: when the film cannot be read.
        SpaceError: when the head's question and the tokens have no space in common.
    """
    if not text.strip():
        raise RecipeError("run", "a question", repr(text), "Say what to look for.")
    known, heard = _SAID.get()
    store, tell = store or known, progress or heard or (lambda step, done, total: None)
    clip = film if isinstance(film, Clip) else sampled(recipe, film, tell)
    kitchen = _Kitchen(store, tell)
    encoders = [part.build() for part in recipe.encoders]
    query = _query(recipe, encoders, text)
    weights = tuple(e.weights() for e in encoders)

    stages = [kitchen.encode(recipe, encoders, clip, weights)]
    for part in recipe.stages:
        stages.append(kitchen.apply(seeded(part, recipe.seed), stages[-1], query))
    tell("moments", 0, 1)
    head = recipe.head.build()
    moments = tuple(head(stages[-1].tokens, query))
    saliency = head.saliency(stages[-1].tokens, query)
    tell("moments", 1, 1)
    symbols = _symbols(recipe, moments, clip.duration_s)
    if hasattr(head, "weights"):
        weights = (*weights, head.weights())
    return Run(recipe, clip, query, tuple(stages), saliency, moments, weights, symbols, versions())


def versions() -> dict[str, str]:
    """The software that a result depends on."""
    wanted = ("vtk-notebooks", "torch", "transformers", "numpy", "av")
    found = {"python": platform.python_version()}
    for name in wanted:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


@dataclass(frozen=True)
class _Kitchen:
    """Computes stages, or takes them out of the store."""

    store: Store | None
    tell: Progress

    def encode(
        self, recipe: Recipe, encoders: list[Any], clip: Clip, weights: tuple[str, ...]
    ) -> Stage:
        stages = []
        for part, encoder, weight in zip(recipe.encoders, encoders, weights, strict=True):
            made = Made(part, clip.address, weight)
            step = f"encode {part.name}"
            work = partial(encoder, clip, progress=partial(self.tell, step))
            stages.append(self._stage(made, work, step))
        return beside(stages)

    def apply(self, part: Part, before: Stage, query: Query) -> Stage:
        mechanism, made = part.build(), made_from(part, before.address, query.text)
        if part.kind == "memory":  # the film passes by once more, this time frame by frame
            return self._stage(made, partial(remember, mechanism, before.tokens, query), part.name)
        args = (before.tokens, query) if part.kind == "compressor" else (before.tokens,)
        return self._stage(made, partial(mechanism, *args), part.name)

    def _stage(self, made: Made, work: Callable[[], Tokens], step: str) -> Stage:
        label, key = made.part.label, made.address
        found = self.store.get(key) if self.store else None
        if found:
            self.tell(step, 1, 1)
            return stage_from(label, key, *found)
        with metered() as cost:
            tokens = work()
        self.tell(step, 1, 1)
        if self.store:
            record = {"seconds": cost.seconds, "peak_bytes": cost.peak_bytes, **record_of(tokens)}
            self.store.put(key, tensors_of(tokens), {**record, "made_of": made.as_dict()})
        return Stage(label, tokens, cost.seconds, cost.peak_bytes, key)


def sampled(recipe: Recipe, film: Film | str | Path | bytes, tell: Progress) -> Clip:
    """The frames of a film that a recipe looks at."""
    sampling = {
        "count": recipe.frames,
        "short_side": recipe.short_side,
        "progress": partial(tell, "decode"),
    }
    if isinstance(film, Film):
        return film.sample(**sampling)
    with open_clip(film) as opened:
        return opened.sample(**sampling)


def _query(recipe: Recipe, encoders: list[Any], text: str) -> Query:
    for encoder in encoders:
        if hasattr(encoder, "read"):
            return encoder.read(text)
    names = ", ".join(p.name for p in recipe.encoders)
    raise RecipeError("Recipe.encoders", "one that reads text", names, "Add 'conse'.")


def _symbols(recipe: Recipe, moments: tuple[Moment, ...], duration_s: float) -> str:
    if recipe.timecodec is None or not moments:
        return ""
    codec, best = recipe.timecodec.build(), moments[0]
    return codec.render(codec.encode_span(best.start_s, best.end_s, duration_s))
