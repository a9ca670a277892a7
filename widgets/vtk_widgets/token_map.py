"""Token map: every frame at once, and which token speaks for which cell."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from traitlets import Bool, Bytes, Dict, Enum, Float, Int, List, observe

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import CancelledError, VtkError
from vtk_notebooks.tokens import Tokens
from vtk_widgets._assets import css, esm
from vtk_widgets._working import Working
from vtk_widgets.parts.film.pictures import end_s
from vtk_widgets.parts.tokens.levels import Rerun, count, level, levels
from vtk_widgets.parts.tokens.panes import RunLike, Shown, contact_sheet, shown
from vtk_widgets.parts.tokens.rivals import PARTS, kept
from vtk_widgets.parts.tokens.weights import Weights, on_cells
from vtk_widgets.selection import SAID, Linked, Selection

if TYPE_CHECKING:
    from PIL.Image import Image

    from vtk_notebooks.figures import PaperFigure

_RIVAL_BYTES = 8_000_000  # at most in a page, for rivals at every budget made


class TokenMap(Linked, Working):
    """Frames as a contact sheet with merge groups coloured or dropped cells dimmed.

    Pointing at a cell lights up all cells that its token speaks for, in every frame and in every
    recipe on show; a click pins it. The slider shows the budgets that were made beforehand, and
    asks `rerun` for the others, beside the kernel, while there is one. What chance or counting
    would have kept stands beside it at a key. Frames outside `selection.window` fade.

    Keys: g, k, s, w and f change the view (groups, kept, shares, weights, frames), r and u put the
    random and the uniform baseline beside it; on the sheet arrows walk the cells, page up and down
    the frames, enter pins, escape lets go, space plays.
    """

    _esm = esm(__file__)
    _css = css(__file__)

    frames = List(Bytes(), help="JPEG thumbnails").tag(sync=True)
    panes = List(
        Dict(),
        help="per recipe: label, before, grid, of_frames, view, times_s, frame_of (into frames)",
    ).tag(sync=True)
    levels = List(List(Dict()), help="per recipe, budgets made beforehand: see _levels.level").tag(
        sync=True
    )
    fresh = List(Dict(), help="per recipe, the last rerun; {} where none").tag(sync=True)
    rivals = Dict(help="per baseline that can be had, its levels made so far").tag(sync=True)
    weights = List(Dict(), help="per word: text, cells, peak; see _weights.on_cells").tag(sync=True)
    duration_s = Float(0.0, help="when the last frame gives way").tag(sync=True)
    keep = Float(1.0, help="budget on show; the nearest one there is").tag(**SAID)
    live = Bool(False, help="whether other budgets can be asked for").tag(sync=True)
    mode = Enum(
        ["groups", "kept", "shares", "weights", "frames"], "groups", help="what is drawn"
    ).tag(**SAID)
    rival = Enum(["", *PARTS], "", help="baseline beside the recipes").tag(**SAID)
    row = Int(0, help="which of the weights are drawn").tag(**SAID)

    _sources: tuple[Any, ...] = ()
    _shown: tuple[Shown, ...] = ()
    _reruns: tuple[Rerun | None, ...] = ()

    @classmethod
    def of(
        cls,
        run: RunLike | tuple[Tokens, Clip],
        baseline: RunLike | tuple[Tokens, Clip] | None = None,
        selection: Selection | None = None,
        rerun: Rerun | None = None,
        keeps: Sequence[float] = (),
        *,
        baseline_rerun: Rerun | None = None,
        baselines: bool = True,
        weights: Weights | None = None,
        words: Sequence[str] = (),
        max_width: int = 240,
    ) -> "TokenMap":
        """Show these tokens over their frames.

        Args:
            run: a run, or (tokens, clip).
            baseline: another one, side by side.
            selection: shared with the widgets that shall move along.
            rerun: the tokens at another budget; called when the slider moves.
            keeps: budgets to make now, so that the slider needs no kernel.
            baseline_rerun: the same for the other recipe.
            baselines: whether random and uniform tokens can be called up beside it.
            weights: of the run's tokens, drawn on the cells they speak for: one per token, a row
                of them per word, or what `words_to_video` found.
            words: names of the rows of `weights`.
            max_width: of a thumbnail.
        """
        if keeps and rerun is None:
            hint = "Pass rerun=run.at, or leave keeps out."
            raise VtkError("TokenMap.of", "rerun, to make the budgets in keeps with", None, hint)
        sources = tuple(source for source in (run, baseline) if source is not None)
        both = [shown(source) for source in sources]
        first = both[0]
        reruns = (rerun, baseline_rerun)[: len(both)]
        frames, panes = contact_sheet(both, max_width)
        widget = cls(
            frames=frames,
            panes=panes,
            levels=[
                levels(s.tokens, s.before, again, keeps, s.picks)
                for s, again in zip(both, reruns, strict=True)
            ],
            fresh=[{} for _ in both],
            rivals={name: [] for name in PARTS} if baselines else {},
            weights=[] if weights is None else on_cells(weights, first.tokens, words, first.picks),
            duration_s=max(end_s(s.clip) for s in both),
            keep=len(first.tokens) / first.before,
            live=any(reruns),
            mode=_first_mode(first.tokens, weights is not None),
            **({} if selection is None else {"selection": selection}),
        )
        widget._sources, widget._shown, widget._reruns = sources, tuple(both), reruns
        return widget

    @observe("keep", "rival")
    def _follow(self, change: Any) -> None:
        """Make what is asked for and not there, beside the kernel; the last wish counts."""
        keep, rival = self.keep, self.rival
        again = change.name == "keep" and any(self._reruns) and not self._made(keep)
        if not self._shown or not (again or self._lacks(rival, self._on_show(keep))):
            return

        def work(progress: Any, stop: Any) -> tuple[list[dict[str, Any]] | None, dict[str, Any]]:
            fresh = None
            if again:
                fresh = [self._fresh(i, keep, stop) for i in range(len(self.panes))]
            beside = fresh[0] if fresh and fresh[0] else self._on_show(keep)
            made = self._rival(rival, count(beside)) if self._lacks(rival, beside) else None
            return fresh, {} if made is None else {rival: [made]}

        self.begin(work, self._show, "running")

    def _show(self, result: tuple[list[dict[str, Any]] | None, dict[str, Any]]) -> None:
        fresh, rivals = result
        if fresh is not None:
            self.fresh = fresh
        self.rivals = self.rivals | rivals

    def _fresh(self, i: int, keep: float, stop: Any) -> dict[str, Any]:
        rerun, pane = self._reruns[i], self.panes[i]
        if stop.is_set():
            raise CancelledError("TokenMap", "to be left alone", "stop")
        if rerun is None:
            return {}
        tokens, was = rerun(keep), self._shown[i]
        if tokens.grid != was.tokens.grid:
            raise VtkError("TokenMap", f"tokens of grid {was.tokens.grid}", tokens.grid)
        return level(tokens, pane["before"], was.picks) | {"keep": keep}

    def _rival(self, name: str, many: int) -> dict[str, Any]:
        first = self._shown[0]
        return level(kept(name, many, first.start), first.before, first.picks)

    def _lacks(self, rival: str, beside: dict[str, Any]) -> bool:
        """Whether a baseline is wanted and not made at this budget."""
        made = [count(entry) for entry in self.rivals.get(rival, [])]
        return rival in self.rivals and count(beside) not in made

    def _made(self, keep: float) -> bool:
        return any(abs(entry["keep"] - keep) < 1e-6 for entry in self._first_levels())

    def _on_show(self, keep: float) -> dict[str, Any]:
        """The level of the first recipe that is drawn at a budget."""
        there = [*self._first_levels(), *filter(None, self.fresh[:1])]
        return min(there, key=lambda entry: abs(entry["keep"] - keep))

    def _first_levels(self) -> list[dict[str, Any]]:
        return self.levels[0] if self.levels else []

    def static_state(self) -> dict[str, Any]:
        """Without a kernel only what was made beforehand remains; baselines are made for it now."""
        idle = {"live": False, "busy": False, "message": "", "step": "", "part": -1.0, "stops": 0}
        return idle | {"rivals": {name: self._rivals_made(name) for name in self.rivals}}

    def _rivals_made(self, name: str) -> list[dict[str, Any]]:
        if not self._shown:
            return self.rivals[name]
        there = [self._on_show(self.keep), *self._first_levels()]
        room = max(1, _RIVAL_BYTES // len(PARTS) // max(1, len(there[0]["owner"])))
        counts = list(dict.fromkeys(count(entry) for entry in there))[:room]
        return [self._rival(name, many) for many in counts]

    def figure(self, **how: Any) -> "PaperFigure":
        """What is on show as a figure for a paper: each recipe at its budget, then the baseline.

        Args:
            how: as for `vtk_notebooks.figures.keep_map`: frames, width_mm, film, tint.
        """
        from vtk_notebooks.figures import keep_map
        from vtk_widgets.parts.tokens.budget import run_at, run_of_rival

        runs = [run_at(s, r, self.keep) for s, r in zip(self._sources, self._reruns, strict=True)]
        if self.rival in self.rivals:
            runs.append(run_of_rival(runs[0], self.rival, count(self._on_show(self.keep))))
        return keep_map(runs, **how)

    def snapshot(self) -> "Image | None":
        """The contact sheet of the first recipe at the budget on show."""
        from vtk_widgets._snapshot import token_sheet

        if not self.panes:
            return None
        return token_sheet(self.frames, self.panes[0], self._on_show(self.keep))

    def __repr__(self) -> str:
        labels = [pane["label"] for pane in self.panes]
        return f"TokenMap({' | '.join(labels)}, keep={self.keep:.3g})"


def _first_mode(tokens: Tokens, weighted: bool) -> str:
    if weighted:
        return "weights"
    merged = bool(tokens.mass().max() > 1)  # else colours would tell nothing
    return "groups" if merged else "kept"
