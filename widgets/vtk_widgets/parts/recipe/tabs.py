"""Tabs: widgets made when first looked at, and again when they would be of something else."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from traitlets import Dict as Dicts
from traitlets import List, Unicode, observe

from vtk_widgets._working import Working
from vtk_widgets.parts.recipe.plugs import PLUGS, retire, with_references
from vtk_widgets.selection import SAID


class Tabbed(Working):
    """A widget with tabs; which there are, `plugs.PLUGS` says."""

    tabs = List(
        Dicts(), help="key, title, widget (None until first opened), why there is none"
    ).tag(sync=True, to_json=with_references)
    tab = Unicode("compare", help="key of the open tab").tag(**SAID)

    run: Any = None
    _made: Mapping[str, Any] = MappingProxyType({})  # by key, what a tab's widget was made of

    def plug(self) -> None:
        """Tabs with nothing in them yet."""
        self._made = MappingProxyType({})
        none = {"widget": None, "why": ""}
        self.tabs = [{"key": key, "title": plug.title, **none} for key, plug in PLUGS.items()]

    def renew_tabs(self) -> None:
        """What is made of something else by now goes, and the open tab has its widget."""
        for tab in self.tabs:
            key = tab["key"]
            if key in self._made and self._made[key] != PLUGS[key].of(self):
                if tab["widget"] is not None:
                    retire(tab["widget"])
                self._put_in(key, None)
                self._made = {k: of for k, of in self._made.items() if k != key}
        self._opened()

    @observe("tab")
    def _opened(self, _change: Any = None) -> None:
        if self.tab not in PLUGS or self.run is None or self.tab in self._made:
            return
        self._made = {**self._made, self.tab: PLUGS[self.tab].of(self)}
        try:
            self._put_in(self.tab, PLUGS[self.tab].make(self))
        except Exception as error:  # whatever a tab needs and lacks, the others stay
            self._put_in(self.tab, None, str(error))

    def _put_in(self, key: str, widget: Any, why: str = "") -> None:
        new = {"widget": widget, "why": why}
        self.tabs = [{**tab, **new} if tab["key"] == key else tab for tab in self.tabs]
