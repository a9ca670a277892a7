"""Moment timeline: when it happens, when models say it happens, and how sure each frame is."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from torch import Tensor
from traitlets import Bool, Dict, Float, List, TraitError, Tuple, Unicode, validate

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_widgets._assets import css, esm
from vtk_widgets.parts.film.pictures import end_s
from vtk_widgets.parts.timeline.track import Track, plain
from vtk_widgets.selection import Linked, Selection

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image


@runtime_checkable
class Answered(Protocol):
    """The part of `vtk_notebooks.runs.Run` that this widget reads."""

    @property
    def clip(self) -> Clip: ...
    @property
    def label(self) -> str: ...
    @property
    def stages(self) -> Sequence[Any]: ...
    @property
    def query(self) -> Any: ...
    @property
    def moments(self) -> Sequence[Moment]: ...
    @property
    def saliency(self) -> Tensor: ...


Found = Answered | Sequence[Answered] | Mapping[str, Iterable[Moment]]
"""A run, several runs on one film, or moments by the name of the model that found them."""


class MomentTimeline(Linked):
    """Tracks of moments, curves and maps over one axis of seconds; a click or drag seeks.

    A drag with shift, or after "Select time", selects a window that every linked widget keeps to.
    "Edit" opens a track of your own: drag spans and their ends, double click for a new one, and
    read `edited` in the next cell or `export` it.

    Keys: left and right move a frame, Home and End jump, space plays, `[` and `]` start and end
    the window, z zooms to it, + and - zoom, 0 shows the whole film, Escape lets go. Tab walks the
    moments and Enter chooses one. On a span of your own: shift and an arrow moves its end, alt its
    start, both the whole; Delete removes it, F2 names it; n adds one, c copies the chosen moment,
    Ctrl+Z and Shift+Ctrl+Z go back and forth.
    """

    _esm = esm(__file__)
    _css = css(__file__)

    question = Unicode("", help="the query's text").tag(sync=True)
    film = Unicode("", help="what files of annotations call the film").tag(sync=True)
    tracks = List(Dict(), help="rows, top down: name, kind, role, and what they show").tag(
        sync=True
    )
    times_s = List(Float(), help="presentation time of each frame, rising").tag(sync=True)
    duration_s = Float(0.0, help="length of the axis").tag(sync=True)
    view = Tuple(default_value=(), help="(start_s, end_s) of the axis on show; () for all").tag(
        sync=True
    )
    editing = Bool(False, help="whether your own track can be changed").tag(sync=True)
    edits = List(Dict(), help="start_s, end_s, score, text of each span on your own track").tag(
        sync=True
    )

    _runs: tuple[Any, ...] = ()

    @classmethod
    def of(
        cls,
        found: Found,
        truth: Iterable[Moment] = (),
        selection: Selection | None = None,
        *,
        clip: Clip | None = None,
        tracks: Iterable[Track] = (),
        edit: Iterable[Moment] | None = None,
        question: str | None = None,
        film: str | None = None,
        duration_s: float | None = None,
    ) -> "MomentTimeline":
        """Show what was found.

        Args:
            found: a run, several runs on one film, or moments by the name of their model.
            truth: the moments that should have been found, where they are known.
            selection: shared with the widgets that shall move along.
            clip: for its frames' times, where `found` holds no run.
            tracks: shown below: shots, speech, text on screen, time tokens, anything.
            edit: spans that your own track begins with; even an empty list opens it.
            question: left out, the first run's.
            film: the film's id in exported files; left out, the clip's name.
            duration_s: of the film; left out, the clip's, or up to the last moment.
        """
        runs = _runs_of(found)
        models = found if isinstance(found, Mapping) else _named(runs)
        truth, clip = list(truth), clip or (runs[0].clip if runs else None)
        rows = [Track("truth", moments=truth, role="truth")] if truth else []
        for number, (name, moments) in enumerate(models.items()):
            rows.append(Track(name, moments=list(moments), role="prediction"))
            rows += [_saliency(run) for run in runs[number : number + 1]]
        rows += tracks
        length_s = _length_s(duration_s, clip, rows)
        times_s = _times_s(runs, clip)
        made = cls(
            question=(runs[0].query.text if runs else "") if question is None else question,
            film=(clip.origin.name if clip else "") if film is None else film,
            tracks=[row.plain(len(times_s)) for row in rows],
            times_s=times_s,
            duration_s=length_s,
            editing=edit is not None,
            edits=[plain(moment) for moment in edit or ()],
            **({} if selection is None else {"selection": selection}),
        )
        made._runs = tuple(runs)
        return made

    @property
    def edited(self) -> list[Moment]:
        """The spans on your own track, by the time at which they start."""
        return sorted(map(_moment, self.edits), key=lambda moment: moment.start_s)

    @property
    def truth(self) -> list[Moment]:
        """The true moments on show."""
        return [_moment(span) for track in self._of_role("truth") for span in track["moments"]]

    @property
    def moments(self) -> list[Moment]:
        """What the first model found, best first."""
        first = next(iter(self._of_role("prediction")), {"moments": []})
        return [_moment(span) for span in first["moments"]]

    def export(
        self,
        path: str | Path,
        format: str = "qvhighlights",
        moments: Iterable[Moment] | None = None,
    ) -> Path:
        """Write spans as an annotation file, whole or not at all; gives its path back.

        Args:
            path: of the file.
            format: "qvhighlights" or "charades_sta".
            moments: to write; left out, your own track.
        """
        from vtk_widgets.parts.timeline.annotations import save_moments

        chosen = self.edited if moments is None else list(moments)
        if not chosen:
            hint = "Mark some under Edit, or give moments=timeline.truth."
            raise VtkError("MomentTimeline.export", "one or more spans", "none", hint)
        about: dict[str, Any] = {"film": self.film, "question": self.question}
        return save_moments(chosen, path, format, duration_s=self.duration_s, **about)

    def figure(self, **how: Any) -> "Figure":
        """The timeline for a paper; `how` goes to `vtk_notebooks.figures`.

        With one or more runs it has their saliency and pictures; without, it is bars alone.
        """
        from vtk_notebooks import figures

        if self._runs:
            return figures.timeline(list(self._runs), self.truth, **how)
        models = {t["name"]: list(map(_moment, t["moments"])) for t in self._of_role("prediction")}
        draw = getattr(figures, "timelines", None)
        if draw is None:
            hint = "Give MomentTimeline.of the runs themselves."
            raise VtkError("MomentTimeline.figure", "runs", "moments alone", hint)
        return draw(models, self.truth, self.duration_s, **how)

    def snapshot(self) -> "Image | None":
        """The tracks of moments, without curves."""
        from vtk_widgets._snapshot import tracks

        return tracks(self._rows(), self.duration_s) if self.duration_s else None

    def __repr__(self) -> str:
        models = self._of_role("prediction")
        count = sum(len(track["moments"]) for track in models)
        best = self.moments[0] if self.moments else None
        said = f", best {best.start_s:.2f} to {best.end_s:.2f} s" if best else ""
        said = f" of {len(models)} models" if len(models) > 1 else said
        own = f", {len(self.edits)} of your own" if self.edits else ""
        return f"MomentTimeline({self.question!r}, {count} moments{said}{own})"

    def _of_role(self, role: str) -> list[dict[str, Any]]:
        return [track for track in self.tracks if track["role"] == role]

    def _rows(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Role and moments of each row that has moments."""
        own = [("own", self.edits)] if self.edits else []
        return own + [(t["role"], t["moments"]) for t in self.tracks if t["kind"] == "moments"]

    @validate("edits")
    def _check_edits(self, proposal: Any) -> list[dict[str, Any]]:
        try:
            return [plain(_moment(span)) for span in proposal.value]
        except (KeyError, TypeError, ValueError) as error:
            hint = "Give start_s, end_s, score and text."
            raise TraitError(f"MomentTimeline.edits: {error}. {hint}") from error

    @validate("view")
    def _check_view(self, proposal: Any) -> tuple[float, ...]:
        if not proposal.value:
            return ()
        try:
            start_s, stop_s = map(float, proposal.value)
            span = Moment(start_s, stop_s)
        except (TypeError, ValueError) as error:
            raise TraitError(f"MomentTimeline.view is (start_s, end_s) or (): {error}") from error
        return span.start_s, span.end_s


