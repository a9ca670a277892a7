"""The gallery: one call shows any registered mechanism at work on one film."""

from dataclasses import dataclass, replace
from typing import Any

from vtk_notebooks import registry
from vtk_notebooks.blocks.speaking import turns, watch
from vtk_notebooks.moment import Moment
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.registry import build, card
from vtk_notebooks.runs import Run, run
from vtk_notebooks.store import Store
from vtk_widgets.moment_timeline import MomentTimeline
from vtk_widgets.token_map import TokenMap


@dataclass(frozen=True)
class Gallery:
    """A film, a question, and how to show each kind of mechanism on them.

    Args:
        run: all tokens of the film, uncompressed.
        store: where what was computed is remembered.
        truth: moments that answer the question, for heads and metrics.
    """

    run: Run
    store: Store | None = None
    truth: tuple[Moment, ...] = ()

    @classmethod
    def on(
        cls,
        film: Any,
        question: str,
        *,
        store: Store | None = None,
        truth: tuple[Moment, ...] = (),
        frames: int = 12,
    ) -> "Gallery":
        """Encode the film once; every cell of the gallery starts from there."""
        return cls(run(Recipe(frames=frames), film, question, store=store), store, truth)

    def show(self, kind: str, name: str, **params: Any) -> Any:
        """A widget, a figure or a line of text: whatever shows this mechanism best."""
        how = getattr(self, f"_{kind}", None)
        if how is None:
            known = [k for k in registry.FAMILIES if hasattr(self, f"_{k}")]
            raise registry.unknown("Gallery.show", "kind with a picture", kind, known)
        print(_credit(kind, name))
        return how(name, **params)

    def again(self, recipe: Recipe) -> Run:
        """Another recipe on the same clip and question."""
        return run(recipe, self.run.clip, self.run.query.text, store=self.store)

    def _compressor(self, name: str, **params: Any) -> TokenMap:
        done = self.again(self.run.recipe.with_("stages", (Part(f"compressor:{name}", params),)))
        return TokenMap.of(done, rerun=done.at)

    def _mixer(self, name: str, **params: Any) -> TokenMap:
        stages = (Part(f"mixer:{name}", params),)
        return TokenMap.of(self.again(self.run.recipe.with_("stages", stages)))

    def _memory(self, name: str, **params: Any) -> TokenMap:
        stages = (Part(f"memory:{name}", params),)
        return TokenMap.of(self.again(self.run.recipe.with_("stages", stages)))

    def _encoder(self, name: str, **params: Any) -> TokenMap:
        tokens = build("encoder", name, **params)(self.run.clip)
        t, h, w = tokens.grid
        print(f"{t} x {h} x {w} tokens of {tokens.x.shape[1]} channels")
        return TokenMap.of((tokens, self.run.clip))

    def _head(self, name: str, **params: Any) -> MomentTimeline:
        done = self.again(self.run.recipe.with_("head", Part(name, params)))
        return MomentTimeline.of(done, truth=self.truth)

    def _timecodec(self, name: str, **params: Any) -> str:
        codec, best, length = (
            build("timecodec", name, **params),
            self.run.moments[0],
            self._length_s,
        )
        ids = codec.encode_span(best.start_s, best.end_s, length)
        back = codec.parse(codec.render(ids), length)
        told = f"{best.start_s:.2f}-{best.end_s:.2f} s -> {codec.render(ids)}"
        return f"{told} -> {back[0].start_s:.2f}-{back[0].end_s:.2f} s" if back else told

    def _metric(self, name: str, **params: Any) -> Any:
        if name == "recall":
            return build("metric", name, **params)([list(self.run.moments)], [list(self.truth)])
        return self._example("metric", name, **params)

    def _curation(self, name: str, **params: Any) -> Any:
        return self._example("curation", name, **params)

    def _policy(self, name: str, **params: Any) -> MomentTimeline:
        """When it would have spoken, watching frame by frame, and how much there was to say."""
        tokens, policy = self.run.stages[0].tokens, build("policy", name, **params)
        told = watch(policy.step, tokens, self.run.query)
        moments = turns(told, self._length_s, self.run.query.text)
        print(f"Speaks after {sum(d.speak for d in told)} of {len(told)} frames")
        curve = tokens.times_s.new_tensor([d.score for d in told]).to(self.run.saliency)
        shown = replace(self.run, moments=tuple(moments), saliency=curve)
        return MomentTimeline.of(shown, truth=self.truth)

    def _pattern(self, name: str, **params: Any) -> Any:
        return self._example("pattern", name, **params)

    def _pipeline(self, name: str, **params: Any) -> Any:
        return self._example("pipeline", name, **params)

    def _example(self, kind: str, name: str, **params: Any) -> Any:
        """What it makes of the tiny case that it brings along."""
        made = build(kind, name, **params)
        return made(*made.example())

    def _objective(self, name: str, **params: Any) -> str:
        return f"{name} weighs {build('objective', name, **params)}"

    @property
    def _length_s(self) -> float:
        return self.run.clip.duration_s


def _credit(kind: str, name: str) -> str:
    c = card(kind, name)
    where = f" (arXiv:{c.arxiv})" if c.arxiv else ""
    return f"{c.title}: {c.paper}{f', {c.year}' if c.year else ''}{where}"
