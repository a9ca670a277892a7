"""Error browser: how every question ended, for several models, and the film where it went wrong."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import numpy as np
from traitlets import Bool, Bytes, Dict, Float, Int, List, Unicode, observe

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import CancelledError, VtkError
from vtk_notebooks.models.steps import Progress
from vtk_notebooks.moment import Moment
from vtk_notebooks.video import open_clip
from vtk_widgets._assets import css, esm
from vtk_widgets._working import Working
from vtk_widgets.parts.film.pictures import jpeg
from vtk_widgets.selection import SAID, Linked, Selection

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

    from vtk_notebooks.scoring import Asked

FRAMES, MARGIN = 8, 0.25  # of the strip; part of the stretch that is shown on either side of it

Films = Callable[[str], Any] | Mapping[str, Any]
"""From a film's id to its file, or to a clip."""
OnOpen = Callable[[dict[str, Any], Clip | None], None]
"""Told the question that was opened and the frames around it (None where no film is known)."""


class ErrorBrowser(Linked, Working):
    """Questions one by one: charts to filter by, a table to sort, and the film at the place.

    A click on a bar shows only those questions; a click on a row selects its true moment for all
    linked widgets, and is `query` in Python. Keys in the table: arrows, page up and down, Home,
    End; Enter opens.
    """

    _esm = esm(__file__)
    _css = css(__file__)

    queries = Bytes(b"{}", help="UTF-8 JSON: ids, films, texts, each of q strings").tag(sync=True)
    models = List(Unicode(), help="their names").tag(sync=True)
    numbers = List(
        Bytes(), help="per model float32 (q, 5): answer start, end, truth start, end in s, IoU"
    ).tag(sync=True)
    ends = List(Bytes(), help="per model uint8 (q): a number into `end_names`").tag(sync=True)
    lengths = List(Bytes(), help="per model uint8 (q): a number into `length_names`").tag(sync=True)
    end_names = List(Unicode(), help="from best to worst").tag(sync=True)
    length_names = List(Unicode(), help="lengths of true moments").tag(sync=True)
    threshold = Float(0.5, help="of IoU, from which on an answer is a hit").tag(sync=True)
    model_index = Int(0, help="model whose ends the table shows and filters by").tag(**SAID)
    end = Int(-1, help="only questions that ended so; -1 for all").tag(**SAID)
    length = Int(-1, help="only true moments of that length; -1 for all").tag(**SAID)
    tenth = Int(-1, help="only IoU in that tenth, from 0; -1 for all").tag(**SAID)
    search = Unicode("", help="words that query, film or id hold").tag(**SAID)
    sort = Unicode("iou", help="a column of the table; with '-' before it the other way").tag(
        **SAID
    )
    chosen = Int(-1, help="number of the question that is open; -1 where none").tag(**SAID)
    live = Bool(False, help="whether films can be opened").tag(sync=True)
    strip = List(Bytes(), help="JPEG frames of the open question's stretch").tag(sync=True)
    strip_of = Dict(help="chosen, start_s, end_s, times_s of the strip").tag(sync=True)

    asked: "Asked | None" = None
    """What is on show, for Python."""
    _film: Films | None = None
    _on_open: OnOpen | None = None

    @classmethod
    def of(
        cls,
        predictions: Any,
        truths: Any = None,
        film: Films | None = None,
        selection: Selection | None = None,
        *,
        cuts_s: Mapping[str, Sequence[float]] | None = None,
        on_open: OnOpen | None = None,
    ) -> "ErrorBrowser":
        """Show how answers ended.

        Args:
            predictions: a report of a scorer, or several by name; a sweep; an `Asked`; or a file,
                samples, or lists of moments with `truths` beside, of one model or by its name.
            truths: the questions, as a file, samples, or lists of moments.
            film: from a film's id to its file or a clip, as a mapping or a function.
            selection: shared with the widgets that shall move along.
            cuts_s: when new shots begin in a film, by its id, as `video.find_cuts` gives them: an
                answer that shares no shot with the truth is then in the wrong scene.
            on_open: told the question that is opened and the frames around it, so that a linked
                player or timeline can be given them.
        """
        from vtk_notebooks.scoring import ENDS, SCENE_ENDS, ends

        shown = _asked(predictions, truths)
        cuts = None if cuts_s is None else [cuts_s.get(film_id, ()) for film_id in shown.films]
        tables = shown.tables
        texts = {"ids": shown.ids, "films": shown.films, "texts": shown.texts}
        first = next(iter(tables.values()))
        widget = cls(
            queries=json.dumps(texts, ensure_ascii=False).encode(),
            models=list(tables),
            numbers=[
                np.hstack([t.answers_s, t.truths_s, t.iou[:, None]]).astype("<f4").tobytes()
                for t in tables.values()
            ],
            ends=[ends(t, cuts).astype(np.uint8).tobytes() for t in tables.values()],
            lengths=[t.bin.astype(np.uint8).tobytes() for t in tables.values()],
            end_names=list(ENDS if cuts is None else SCENE_ENDS),
            length_names=list(first.bins),
            threshold=first.threshold,
            live=film is not None,
            **({} if selection is None else {"selection": selection}),
        )
        widget.asked, widget._film, widget._on_open = shown, film, on_open
        return widget

    @property
    def query(self) -> dict[str, Any] | None:
        """The question that is open: id, film, text, model, end, iou, answer, truth."""
        return None if self.chosen < 0 else self.row(self.chosen)

    def row(self, number: int) -> dict[str, Any]:
        """Any question by its number, as the current model answered it."""
        if self.asked is None or not 0 <= number < len(self.asked):
            many = 0 if self.asked is None else len(self.asked)
            raise VtkError("ErrorBrowser.row", f"a number below {many}", number)
        model = self.models[self.model_index]
        table = self.asked.tables[model]
        return {
            "id": self.asked.ids[number],
            "film": self.asked.films[number],
            "text": self.asked.texts[number],
            "model": model,
            "end": self.end_names[self.ends[self.model_index][number]],
            "iou": float(table.iou[number]),
            "answer": _moment(table.answers_s[number]),
            "truth": _moment(table.truths_s[number]),
        }

    @observe("chosen")
    def _opened(self, change: Any) -> None:
        """Fetch the frames of the stretch; whatever goes wrong is shown, never raised."""
        self.cancel()
        if self.asked is None or not 0 <= change.new < len(self.asked):
            return
        true = np.frombuffer(self.numbers[self.model_index], "<f4").reshape(-1, 5)[change.new, 2:4]
        span = (float(true[0]), float(true[1]))
        if 0 <= span[0] < span[1]:  # the browser has said the same, if it was a click
            self.selection.moment, self.selection.time_s = span, span[0]
        number, query, film, tell = change.new, self.row(change.new), self._film, self._on_open
        if film is None and tell is None:
            return

        def work(progress: Progress, stop: Event) -> Clip | None:
            return None if film is None else _around(query, film, progress, stop)

        def then(clip: Clip | None) -> None:
            if clip is not None:
                start_s, end_s = _stretch(query, clip.duration_s)
                place = {"chosen": number, "start_s": start_s, "end_s": end_s}
                self.strip = [jpeg(frame, 160) for frame in clip.frames]
                self.strip_of = place | {"times_s": clip.times_s.tolist()}
            if tell is not None:
                tell(query, clip)

        self.begin(work, then, f"opening {query['film']}")

    def figure(self, **size: Any) -> "Figure":
        """For a paper: the current model's misses, or how all models' questions ended."""
        from vtk_notebooks import figures

        if self.asked is None:
            raise VtkError("ErrorBrowser.figure", "questions", "none", "Make it with of(...).")
        several = getattr(figures, "error_breakdown", None)
        if len(self.models) > 1 and several is not None:
            return several(self.asked.tables, **size)
        return figures.misses(self.asked.tables[self.models[self.model_index]], **size)

    def snapshot(self) -> "Image | None":
        """The misses of the current model."""
        from io import BytesIO

        from PIL import Image

        from vtk_notebooks import figures

        if self.asked is None:
            return None
        out = BytesIO()
        table = self.asked.tables[self.models[self.model_index]]
        figures.misses(table, width_mm=120.0).savefig(out, format="png", dpi=130)
        return Image.open(out)

    def static_state(self) -> dict[str, Any]:
        """Filters and the table need no kernel; films do."""
        return {"live": False, "busy": False, "step": "", "part": -1.0, "message": ""}

    def __repr__(self) -> str:
        many = 0 if self.asked is None else len(self.asked)
        return f"ErrorBrowser({many} questions, {' | '.join(self.models)})"


