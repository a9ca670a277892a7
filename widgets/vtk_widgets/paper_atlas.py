"""Paper atlas: every published system of the atlas as a map, its idea, its code and its demo."""

import inspect
import json
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from traitlets import Bool, Bytes, Dict, Enum, Int, Unicode, observe

from vtk_notebooks import papers
from vtk_notebooks.errors import CancelledError, VtkError
from vtk_notebooks.models.steps import Progress
from vtk_notebooks.store import Store
from vtk_widgets._assets import css, esm
from vtk_widgets._working import Working
from vtk_widgets.selection import SAID

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

FILM, QUESTION = "bikes", "a person riding a bicycle"
ORDERS = ("family", "year", "name")


class PaperAtlas(Working):
    """The systems of the atlas: what works here at a glance, and each one's idea, code and demo.

    A tile is a system, its column its year; filled means that it works here. What a demo gave is
    `result` in Python: a `Demo` with its numbers and, mostly, the run behind them.

    Keys: arrows walk the tiles, Enter opens one, "/" searches, Escape closes.
    """

    _esm = esm(__file__)
    _css = css(__file__)

    systems = Bytes(b"[]", help="UTF-8 JSON: papers.atlas(), bibtex, file").tag(sync=True)
    family = Unicode("", help="only systems of this family; '' for all").tag(**SAID)
    status = Enum(["", "working", "planned"], "", help="only these; '' for all").tag(**SAID)
    search = Unicode("", help="words that name, title, idea, arXiv id, year hold").tag(**SAID)
    order = Enum(list(ORDERS), "family", help="of the cards").tag(**SAID)
    key = Unicode("", help="system that is open; '' where none").tag(**SAID)
    film = Unicode(FILM, help="a video file or a gallery film, for demos").tag(**SAID)
    question = Unicode(QUESTION, help="what demos look for").tag(**SAID)
    live = Bool(True, help="whether a kernel can run demos and read code").tag(sync=True)
    outcome = Dict(help="of the last demo: key, film, question, seconds, numbers").tag(sync=True)
    picture = Bytes(help="PNG of the last demo's run; empty where it has none").tag(sync=True)
    code = Dict(help="of one system: key, text").tag(sync=True)
    runs = Int(0, help="counted up by the browser to run the open system's demo").tag(sync=True)
    reads = Int(0, help="counted up by the browser to read the open system's code").tag(sync=True)

    result: papers.Demo | None = None
    """What the last demo gave."""
    _store: Store | None = None

    @classmethod
    def of(
        cls,
        film: object = None,
        question: str | None = None,
        store: Store | None = None,
        *,
        key: str = "",
    ) -> "PaperAtlas":
        """The whole atlas.

        Args:
            film: a video file, or the name of a gallery film, that demos run on.
            question: what they look for.
            store: where encoded films are remembered, so that the next demo need not encode again.
            key: of the system to open at first.
        """
        if film is not None and not isinstance(film, str | Path):
            hint = "Demos open the film themselves, each at its own size."
            raise VtkError("PaperAtlas.of", "a path or the name of a film", type(film), hint)
        if key:
            papers.paper(key)
        widget = cls(
            systems=json.dumps([_row(r) for r in papers.atlas()], ensure_ascii=False).encode(),
            film=FILM if film is None else str(film),
            question=QUESTION if question is None else question,
            key=key,
        )
        widget._store = store
        return widget

    def run(self, key: str = "") -> None:
        """Run a system's demo on the film; by default that of the open one."""
        self.key = key = papers.paper(key or self.key).key
        film, question, store = self.film, self.question, self._store

        def work(progress: Progress, stop: Event) -> papers.Demo:
            def told(step: str, done: int, total: int | None) -> None:
                if stop.is_set():
                    raise CancelledError("atlas", "to finish", f"a stop at {step!r}")
                progress(step, done, total)

            told(f"{key}: on {Path(film).name}", 0, None)
            return papers.run_demo(key, film, question, store=store, progress=told)

        def then(demo: papers.Demo) -> None:
            self.result = demo
            told = {"key": key, "film": film, "question": question, "seconds": demo.seconds}
            self.picture = b"" if demo.run is None else _picture(demo)
            self.outcome = told | {"numbers": [[n, f"{v:.6g}"] for n, v in demo.numbers.items()]}

        self.begin(work, then, f"{key}: starting")

    @observe("key")
    def _other_opened(self, _change: Any) -> None:
        if not self.busy:
            self.message = ""  # it was about the one before

    @observe("runs")
    def _run_asked(self, _change: Any) -> None:
        try:
            self.run()
        except VtkError as error:
            self.message = str(error)

    @observe("reads")
    def _code_asked(self, _change: Any) -> None:
        file = papers.paper_file(self.key)
        if file is None:
            self.message = f"{self.key} has no code yet."
        else:
            self.code = {"key": self.key, "text": inspect.getsource(file)}

    def figure(self, **size: Any) -> "Figure":
        """The map for a paper: a tile per system, families as rows, years as columns."""
        from vtk_notebooks.figures import atlas_map

        return atlas_map(papers.atlas(), **size)

    def snapshot(self) -> "Image | None":
        """The map."""
        from io import BytesIO

        from PIL import Image

        if self.systems == b"[]":
            return None
        out = BytesIO()
        self.figure().savefig(out, format="png", dpi=140)
        return Image.open(out)

    def static_state(self) -> dict[str, Any]:
        """Without a kernel nothing runs; a demo that was run stays on show."""
        idle = {"busy": False, "step": "", "part": -1.0, "message": "", "runs": 0, "reads": 0}
        return idle | {"live": False}

    def __repr__(self) -> str:
        rows = json.loads(self.systems)
        done = sum(row["status"] == "working" for row in rows)
        opened = f", {self.key!r} open" if self.key else ""
        return f"PaperAtlas({len(rows)} systems, {done} working{opened})"


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """A system as the browser shows it: also how to cite it, and where its code lies."""
    file = papers.paper_file(row["key"])
    path = "" if file is None else f"{file.__name__.replace('.', '/')}.py"
    return row | {"bibtex": papers.paper(row["key"]).bibtex(), "file": path}


def _picture(demo: papers.Demo) -> bytes:
    """What became of the tokens, as a PNG for the screen."""
    from io import BytesIO

    from vtk_notebooks.figures import keep_map

    if demo.run is None:
        return b""
    out = BytesIO()
    figure = keep_map(demo.run, width_mm=160.0)
    figure.savefig(out, format="png", dpi=150, metadata={"Software": None})
    return out.getvalue()
