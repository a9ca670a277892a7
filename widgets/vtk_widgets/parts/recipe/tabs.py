"""Tabs: widgets made when first looked at, and again when they would be of something else.

What takes its time is made beside the kernel. An answer goes before a tab: it is not disturbed by
one that is opened, and takes the place of one that is being made, which then begins anew.
"""

from collections.abc import Callable, Mapping
from threading import Event
from types import MappingProxyType
from typing import Any

from traitlets import Dict as Dicts
from traitlets import List, Unicode, observe

from vtk_notebooks.errors import CancelledError
from vtk_notebooks.models.steps import Progress
from vtk_widgets._working import T, Working
from vtk_widgets.parts.recipe.plugs import PLUGS, Make, Work, retire, with_references
from vtk_widgets.selection import SAID

_COMING = "Being made: how far it is stands above."
_AGAIN = "Open another tab and come back to try again."


class Tabbed(Working):
    """A widget with tabs; which there are, `plugs.PLUGS` says."""

    tabs = List(
        Dicts(), help="key, title, widget (None until first opened), why there is none"
    ).tag(sync=True, to_json=with_references)
    tab = Unicode("compare", help="key of the open tab").tag(**SAID)

    run: Any = None
    _coming = ""  # key of the tab that is being made beside the kernel
    _made: Mapping[str, Any] = MappingProxyType({})  # by key, what a tab's widget was made of

    def plug(self) -> None:
        """Tabs with nothing in them yet."""
        self._made = MappingProxyType({})
        none = {"widget": None, "why": ""}
        self.tabs = [{"key": key, "title": plug.title, **none} for key, plug in PLUGS.items()]

    def renew_tabs(self) -> None:
        """What is made of something else by now goes, and the open tab has its widget."""
        for key in self._made.keys() - {self._coming}:
            if self._made[key] != PLUGS[key].of(self):
                if self._widget(key) is not None:
                    retire(self._widget(key))
                self._forget(key)
        self._opened()

    def begin(
        self, work: Callable[[Progress, Event], T], then: Callable[[T], None], step: str = ""
    ) -> None:
        """As ever; a tab that is being made waits until this is done."""
        if self._coming:
            self._forget(self._coming)
            self._coming = ""
        super().begin(work, then, step)

    @observe("tab")
    def _looked(self, _change: Any) -> None:
        if self.run is None:
            return
        if self.tab != self._coming and not self._widget(self.tab):
            self._forget(self.tab)  # another try
        self.renew_tabs()

    def _opened(self) -> None:
        if self.tab not in PLUGS or self.run is None or self.tab in self._made:
            return
        key, plug = self.tab, PLUGS[self.tab]
        if plug.work is not None and self.busy:
            return  # `_freed` comes back to it
        try:
            self._made = {**self._made, key: plug.of(self)}
            if plug.make is not None:
                self._put_in(key, plug.make(self))
            if plug.work is not None:
                self._begin(key, plug.work(self))
        except Exception as error:  # whatever a tab needs and lacks, the others stay
            self._put_in(key, None, str(error))

    def _begin(self, key: str, work: Work) -> None:
        self._coming = key
        self._put_in(key, None, _COMING)

        def done(made: tuple[Make | None, str]) -> None:
            make, why = made
            self._put_in(key, None if make is None else make(), why)
            self._coming = ""

        super().begin(lambda progress, stop: _tried(work, progress, stop), done)

    @observe("busy")
    def _freed(self, change: Any) -> None:
        if change.new:
            return
        if self._coming:  # stopped, or the widget could not be made
            self._put_in(self._coming, None, f"{self.message} {_AGAIN}")
            self._coming = ""
        else:
            self._opened()

    def _forget(self, key: str) -> None:
        self._made = {k: of for k, of in self._made.items() if k != key}
        self._put_in(key, None)

    def _widget(self, key: str) -> Any:
        return next((tab["widget"] for tab in self.tabs if tab["key"] == key), None)

    def _put_in(self, key: str, widget: Any, why: str = "") -> None:
        new = {"widget": widget, "why": why}
        self.tabs = [{**tab, **new} if tab["key"] == key else tab for tab in self.tabs]


def _tried(work: Work, progress: Progress, stop: Event) -> tuple[Make | None, str]:
    """What makes the widget, or why there is none."""
    try:
        return work(progress, stop), ""
    except CancelledError:
        raise
    except Exception as error:  # whatever a tab needs and lacks, the others stay
        return None, str(error)