def _asked(predictions: Any, truths: Any) -> "Asked":
    """Whatever holds answers, as questions with answers."""
    from vtk_notebooks.scoring import Asked, Report, asked, asked_in
    from vtk_notebooks.sweep import Sweep, asked_by

    if isinstance(predictions, Asked):
        return predictions
    if isinstance(predictions, Sweep):
        return asked_by(predictions)
    reports = predictions if isinstance(predictions, Mapping) else {"": predictions}
    if reports and all(isinstance(r, Report) for r in reports.values()):
        return asked_in(reports)
    if truths is None:
        hint = "Give truths=..., or a report, or a sweep."
        raise VtkError("ErrorBrowser.of", "truths beside predictions", None, hint)
    return asked(predictions, truths)


def _moment(span: Any) -> Moment | None:
    start_s, end_s = map(float, span)
    return Moment(start_s, end_s) if 0 <= start_s < end_s < float("inf") else None


def _stretch(query: dict[str, Any], duration_s: float) -> tuple[float, float]:
    """What of the film to show: truth and answer, and a little around them."""
    there = [m for m in (query["truth"], query["answer"]) if m is not None]
    start_s, end_s = min(m.start_s for m in there), max(m.end_s for m in there)
    margin_s = MARGIN * (end_s - start_s)
    return max(0.0, min(start_s - margin_s, duration_s)), min(duration_s, end_s + margin_s)


def _around(query: dict[str, Any], film: Films, progress: Progress, stop: Event) -> Clip:
    """The frames of the question's stretch."""
    try:
        found = film(query["film"]) if callable(film) else film[query["film"]]
    except KeyError:
        hint = "film= is a mapping or a function from a film's id to its file."
        raise VtkError("ErrorBrowser", f"a film for {query['film']!r}", "none", hint) from None
    if isinstance(found, Clip):
        start_s, end_s = _stretch(query, found.duration_s)
        wanted = np.linspace(start_s, end_s, FRAMES, endpoint=False)
        rows = np.unique(np.searchsorted(found.times_s, wanted + 1e-6, side="right") - 1)
        rows = rows[rows >= 0] if (rows >= 0).any() else np.array([0])
        return Clip(found.frames[rows], found.times_s[rows], found.origin)

    def told(done: int, total: int | None) -> None:
        if stop.is_set():
            raise CancelledError("ErrorBrowser", "to finish", "a stop while decoding")
        progress("decoding", done, total)

    with open_clip(Path(found) if isinstance(found, str) else found) as opened:
        start_s, end_s = _stretch(query, opened.duration_s)
        wanted = np.linspace(start_s, end_s, FRAMES, endpoint=False).tolist()
        return opened.sample(times_s=wanted, short_side=180, progress=told)