def _runs_of(found: Found) -> list[Answered]:
    if isinstance(found, Mapping):
        return []
    runs = [found] if isinstance(found, Answered) else list(found)
    wrong = next((one for one in runs if not isinstance(one, Answered)), None)
    if wrong is not None or not runs:
        expected, got = "runs, or moments by name", type(wrong).__name__ if runs else "none"
        raise VtkError("MomentTimeline.of", expected, got, "Try of({'mine': moments}).")
    if len({round(end_s(run.clip), 3) for run in runs}) > 1:
        hint = "Make a timeline for each film."
        raise VtkError("MomentTimeline.of", "runs of one film", "films of other lengths", hint)
    return runs


def _named(runs: Sequence[Answered]) -> dict[str, Iterable[Moment]]:
    """Moments by the name of their row; runs of one label are numbered."""
    if len(runs) == 1:
        return {"predicted": runs[0].moments}
    named: dict[str, Iterable[Moment]] = {}
    for run in runs:
        name, number = run.label, 2
        while name in named:
            name, number = f"{run.label} ({number})", number + 1
        named[name] = run.moments
    return named


def _saliency(run: Answered) -> Track:
    return Track("saliency", curve=run.saliency, times_s=run.stages[-1].tokens.times_s)


def _times_s(runs: Sequence[Answered], clip: Clip | None) -> list[float]:
    if runs:
        return runs[0].stages[-1].tokens.times_s.double().tolist()
    return [] if clip is None else clip.times_s.tolist()


def _length_s(duration_s: float | None, clip: Clip | None, rows: Sequence[Track]) -> float:
    if duration_s is not None:
        return float(duration_s)
    ends = [moment.end_s for row in rows for moment in row.moments or ()]
    return end_s(clip) if clip else float(max(ends, default=0.0))


def _moment(span: Mapping[str, Any]) -> Moment:
    if missing := {"start_s", "end_s"} - span.keys():
        raise KeyError(f"{', '.join(sorted(missing))} missing")
    start_s, stop_s, score = (float(span.get(k, 1.0)) for k in ("start_s", "end_s", "score"))
    return Moment(start_s, stop_s, score, str(span.get("text", "")))
