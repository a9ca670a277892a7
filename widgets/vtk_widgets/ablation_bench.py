"""Ablation bench: turn parts of a recipe on and off, and see what that costs and brings."""

from collections.abc import Mapping
from threading import Event
from typing import TYPE_CHECKING, Any

from traitlets import Bool, Dict, Enum, Int, List, Unicode, observe

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.steps import Progress
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.store import Store
from vtk_notebooks.sweep import Sweep
from vtk_notebooks.sweep.draft import draft_of, read, recipe_of
from vtk_notebooks.sweep.question import Asked, enter
from vtk_notebooks.sweep.report import COSTS
from vtk_notebooks.sweep.trials import Trials
from vtk_widgets._assets import css, esm
from vtk_widgets._working import Working
from vtk_widgets.parts.recipe import trials as said
from vtk_widgets.selection import SAID, Linked, Selection

if TYPE_CHECKING:
    from PIL.Image import Image

    from vtk_notebooks.figures import PaperFigure


class AblationBench(Linked, Working):
    """A recipe as switches and values; its trials as a table and against what they cost.

    Each change runs what it changed and nothing else. Recipes that are pinned stay in the table;
    one of them is the reference of all differences. In Python `recipe` is what is on the bench,
    `pinned` the others by name, and `sweep` the numbers with their statistics.
    """

    _esm = esm(__file__)
    _css = css(__file__)

    draft = Dict(help="the recipe being edited, see `sweep.draft`; set by both sides").tag(**SAID)
    kept = List(Dict(), help="pinned recipes, each a name and a plain recipe").tag(**SAID)
    reference = Unicode("", help="name of the pinned recipe that others are held against").tag(
        **SAID
    )
    cost = Enum(list(COSTS), "tokens", help="what the plot holds quality against").tag(**SAID)
    again = Int(0, help="counted up by the browser to try what failed or was stopped").tag(**SAID)
    forms = Dict(help="kind:name -> title, paper, parameters, of what is in the draft").tag(
        sync=True
    )
    catalog = List(Dict(), help="kind, name, title of all that could be put in").tag(sync=True)
    faults = List(Dict(), help="place and text of what is wrong with the draft").tag(sync=True)
    trials = List(
        Dict(), help="a line of the table for each recipe, see `parts.recipe.trials.lines`"
    ).tag(sync=True)
    quality = Unicode("score", help="what recipes are judged by: iou or score").tag(sync=True)
    work = Dict(help="place -> computed, reused, seconds, of the last trial").tag(sync=True)
    summary = Unicode("", help="how much of the last trial was new").tag(sync=True)
    texts = Dict(help="json, python, latex, csv, markdown, for the clipboard").tag(sync=True)
    finished = Bool(True, help="whether every row of the table is there").tag(sync=True)
    live = Bool(True, help="whether a kernel listens").tag(sync=True)

    sweep: Sweep | None = None
    _bench: Trials | None = None
    _lead: Any = None

    @classmethod
    def of(
        cls,
        recipe: Recipe,
        films: Any,
        questions: Asked | Mapping[str, Asked],
        store: Store | None = None,
        selection: Selection | None = None,
        *,
        pinned: Mapping[str, Recipe] | None = None,
    ) -> "AblationBench":
        """Try this recipe, and those that come of it, on these films and questions.

        Args:
            recipe: to start from; it is pinned as the reference where nothing else is.
            films: as `ablate` takes them.
            questions: likewise.
            store: where stages and rows are remembered; by default the user's own.
            selection: shared with the widgets that shall move along.
            pinned: other recipes to compare with, by names; the first is the reference.
        """
        bench = cls(**({} if selection is None else {"selection": selection}))
        bench.put(recipe, pinned or {recipe.name or "start": recipe})
        bench.ask(films, questions, store)
        return bench

    @property
    def recipe(self) -> Recipe:
        """What is on the bench, without what is switched off.

        Raises:
            RecipeError: while the draft has a fault.
        """
        return recipe_of(self.draft)

    @recipe.setter
    def recipe(self, recipe: Recipe) -> None:
        self.draft = draft_of(recipe)

    @property
    def pinned(self) -> dict[str, Recipe]:
        """Recipes to compare with, by name."""
        return {entry["name"]: Recipe.from_dict(entry["recipe"]) for entry in self.kept}

    def put(self, recipe: Recipe, pinned: Mapping[str, Recipe], reference: str = "") -> None:
        """Other recipes, without trying them yet."""
        if reference and reference not in pinned:
            raise VtkError("AblationBench.put", "a pinned reference", reference)
        kept = [{"name": name, "recipe": one.as_dict()} for name, one in pinned.items()]
        with self.hold_sync():
            lead, self._lead = self._lead, _nothing
            self.kept, self.reference = kept, reference or next(iter(pinned), "")
            self.recipe = recipe
            self._lead = lead

    def ask(self, films: Any, questions: Any, store: Store | None = None) -> None:
        """Try all recipes on other films and questions."""
        self._bench = Trials(films, questions, store)
        self.evaluate()

    def follow(self, films: Any, questions: Any, store: Store | None = None) -> None:
        """Try what was not tried yet, on the same films and questions or on others."""
        bench = Trials(films, questions, store)
        if self._bench is None or not self._bench.same(bench):
            self._bench = bench
        self.evaluate()

    def evaluate(self) -> None:
        """Try what was not tried yet; work under way is stopped, and what it had is kept."""
        bench, (recipe, faults) = self._bench, read(self.draft)
        if bench is None or recipe is None:
            if faults:
                self.cancel()
            return
        named, here = self._named(recipe)
        reference = self.reference if self.reference in named else next(iter(named))

        def trial(progress: Progress, stop: Event) -> Sweep:
            return bench.run(named, reference, progress=progress, cancel=stop)

        self.begin(trial, lambda sweep: self._show(sweep, recipe, here), "trying")

    def figure(self) -> "PaperFigure":
        """Quality against cost, for a paper."""
        from vtk_notebooks.figures import tradeoff

        if self.sweep is None:
            raise VtkError("AblationBench.figure", "a finished trial", "none yet")
        return tradeoff(self.sweep, x=self.cost)

    def snapshot(self) -> "Image | None":
        """The plot, as in a paper."""
        from vtk_widgets._snapshot import figure_image

        return None if self.sweep is None else figure_image(self.figure())

    def static_state(self) -> dict[str, Any]:
        """Without a kernel nothing can be tried."""
        return {"live": False, "busy": False, "message": "", "catalog": []}

    def __repr__(self) -> str:
        tried = ", ".join(f"{line['name']!r}" for line in self.trials)
        return f"AblationBench({tried}; reference {self.reference!r})"

    @observe("draft")
    def _drafted(self, _change: Any) -> None:
        recipe, faults = read(self.draft)
        with self.hold_sync():
            self.faults = [{"place": f.place, "text": f.text} for f in faults]
            self.forms = self.forms | said.forms(self.draft, known=self.forms)
            if not self.catalog:
                self.catalog = said.catalog()
        if recipe is None:
            self.cancel()
            return
        self.texts = self.texts | said.recipe_texts(recipe)
        self._changed()

    @observe("kept", "reference", "again")
    def _changed(self, _change: Any = None) -> None:
        (self._lead or self.evaluate)()

    def _named(self, recipe: Recipe) -> tuple[dict[str, Recipe], str]:
        """All recipes of the table by name, and the name of the one on the bench."""
        named: dict[str, Recipe] = {}
        for name, one in self.pinned.items():
            enter(named, name, one)
        here = next((name for name, one in named.items() if one == recipe), "")
        if not here:
            enter(named, recipe.label, recipe)
            here = next(reversed(named))
        return named, here

    def _show(self, sweep: Sweep, recipe: Recipe, here: str) -> None:
        self.sweep = sweep
        with self.hold_sync():
            self.quality, self.finished = sweep.quality, sweep.finished
            self.trials = said.lines(sweep, here, list(self.pinned))
            self.work = said.work(self._bench, recipe, self.draft) if self._bench else {}
            self.summary = said.summary(sweep)
            self.texts = self.texts | said.sweep_texts(sweep)


def _nothing() -> None:
    """What a change leads to while several are made."""
