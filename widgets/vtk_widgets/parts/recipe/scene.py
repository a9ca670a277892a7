"""Scene: one run on the workbench: how it is made, what is said of it, what is exported of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np

from vtk_notebooks.atomic import replacing
from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import CancelledError, VtkError
from vtk_notebooks.models.steps import Progress
from vtk_notebooks.moment import Moment
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import Run, run
from vtk_notebooks.store import Store
from vtk_notebooks.sweep import Sweep
from vtk_notebooks.sweep.changed import changed
from vtk_notebooks.sweep.report import FORMS, summary_in
from vtk_notebooks.video import gallery_films, open_clip
from vtk_widgets.parts.film.pictures import frames_at, jpeg
from vtk_widgets.selection import Selection

QUESTIONS = {
    "bikes": "a person riding a bicycle",
    "bigbuckbunny": "a rabbit",
    "carphone": "a man in a car",
}
_WATCHED_HZ, _WATCHED_MOST, _WATCHED_SIDE = 12.5, 400, 200
_SHOWN, _SHOWN_WIDTH = 12, 144
_ENDINGS = {"latex": "tex", "csv": "csv", "markdown": "md"}


@dataclass(frozen=True)
class Scene:
    """A run, and the film around it.

    Args:
        name: of the film, for people.
        source: of the film: a path or a clip.
        watched: more of its frames than the model saw, to play.
        run: what the recipe made of it.
    """

    name: str
    source: Any
    watched: Clip
    run: Run


class Scenes:
    """Makes scenes; the frames of the last film are remembered."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._of: tuple[Any, int, int] | None = None
        self._clip: Clip | None = None
        self._watched: tuple[Any, Clip] | None = None

    def work(self, film: Any, question: str, recipe: Recipe) -> Callable[[Progress, Event], Scene]:
        """A scene as a piece of work that can be stopped between any two steps."""

        def answered(progress: Progress, stop: Event) -> Scene:
            def told(step: str, done: int, total: int | None) -> None:
                if stop.is_set():
                    raise CancelledError("Workbench", "to finish", "a stop")
                progress(step, done, total)

            return self.scene(film, question, recipe, told)

        return answered

    def scene(self, film: Any, question: str, recipe: Recipe, progress: Progress) -> Scene:
        """One run; stages that the store knows are not computed again."""
        if isinstance(film, Clip):
            done = run(recipe, film, question, store=self._store, progress=progress)
            return Scene(film.origin.name, film, film, done)
        path = film_path(film)
        self._open(path, recipe, progress)
        assert self._clip is not None and self._watched is not None  # noqa: PT018, S101
        done = run(recipe, self._clip, question, store=self._store, progress=progress)
        return Scene(str(film), path, self._watched[1], done)

    def _open(self, path: Path, recipe: Recipe, progress: Progress) -> None:
        wanted = path, recipe.frames, recipe.short_side
        same_film = self._watched is not None and self._watched[0] == path
        if wanted == self._of and same_film:
            return
        with open_clip(path) as film:
            self._clip = film.sample(
                recipe.frames,
                short_side=recipe.short_side,
                progress=lambda done, total: progress("looking at the film", done, total),
            )
            self._of = wanted
            if not same_film:
                rate_hz = min(_WATCHED_HZ, _WATCHED_MOST / max(film.duration_s, 1e-3))
                watched = film.sample(
                    rate_hz=rate_hz,
                    short_side=_WATCHED_SIDE,
                    progress=lambda done, total: progress("making the player's copy", done, total),
                )
                self._watched = path, watched


def film_path(film: str) -> Path:
    """Where a film lies: one of the gallery by its name, or a file."""
    try:
        found = gallery_films().get(film)
    except VtkError:
        found = None
    path = found or Path(film).expanduser()
    if not path.is_file():
        hint = "Type the path of a film, or pick one of the gallery."
        raise VtkError("Workbench", "a film", f"no file {film!r}", hint)
    return path


def gallery() -> list[dict[str, str]]:
    """Films that can be picked, each with something to ask; none where they are not installed."""
    try:
        return [{"name": name, "question": asked(name)} for name in gallery_films()]
    except VtkError:
        return []


