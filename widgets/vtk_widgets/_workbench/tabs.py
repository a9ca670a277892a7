"""Tabs: widgets that are made when they are first looked at, and again after a run if they ask."""

from typing import Any

from traitlets import Dict as Dicts
from traitlets import List, Unicode, observe

from vtk_widgets._workbench.plugs import PLUGS, retire, with_references
from vtk_widgets._working import Working
from vtk_widgets.selection import SAID


class Tabbed(Working):
    """A widget with tabs; which there are, `plugs.PLUGS` says."""

    tabs = List(Dicts(), help="key, title, widget; None until it is first opened").tag(
        sync=True, to_json=with_references
    )
    tab = Unicode("compare", help="key of the open tab").tag(**SAID)

    run: Any = None

    def plug(self) -> None:
        """Tabs with nothing in them yet."""
        self.tabs = [{"key": k, "title": plug.title, "widget": None} for k, plug in PLUGS.items()]

    def renew_tabs(self) -> None:
        """After a run: what asks for it is made anew, and the open tab has its widget."""
        for tab in self.tabs:
            if tab["widget"] is not None and PLUGS[tab["key"]].each_run:
                retire(tab["widget"])
                self._put_in(tab["key"], None)
        self._opened()

    @observe("tab")
    def _opened(self, _change: Any = None) -> None:
        filled = {tab["key"] for tab in self.tabs if tab["widget"] is not None}
        if self.tab not in PLUGS or self.run is None or self.tab in filled:
            return
        try:
            self._put_in(self.tab, PLUGS[self.tab].make(self))
        except Exception as error:  # whatever a tab needs and lacks, the others stay
            self.message = f"{PLUGS[self.tab].title}: {error}"

    def _put_in(self, key: str, widget: Any) -> None:
        self.tabs = [{**tab, "widget": widget} if tab["key"] == key else tab for tab in self.tabs]
