"""Token map: every frame at once, and which token speaks for which cell."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from traitlets import Bool, Bytes, Dict, Enum, Float, List, Unicode, observe

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.tokens import Tokens
from vtk_widgets._assets import css, esm
from vtk_widgets._levels import Rerun, level, levels
from vtk_widgets._panes import RunLike, contact_sheet, shown
from vtk_widgets._pictures import end_s
from vtk_widgets.selection import SAID, Linked, Selection

if TYPE_CHECKING:
    from PIL.Image import Image


class TokenMap(Linked):
    """Frames as a contact sheet with merge groups coloured or dropped cells dimmed.

    Pointing at a cell lights up all cells that its token speaks for, in every frame and in every
    recipe on show; a click pins it. The slider shows the budgets that were made beforehand, and
    asks `rerun` for the others while there is a kernel.

    Keys on the sheet: arrows walk the cells, page up and down the frames, enter pins, escape lets
    go, g, k and f change the view, space plays.
    """

    _esm = esm(__file__)
    _css = css(__file__)

    frames = List(Bytes(), help="JPEG thumbnails").tag(sync=True)
    panes = List(
        Dict(), help="per recipe: label, before, grid, view, times_s, frame_of (into frames)"
    ).tag(sync=True)
    levels = List(List(Dict()), help="per recipe, budgets made beforehand: see _levels.level").tag(
        sync=True
    )
    fresh = List(Dict(), help="per recipe, the last rerun; {} where none").tag(sync=True)
    duration_s = Float(0.0, help="when the last frame gives way").tag(sync=True)
    keep = Float(1.0, help="budget on show; the nearest one there is").tag(**SAID)
    live = Bool(False, help="whether other budgets can be asked for").tag(sync=True)
    busy = Bool(False, help="whether a rerun is under way").tag(sync=True)
    message = Unicode("", help="what went wrong in the last rerun").tag(sync=True)
    mode = Enum(["groups", "kept", "frames"], "groups", help="what is drawn").tag(**SAID)

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
            max_width: of a thumbnail.
        """
        if keeps and rerun is None:
            hint = "Pass rerun=run.at, or leave keeps out."
            raise VtkError("TokenMap.of", "rerun, to make the budgets in keeps with", None, hint)
        both = [shown(source) for source in (run, baseline) if source is not None]
        reruns = (rerun, baseline_rerun)[: len(both)]
        frames, panes = contact_sheet(both, max_width)
        widget = cls(
            frames=frames,
            panes=panes,
            levels=[
                levels(s.tokens, s.before, r, keeps) for s, r in zip(both, reruns, strict=True)
            ],
            fresh=[{} for _ in both],
            duration_s=max(end_s(s.clip) for s in both),
            keep=len(both[0].tokens) / both[0].before,
            live=any(reruns),
            mode="kept" if _only_drops(both[0].tokens) else "groups",
            **({} if selection is None else {"selection": selection}),
        )
        widget._reruns = reruns
        return widget

    @observe("keep")
    def _rerun(self, change: Any) -> None:
        """Make the budget the slider asks for; what goes wrong is shown, never raised."""
        made = [abs(entry["keep"] - change.new) < 1e-6 for entry in self._first_levels()]
        if not any(self._reruns) or any(made):
            return
        self.busy = True
        fresh, message = self.fresh, "interrupted"
        try:
            fresh, message = [self._fresh(i, change.new) for i in range(len(self.panes))], ""
        except Exception as error:  # whatever a mechanism does, the display stays
            message = f"{type(error).__name__}: {error}"
        finally:  # also when the kernel is interrupted; one update for the browser
            with self.hold_sync():
                self.fresh, self.message, self.busy = fresh, message, False

    def _fresh(self, i: int, keep: float) -> dict[str, Any]:
        rerun, pane = self._reruns[i], self.panes[i]
        if rerun is None:
            return {}
        tokens = rerun(keep)
        if list(tokens.grid) != pane["grid"]:
            raise VtkError("TokenMap", f"tokens of grid {pane['grid']}", tokens.grid)
        return level(tokens, pane["before"]) | {"keep": keep}

    def _first_levels(self) -> list[dict[str, Any]]:
        return self.levels[0] if self.levels else []

    def static_state(self) -> dict[str, Any]:
        """Without a kernel only the budgets made beforehand remain."""
        return {"live": False, "busy": False, "message": ""}

    def snapshot(self) -> "Image | None":
        """The contact sheet of the first recipe at the budget on show."""
        from vtk_widgets._snapshot import token_sheet

        if not self.panes:
            return None
        nearest = min(self._first_levels(), key=lambda entry: abs(entry["keep"] - self.keep))
        return token_sheet(self.frames, self.panes[0], nearest)

    def __repr__(self) -> str:
        labels = [pane["label"] for pane in self.panes]
        return f"TokenMap({' | '.join(labels)}, keep={self.keep:.3g})"


def _only_drops(tokens: Tokens) -> bool:
    """Whether nothing was merged, so that colours would tell nothing."""
    return bool(tokens.mass().max() <= 1)
