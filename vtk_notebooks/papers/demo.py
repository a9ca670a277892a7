"""Demos: a paper's mechanism, run on a real film, as numbers and a picture."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vtk_notebooks.errors import VtkError
from vtk_notebooks.papers.status import missing, paper_file, status_of, working

if TYPE_CHECKING:
    from vtk_notebooks.moment import Moment
    from vtk_notebooks.protocols import TimeCodec
    from vtk_notebooks.runs import Progress, Run
    from vtk_notebooks.store import Store


@dataclass(frozen=True)
class Demo:
    """What a paper's mechanism did to one film.

    Args:
        numbers: by name, with the unit at the end of the name.
        run: that a figure can be drawn from; None where there is none.
        seconds: wall time of the whole demo.
        figure: the file drawn, None where none was.
    """

    numbers: dict[str, float]
    run: "Run | None" = None
    seconds: float = 0.0
    figure: Path | None = None

    def as_dict(self) -> dict[str, Any]:
        """Seconds, numbers and the figure's path, plain, as `atlas run --json` prints them."""
        figure = None if self.figure is None else str(self.figure)
        return {"seconds": self.seconds, "numbers": dict(self.numbers), "figure": figure}


def run_demo(
    key: str,
    film: str | Path = "bikes",
    query: str = "a person riding a bicycle",
    *,
    out: str | Path | None = None,
    draw: "Callable[[Run, Path], Path] | None" = None,
    store: "Store | None" = None,
    progress: "Progress | None" = None,
) -> Demo:
    """A working paper's demo, timed; drawn to `out` where there is a way to draw it.

    Args:
        key: of a working paper.
        film: a video file, or the name of a gallery film.
        query: what to look for.
        out: folder for the figure.
        draw: writes a figure of a run to a path and gives the path. Figures live on a higher
            floor, so the caller brings one: `figures.save` of a `figures.timeline`, say.
        store: where encoded films are remembered.
        progress: told the steps of each run inside; whatever it raises ends the demo.
    """
    from vtk_notebooks.runs import unless_said

    file = paper_file(key)
    if file is None or status_of(key) != "working":
        hint = f"Missing: {', '.join(missing(key))}. Working: {', '.join(working()) or 'none'}."
        raise VtkError("run_demo", "a working paper", f"{key!r}, which is planned", hint)
    start_s = time.perf_counter()
    with unless_said(store, progress):
        demo = file.demo(_path(film), query)
    demo = replace(demo, seconds=time.perf_counter() - start_s)
    if out is None or draw is None or demo.run is None:
        return demo
    return replace(demo, figure=draw(demo.run, Path(out) / f"{key}.pdf"))


def demo_of(run: "Run", **more: float) -> Demo:
    """A demo that is one run: tokens, the best moment, the error of its time code, and `more`."""
    counts = {"tokens_before": run.stages[0].tokens, "tokens_after": run.tokens}
    numbers = {name: float(len(tokens)) for name, tokens in counts.items()}
    if run.moments:
        best = run.moments[0]
        numbers |= {"score": best.score, "start_s": best.start_s, "end_s": best.end_s}
    if run.recipe.timecodec is not None:
        codec = run.recipe.timecodec.build()
        numbers |= time_error(codec, run.moments, run.clip.duration_s)
    return Demo(numbers | more, run)


def time_error(
    codec: "TimeCodec", moments: "Iterable[Moment]", duration_s: float
) -> dict[str, float]:
    """How far the ends of moments move when they are written in a time code and read back.

    Also how far they could have moved. A time that cannot be read back counts as infinitely far.
    """
    errors_s = [0.0]
    for t_s in (t for m in moments for t in (m.start_s, m.end_s)):
        back_s = codec.decode(codec.encode(t_s, duration_s), duration_s)
        errors_s.append(float("inf") if back_s is None else abs(back_s - t_s))
    return {"time_error_s": max(errors_s), "time_error_bound_s": codec.max_error_s(duration_s)}


def _path(film: str | Path) -> Path:
    from vtk_notebooks.video import gallery_film

    path = Path(film)
    return path if path.exists() or path.suffix else gallery_film(str(film))
