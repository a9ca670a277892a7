"""Far film: a film of any length whose frames a browser asks for as it needs them.

One thread answers, the most urgent wish first: the frame on view, then sound, then the frames
around it, then the coarse strip. Of each kind only the last wish counts, so that scrubbing leaves
no queue behind.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

import numpy as np

from vtk_notebooks.clip import Clip
from vtk_notebooks.video import Film
from vtk_widgets._beside import Beside, Later
from vtk_widgets.parts.film import soundtrack
from vtk_widgets.parts.film.pictures import jpeg

URGENCY = ("frame", "sound", "stretch", "strip")
MOST_STRETCH_S = 4.0
STRIP = 48  # coarse pictures of a whole film
STRIP_WIDTH = 320
_AT_ONCE = 6  # of them before something more urgent may come between

Send = Callable[[dict[str, Any], list[bytes]], object]
Wish = dict[str, Any]


class _OvertakenError(Exception):
    """Something more urgent waits."""


class FarFilm:
    """Answers wishes for frames and sound of one film.

    Args:
        send: takes an answer and its buffers; called on the thread of the event loop.
    """

    def __init__(self, film: Film, max_width: int, send: Send) -> None:
        self.film, self.max_width, self._send = film, max_width, send
        self._wishes: dict[str, Wish] = {}
        self._lock, self._running, self._closed = Lock(), False, False
        self._beside = Beside("FarFilm")
        self._strip: dict[float, tuple[float, bytes]] = {}  # by the time that was asked for

    @property
    def strip_times_s(self) -> list[float]:
        """When the pictures of the coarse strip are looked for."""
        part_s = self.film.duration_s / STRIP
        return [number * part_s for number in range(STRIP)]

    def ask(self, wish: Wish) -> None:
        """Put a wish in the place of the last one of its kind; anything else is let go."""
        if wish.get("kind") not in URGENCY or self._closed:
            return
        with self._lock:
            self._wishes[wish["kind"]] = wish
            start, self._running = not self._running, True
        if start:
            self._beside.do(self._serve)

    def close(self) -> None:
        """Answer nothing more."""
        self._closed = True
        with self._lock:
            self._wishes.clear()
        self._beside.close()

    def strip(self) -> list[tuple[float, bytes]]:
        """All coarse pictures with their times; those already made are not made again."""
        for first in range(0, STRIP, _AT_ONCE):
            self._make_strip(self.strip_times_s[first : first + _AT_ONCE])
        return sorted(dict(self._strip.values()).items())

    def _serve(self, later: Later) -> None:
        while (wish := self._next()) is not None:
            try:
                self._answer(wish, later)
            except _OvertakenError:
                with self._lock:
                    self._wishes.setdefault(wish["kind"], wish)
            except Exception as error:  # whatever a file holds, the player stays
                text = f"{type(error).__name__}: {error}"
                later(self._tell, {"kind": "trouble", "of": wish["kind"], "text": text}, [])

    def _next(self) -> Wish | None:
        with self._lock:
            kind = next((kind for kind in URGENCY if kind in self._wishes), None)
            if kind is None or self._closed:
                self._running = False
                return None
            return self._wishes.pop(kind)

    def _answer(self, wish: Wish, later: Later) -> None:
        kind, last_s = wish["kind"], max(0.0, self.film.duration_s - 1e-3)
        if kind == "frame":
            time_s = min(last_s, max(0.0, float(wish["time_s"])))
            clip = self._sample([time_s], kind)
            span = {"from_s": float(clip.times_s[0]), "to_s": time_s}
            later(self._tell, {"kind": "frames", **span, **_times(clip)}, self._jpegs(clip))
        elif kind == "stretch":
            start_s = min(last_s, max(0.0, float(wish["start_s"])))
            end_s = min(last_s, float(wish["end_s"]), start_s + MOST_STRETCH_S)
            step_s = float(self.film.facts.period) / 2  # half a frame: none is stepped over
            asked = np.arange(start_s, max(end_s, start_s + step_s), step_s).tolist()
            clip = self._sample(asked, kind)
            span = {"from_s": start_s, "to_s": end_s}
            later(self._tell, {"kind": "frames", **span, **_times(clip)}, self._jpegs(clip))
        elif kind == "sound":
            number = int(wish["piece"])
            later(
                self._tell,
                {"kind": "sound", "piece": number},
                [soundtrack.piece(self.film, number)],
            )
        else:
            self._answer_strip(later)

    def _answer_strip(self, later: Later) -> None:
        spread = (
            np.arange(STRIP).reshape(-1, STRIP // _AT_ONCE).T.ravel()
        )  # all over the film first
        for first in range(0, STRIP, _AT_ONCE):
            asked = sorted(self.strip_times_s[i] for i in spread[first : first + _AT_ONCE])
            self._make_strip(asked, "strip")
            found = sorted({self._strip[time_s] for time_s in asked})
            times_s = [time_s for time_s, _ in found]
            later(self._tell, {"kind": "strip", "times_s": times_s}, [data for _, data in found])

    def _make_strip(self, asked: Sequence[float], kind: str | None = None) -> None:
        missing = [time_s for time_s in asked if time_s not in self._strip]
        if not missing:
            return
        clip = self._sample(missing, kind)
        for time_s in missing:
            at = int(np.searchsorted(clip.times_s, time_s + 1e-6, side="right")) - 1
            picture = jpeg(clip.frames[max(0, at)], STRIP_WIDTH, quality=75)
            self._strip[time_s] = (float(clip.times_s[max(0, at)]), picture)

    def _sample(self, times_s: list[float], kind: str | None) -> Clip:
        facts = self.film.facts
        width = STRIP_WIDTH if kind in (None, "strip") else self.max_width
        short = min(facts.width, facts.height)
        side = max(1, round(short * min(1.0, width / facts.width)))

        def check(_done: int, _total: int | None) -> None:
            if kind is not None and self._overtaken(kind):
                raise _OvertakenError

        return self.film.sample(times_s=times_s, short_side=side, progress=check)

    def _overtaken(self, kind: str) -> bool:
        """Whether something more urgent waits, or a newer wish of a kind that is long in coming."""
        more = URGENCY[: URGENCY.index(kind) + (kind == "stretch")]
        return self._closed or any(other in self._wishes for other in more)

    def _jpegs(self, clip: Clip) -> list[bytes]:
        return [jpeg(frame, self.max_width, quality=80) for frame in clip.frames]

    def _tell(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        if not self._closed:
            self._send(content, buffers)


def _times(clip: Clip) -> dict[str, list[float]]:
    return {"times_s": clip.times_s.tolist()}
