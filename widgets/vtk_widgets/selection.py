"""Selection: what a person points at, shared by all linked widgets and readable in Python."""

import math
import sys
from typing import Any

from anywidget import WidgetTrait
from traitlets import Bool, Float, Int, TraitError, Tuple, Unicode, default, validate

from vtk_notebooks.moment import Moment
from vtk_widgets._assets import css, esm
from vtk_widgets._base import Widget

SAID: dict[str, Any] = {"sync": True, "echo_update": "google.colab" in sys.modules}
"""Tags of traits that the browser sets many times a second.

An echo of an old value must not undo a newer one that is still on its way. In Colab each output
is a page of its own, and the echo is what links them.
"""


class Selection(Widget):
    """A time, a cell, a token, a moment, a window of time, a layer, a head and a word.

    Widgets that hold the same one move together.

    In the browser they hear of a change at once, without the kernel; Python hears within about
    a tenth of a second. Setting a trait here moves every linked widget.
    """

    _esm = esm(__file__)
    _css = css(__file__)

    time_s = Float(0.0, help="presentation time on show").tag(**SAID)
    playing = Bool(False, help="whether the clock in the browser runs").tag(**SAID)
    speed = Float(1.0, help="film seconds per second").tag(**SAID)
    cell = Tuple(
        Int(), Int(), Int(), default_value=(-1, -1, -1), help="(t, h, w); -1 where none"
    ).tag(**SAID)
    grid = Tuple(
        Int(), Int(), Int(), default_value=(0, 0, 0), help="(t, h, w) that `cell` counts in"
    ).tag(**SAID)
    token = Int(-1, help="token that speaks for `cell`; -1 where none").tag(**SAID)
    pinned = Bool(False, help="whether `cell` stays when the pointer leaves").tag(**SAID)
    moment = Tuple(default_value=(), help="(start_s, end_s), or () for none").tag(**SAID)
    window = Tuple(
        default_value=(), help="(start_s, end_s) that views show nothing outside of; () for all"
    ).tag(**SAID)
    layer = Int(-1, help="layer of the model, from 0; -1 for all").tag(**SAID)
    head = Int(-1, help="attention head, from 0; -1 for all").tag(**SAID)
    word = Int(-1, help="piece of the prompt, from 0, that is asked about; -1 for none").tag(**SAID)
    _driver = Unicode("", help="browser page that keeps the time; '' = any").tag(**SAID)

    def play(self) -> None:
        """Start the clock in the browser, in whichever page shows a player."""
        self._driver, self.playing = "", True

    def pause(self) -> None:
        """Stop the clock."""
        self.playing = False

    def as_moment(self) -> Moment | None:
        """The chosen stretch of film, None while none is chosen."""
        return Moment(*self.moment) if self.moment else None

    def shows(self, start_s: float, end_s: float) -> bool:
        """Whether a stretch of film lies in the window, in part at least."""
        return not self.window or (start_s < self.window[1] and end_s > self.window[0])

    def __repr__(self) -> str:
        parts = [f"time_s={self.time_s:.2f}"]
        if self.cell[0] >= 0:
            parts += [f"cell={self.cell}", f"token={self.token}"]
        if self.moment:
            parts += [f"moment=({self.moment[0]:.2f}, {self.moment[1]:.2f})"]
        if self.window:
            parts += [f"window=({self.window[0]:.2f}, {self.window[1]:.2f})"]
        for name in ("layer", "head", "word"):
            if getattr(self, name) >= 0:
                parts += [f"{name}={getattr(self, name)}"]
        return f"Selection({', '.join(parts)})"

    @validate("time_s", "speed")
    def _check_number(self, proposal: Any) -> float:
        least = 0 if proposal.trait.name == "time_s" else 1e-3
        if not math.isfinite(proposal.value) or proposal.value < least:
            raise TraitError(f"Selection.{proposal.trait.name}: {proposal.value} is not in range")
        return proposal.value

    @validate("moment", "window")
    def _check_span(self, proposal: Any) -> tuple[float, ...]:
        if not proposal.value:
            return ()
        try:
            start_s, end_s = proposal.value
            span = Moment(float(start_s), float(end_s))
        except (TypeError, ValueError) as error:
            name = proposal.trait.name
            raise TraitError(f"Selection.{name} is (start_s, end_s) or (): {error}") from error
        return span.start_s, span.end_s


class Linked(Widget):
    """A widget that holds a `Selection`: the one it was given, or one of its own."""

    selection = WidgetTrait().tag(sync=True)

    @default("selection")
    def _own_selection(self) -> Selection:
        return Selection()

    @validate("selection")
    def _check_selection(self, proposal: Any) -> Selection:
        if not isinstance(proposal.value, Selection):
            got = type(proposal.value).__name__
            raise TraitError(f"{type(self).__name__}.selection expects a Selection, got {got}")
        return proposal.value
