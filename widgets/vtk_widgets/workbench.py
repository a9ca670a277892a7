"""Workbench: a film, a question and a recipe in one place; every view shows the same run."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anywidget import WidgetTrait
from traitlets import Bool, Bytes, Dict, List, Unicode, observe

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import Run
from vtk_notebooks.starters import default_recipe
from vtk_notebooks.store import Store
from vtk_notebooks.sweep import Question
from vtk_notebooks.sweep.changed import at_budget, comparable
from vtk_notebooks.sweep.draft import read
from vtk_widgets._assets import css, esm
from vtk_widgets._base import Widget
from vtk_widgets.ablation_bench import AblationBench
from vtk_widgets.frame_player import FramePlayer
from vtk_widgets.moment_timeline import MomentTimeline
from vtk_widgets.parts.recipe import scene as scenes
from vtk_widgets.parts.recipe import session
from vtk_widgets.parts.recipe.plugs import retire
from vtk_widgets.parts.recipe.tabs import Tabbed
from vtk_widgets.selection import SAID, Linked, Selection
from vtk_widgets.token_map import TokenMap

if TYPE_CHECKING:
    from PIL.Image import Image

    from vtk_notebooks.figures import PaperFigure

KEEPS = (0.5, 0.25, 0.125, 0.0625)  # budgets that a page without a kernel can show
_LOOK_S = 0.02


class Workbench(Linked, Tabbed):
    """Pick a film, ask, see which frames the answer came from, squeeze harder, see what changed.

    All views share one `Selection` and one recipe. In Python `run` is what is on show, `recipe`
    what made it, `ablation` the bench with the recipes beside it. Key e exports.
    """

    _esm = esm(__file__)
    _css = css(__file__)

    film = Unicode("", help="name of a gallery film, or a path").tag(**SAID)
    question = Unicode("", help="what to look for").tag(**SAID)
    films = List(Dict(), help="name and a question for each film of the gallery").tag(sync=True)
    player = WidgetTrait().tag(sync=True)
    timeline = WidgetTrait().tag(sync=True)
    tokens = WidgetTrait().tag(sync=True)
    answer = Dict(
        help="the best moment and what it came from, see `parts.recipe.scene.answer`"
    ).tag(sync=True)
    frames = List(Bytes(), help="JPEG of each frame in `answer`").tag(sync=True)
    change = Dict(
        help="what the last change of the recipe did, see `parts.recipe.scene.change`"
    ).tag(sync=True)
    exported = List(Unicode(), help="files of the last export").tag(sync=True)
    live = Bool(True, help="whether a kernel listens").tag(sync=True)

    run: Run | None = None
    before: Run | None = None
    ablation: AblationBench
    truth: tuple[Moment, ...] = ()
    _store: Store
    _out: Path
    _source: Any = None
    _scenes: scenes.Scenes
    _settle: Callable[["Workbench"], None] | None = None
    _from_map = False

    @classmethod
    def of(
        cls,
        film: Any = "bikes",
        question: str = "",
        recipe: Recipe | None = None,
        *,
        store: Store | None = None,
        out: str | Path = "out",
        truth: Iterable[Moment] = (),
        pinned: Mapping[str, Recipe] | None = None,
        selection: Selection | None = None,
        settle: Callable[["Workbench"], None] | None = None,
    ) -> "Workbench":
        """Open on this film and question; the first answer comes as soon as it is computed.

        Args:
            film: name of a gallery film, a path, or a clip.
            question: by default one that the gallery film answers.
            recipe: by default the one of `vtk-notebooks run default`.
            store: where stages are remembered; by default the user's own.
            out: folder that exports go to.
            truth: moments that answer the question, where they are known.
            pinned: recipes to compare with; by default the one it opens with.
            selection: shared with widgets elsewhere.
            settle: called once, with the first answer on show, instead of selecting that.
        """
        bench = cls(**({} if selection is None else {"selection": selection}))
        recipe = recipe or default_recipe()
        bench._store, bench._out = store or Store(), Path(out)
        bench._scenes, bench.truth = scenes.Scenes(bench._store), tuple(truth)
        bench.films = scenes.gallery()
        bench.ablation = AblationBench(selection=bench.selection)
        bench.ablation.put(recipe, pinned or {recipe.name or "start": recipe})
        bench.ablation._lead = bench._rerun
        bench.ablation.observe(lambda _: bench.renew_tabs(), "trials")
        bench.plug()
        bench._source = film if isinstance(film, Clip) else None
        name = film.origin.name if isinstance(film, Clip) else str(film)
        bench._settle = settle
        with bench.hold_trait_notifications():
            bench.film, bench.question = name, question or scenes.asked(name)
        return bench

    @property
    def recipe(self) -> Recipe:
        """What is on the bench; set another one to see what it does."""
        return self.ablation.recipe

    @recipe.setter
    def recipe(self, recipe: Recipe) -> None:
        self.ablation.recipe = recipe

    def keep(self, part: float) -> None:
        """Let the last compressor leave that part of its tokens, and show what that changes."""
        self.recipe = at_budget(self.recipe, part)

    def squeeze(self, by: float) -> None:
        """So many times as many tokens: 0.5 halves them."""
        if self.run is None:
            raise VtkError("Workbench.squeeze", "an answer to start from", "none yet")
        self.keep(scenes.part_of(self.run, by))

    async def answered(self) -> Run | None:
        """Wait for the answer: `await bench.answered()`."""
        while self.busy or self.ablation.busy:
            await asyncio.sleep(_LOOK_S)
        return self.run

    def save(self, path: str | Path) -> Path:
        """Film, question, recipes, selection and layout as JSON, whole or not at all."""
        return session.save(self, Path(path))

    @classmethod
    def restore(
        cls, path: str | Path, *, store: Store | None = None, out: str | Path = "out"
    ) -> "Workbench":
        """A workbench as it was saved; a `VtkError` for a file that `save` did not write so."""
        return session.restore(cls, Path(path), store=store, out=out)

    def export(self, folder: str | Path | None = None) -> list[Path]:
        """Figures of the run before and this one as PDF, and the table in three formats."""
        folder = Path(folder or self._out)
        return scenes.export(self._runs(), self.truth, self.ablation.sweep, folder)

    def figure(self) -> "PaperFigure":
        """What became of the tokens, before and now, for a paper."""
        from vtk_notebooks.figures import keep_map

        return keep_map(self._runs())

    def to_html(self, path: str | Path, title: str = "") -> Path:
        """One offline page with all panels; its slider shows budgets made beforehand."""
        if self.run is None or not scenes.squeezes(self.run):
            return super().to_html(path, title or self.question)
        live = self.tokens
        self.tokens = TokenMap.of(self.run, None, self.selection, self.run.at, KEEPS)
        self.tokens.mode = live.mode
        try:
            return super().to_html(path, title or self.question)
        finally:
            retire(self.tokens)
            self.tokens = live

    def static_state(self) -> dict[str, Any]:
        """Without a kernel nothing new can be asked; every tab that was open can be read."""
        tabs = [tab for tab in self.tabs if tab["widget"] is not None]
        return {"live": False, "busy": False, "message": "", "tabs": tabs, "exported": []}

    def snapshot(self) -> "Image | None":
        """The moments above the tokens."""
        from vtk_widgets._snapshot import stacked

        parts = [w.snapshot() for w in (self.timeline, self.tokens) if w is not None]
        return stacked([image for image in parts if image is not None])

    def close(self) -> None:
        """Stop, and free every view with it."""
        views = [self.player, self.timeline, self.tokens, *(tab["widget"] for tab in self.tabs)]
        super().close()
        for view in {id(v): v for v in (*views, getattr(self, "ablation", None)) if v}.values():
            view.close()

    def __repr__(self) -> str:
        best = f", {self.answer['text']}" if self.answer else ""
        return f"Workbench({self.film!r}, {self.question!r}{best})"

    def _handle_custom_msg(self, content: Any, buffers: Any) -> None:
        """Buttons of the page; what goes wrong is shown, never raised."""
        asked = content if isinstance(content, Mapping) else {}
        try:
            if asked.get("do") == "squeeze":
                self.squeeze(float(asked["by"]))
            elif asked.get("do") == "export":
                self._export()
        except Exception as error:
            self.message = f"{type(error).__name__}: {error}"

    @observe("film", "question")
    def _asked(self, change: Any) -> None:
        if change.name == "film" and change.old:
            self._source, self.truth = None, ()
        if hasattr(self, "ablation"):
            self._rerun()

    def _rerun(self) -> None:
        """Answer again: the question, the film or the recipe is another."""
        recipe, _ = read(self.ablation.draft)
        if recipe is None:
            return
        work = self._scenes.work(self._source or self.film, self.question, recipe)
        self.begin(work, self._show, "opening the film")

    def _show(self, scene: scenes.Scene) -> None:
        """Every view moves to a new run; those that would show the same stay as they are."""
        old, new = self.run, scene.run
        same = old is not None and comparable(old, new)
        if old is None or not same or old.address != new.address:
            self.before = old if same else None
        self.run = new
        if not same and self._settle is None:
            scenes.look_at(self.selection, new)
        with self.hold_sync():
            self.answer, self.frames = scenes.answer(new)
            self.change = scenes.change(self.before, new)
            if old is None or old.clip.address != new.clip.address or self.player is None:
                self._put("player", FramePlayer.of(scene.watched, self.selection, seen=new.clip))
            self._put("timeline", MomentTimeline.of(new, self.truth, self.selection))
            if not self._from_map or self.tokens is None:
                self._put("tokens", self._map(new))
            else:  # it shows these tokens already, under the label of the ones before
                first, *others = self.tokens.panes
                self.tokens.panes = [{**first, "label": new.label}, *others]
            self._from_map = False
        self._follow(scene)

    def _follow(self, scene: scenes.Scene) -> None:
        """What lies in tabs: the bench tries its recipes, the others are made anew if they ask."""
        question = Question(scene.run.query.text, self.truth)
        self.ablation.follow({scene.name: scene.source}, question, self._store)
        self.renew_tabs()
        settle, self._settle = self._settle, None
        if settle is not None:
            settle(self)

    def _map(self, run: Run) -> TokenMap:
        made = TokenMap.of(
            run, selection=self.selection, rerun=run.at if scenes.squeezes(run) else None
        )
        if isinstance(self.tokens, TokenMap):
            made.mode = self.tokens.mode
        made.observe(self._squeezed, "keep")
        return made

    def _squeezed(self, change: Any) -> None:
        """The map's slider moved: the recipe follows it, and the map stays under the finger."""
        try:
            recipe = at_budget(self.recipe, change.new)
        except VtkError as error:
            self.message = str(error)
            return
        self._from_map = recipe != self.recipe
        self.recipe = recipe

    def _put(self, place: str, view: Widget) -> None:
        old = getattr(self, place)
        setattr(self, place, view)
        if old is not None:
            retire(old)

    def _runs(self) -> list[Run]:
        """The run before, where there is one, and the one on show."""
        if self.run is None:
            raise VtkError("Workbench", "an answer to draw", "none yet", "Wait for it.")
        return [run for run in (self.before, self.run) if run is not None]

    def _export(self) -> None:
        def done(paths: list[Path]) -> None:
            self.exported = [str(path.resolve()) for path in paths]

        self.begin(lambda progress, stop: self.export(), done, "drawing the figures")