def asked(film: str) -> str:
    """A question to begin with."""
    return QUESTIONS.get(film, "a person")


def squeezes(done: Run) -> bool:
    """Whether its last stage is a compressor, so that it has a budget."""
    return bool(done.recipe.stages) and done.recipe.stages[-1].kind == "compressor"


def part_of(done: Run, by: float) -> float:
    """So many times the part of its tokens that a run kept, as its recipe says it."""
    stages = done.recipe.stages
    said = getattr(stages[-1].build(), "keep", 0.0) if stages else 0.0
    part = said or len(done.tokens) / len(done.stages[0].tokens)
    return min(1.0, float(f"{part * by:.4g}"))


def look_at(selection: Selection, done: Run) -> None:
    """Another film or question: the selection begins at the answer."""
    best = done.moments[0] if done.moments else None
    with selection.hold_sync():
        selection.playing, selection.pinned, selection.token = False, False, -1
        selection.cell, selection.window = (-1, -1, -1), ()
        selection.time_s = best.start_s if best else 0.0
        selection.moment = (best.start_s, best.end_s) if best else ()


def answer(done: Run) -> tuple[dict[str, Any], list[bytes]]:
    """The best moment, and the frames that it came from with their pictures."""
    count = {"tokens": len(done.tokens), "before": len(done.stages[0].tokens)}
    said = {**count, "seen": len(done.clip), "squeezes": squeezes(done), "frames": []}
    if not done.moments:
        return {**said, "text": "no moment found", "moment": None}, []
    best = done.moments[0]
    times_s = done.tokens.times_s.double().numpy()
    inside = np.flatnonzero((times_s >= best.start_s - 1e-6) & (times_s < best.end_s - 1e-6))
    shown = inside[np.linspace(0, len(inside) - 1, min(_SHOWN, len(inside))).round().astype(int)]
    pictures = frames_at(done.clip, times_s[shown])
    frames = [
        {"number": int(i) + 1, "time_s": float(times_s[t]), "saliency": _finite(done.saliency[t])}
        for t, i in zip(shown, pictures, strict=True)
    ]
    moment = {"start_s": best.start_s, "end_s": best.end_s, "score": best.score}
    text = f"{best.start_s:.2f} to {best.end_s:.2f} s"
    more = {"text": text, "moment": moment, "symbols": done.symbols, "inside": len(inside)}
    jpegs = [jpeg(done.clip.frames[i], _SHOWN_WIDTH) for i in pictures]
    return {**said, **more, "frames": frames}, jpegs


def change(before: Run | None, now: Run) -> dict[str, Any]:
    """What the last change of the recipe did; {} where there was none."""
    if before is None:
        return {}
    it = changed(before, now)
    ends = [
        {"start_s": m.start_s, "end_s": m.end_s, "score": m.score} if m else None for m in it.best
    ]
    places = [[place, str(a), str(b)] for place, (a, b) in it.places.items()]
    return {
        "labels": [before.label, now.label],
        "tokens": list(it.tokens),
        "best": ends,
        "overlap": _finite(it.overlap),
        "score": _finite(it.score),
        "places": places[:6],
    }


def export(
    runs: Sequence[Run], truth: Sequence[Moment], sweep: Sweep | None, folder: Path
) -> list[Path]:
    """Figures with their provenance, and the table; the files, figures first."""
    from vtk_notebooks import figures

    now = runs[-1]
    stem = "".join(c if c.isalnum() else "_" for c in Path(now.clip.origin.name).stem)[:60]
    drawn = {
        "tokens": figures.keep_map(list(runs)),
        "timeline": figures.timeline(list(runs), list(truth)),
    }
    paths = [
        figures.save(
            fig, folder / f"{stem}_{name}.pdf", runs=list(runs), command="Workbench.export"
        )
        for name, fig in drawn.items()
    ]
    texts = {form: summary_in(sweep, form) for form in FORMS} if sweep is not None else {}
    for form, text in texts.items():
        path = folder / f"{stem}_table.{_ENDINGS[form]}"
        with replacing(path) as part:
            part.write_text(text, encoding="utf-8", newline="\n")
        paths.append(path)
    return paths


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(float(value)) else None
