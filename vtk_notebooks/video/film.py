"""Film: a film that was looked at but not read; frames come when they are asked for."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import DecodeError, VtkError
from vtk_notebooks.video import ask, backends
from vtk_notebooks.video.facts import Facts, Picture, Real
from vtk_notebooks.video.job import Job
from vtk_notebooks.video.sound import Waveform
from vtk_notebooks.video.source import Source, as_source
from vtk_notebooks.video.trouble import Trouble, tell

Progress = Callable[[int, int | None], object]
"""Called with what is done and, where it is known, what there is to do."""


def open_clip(source: Any, *, backend: str = "auto") -> "Film":
    """A film, ready to be sampled; what cannot be shown raises `DecodeError`.

    Args:
        source: a path, an open binary file, or bytes. An open file stays yours to close, and is
            read again by every operation.
        backend: "auto", or a name in `vtk_notebooks.video.backends.BACKENDS`.
    """
    from vtk_notebooks.video.probe import probe

    name, found = backends.known(backend), as_source(source)
    return Film(found, probe(found), name)


class Film:
    """Pictures and sound of one film, on one clock: seconds since the container's own start.

    Times are presentation times, never number / rate; a picture track that starts late starts late
    here too. Every method opens the file and closes it again, so that an interrupted one leaves no
    handle behind; `close` (or `with`) only says that you are done.
    """

    def __init__(self, source: Source, facts: Facts, backend: str) -> None:
        self.source, self.facts, self._backend = source, facts, backend
        self._warnings: list[str] = []
        self._closed = False
        if not facts.whole:
            self._say(
                f"{source.name!r} says it lasts {facts.declared_s:.2f} s, but its pictures end at "
                f"{facts.duration_s:.2f} s: it was cut off, or its header is wrong. We use what "
                "is there."
            )

    def __enter__(self) -> "Film":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        f = self.facts
        size = f"{f.width} x {f.height}"
        return f"Film({self.source.name!r}, {f.duration_s:.2f} s, {size}, {f.codec})"

    def close(self) -> None:
        """Refuse to be used from now on."""
        self._closed = True

    @property
    def duration_s(self) -> float:
        """Up to the end of the last picture."""
        return self.facts.duration_s

    @property
    def warnings(self) -> tuple[str, ...]:
        """What turned out to be cut off or damaged so far."""
        return tuple(self._warnings)

    @cached_property
    def origin(self) -> Origin:
        """What a figure must say of this film."""
        f = self.facts
        return Origin(
            name=self.source.name,
            duration_s=f.duration_s,
            frame_rate_hz=float(1 / f.period),
            width=f.width,
            height=f.height,
            rotation_deg=f.upright.rotation_deg,
            codec=f.codec,
            backend=self._backend,
            sha256=self.source.sha256(),
            has_audio=f.has_audio,
            path=str(self.source.path or ""),
        )

    @cached_property
    def keyframe_times_s(self) -> tuple[float, ...]:
        """When the frames that can be decoded on their own are shown."""
        from vtk_notebooks.video.container import keyframe_times_s

        self._check_open()
        return keyframe_times_s(self.source, self.facts)

    def sample(
        self,
        count: int | None = None,
        *,
        rate_hz: Real | None = None,
        times_s: Iterable[Real] | None = None,
        keyframes: bool = False,
        short_side: int | None = None,
        progress: Progress | None = None,
    ) -> Clip:
        """The frames that a viewer sees at the asked times, each once, with their own times.

        Say in exactly one way when to look: `count`, `rate_hz`, `times_s` or `keyframes`.

        Args:
            count: look at the starts of that many equal bins.
            rate_hz: look so often a second.
            times_s: look then.
            keyframes: look when key frames are shown.
            short_side: reduce frames to that many pixels on their shorter side.
            progress: called often; what it raises ends the decoding.
        """
        self._check_open()
        times = self._times(count, rate_hz, times_s, keyframes)
        report = progress or _ignore
        job = self._job(times, short_side, lambda: report(len(found.times_s), len(times)))
        most = math.ceil(self.duration_s / float(self.facts.period)) + 1  # or so
        found = _Found(min(most, len(times)), job.size)
        name = backends.choose(self._backend, job)
        for time_s, picture in backends.backend(name)(job):
            found.add(time_s, picture)
        self._say_trouble(job.trouble)
        report(len(times), len(times))
        return found.clip(replace(self.origin, backend=name))

    def frames(self, short_side: int | None = None) -> Iterator[tuple[float, Picture]]:
        """Every frame with its time, one after the other, in constant memory."""
        self._check_open()
        return self._frames(short_side)

    def audio(self, rate_hz: int = 16000) -> Waveform:
        """The first sound track, mixed down to mono."""
        from vtk_notebooks.video.listen import listen

        self._check_open()
        trouble = Trouble(self.source.name)
        waveform = listen(self.source, self.facts, rate_hz, trouble)
        self._say_trouble(trouble)
        return waveform

    def _frames(self, short_side: int | None) -> Iterator[tuple[float, Picture]]:
        job = self._job((), short_side, self._check_open)
        yield from backends.backend("linear")(job)
        self._say_trouble(job.trouble)

    def _job(
        self, times_s: tuple[float, ...], short_side: int | None, step: Callable[[], object]
    ) -> Job:
        if short_side is not None and (not isinstance(short_side, int) or short_side < 1):
            raise VtkError("short_side", "pixels above 0", repr(short_side), "Try short_side=224.")
        size = self.facts.fit(short_side)
        return Job(self.source, self.facts, times_s, size, Trouble(self.source.name), step)

    def _times(
        self,
        count: int | None,
        rate_hz: Real | None,
        times_s: Iterable[Real] | None,
        keyframes: bool,
    ) -> tuple[float, ...]:
        ways = [count is not None, rate_hz is not None, times_s is not None, keyframes]
        if sum(ways) != 1:
            expected = "exactly one of count, rate_hz, times_s and keyframes"
            raise VtkError("sample", expected, f"{sum(ways)} of them", "Try sample(count=8).")
        if count is not None:
            return ask.by_count(count, self.duration_s)
        if rate_hz is not None:
            return ask.by_rate(rate_hz, self.duration_s)
        return ask.by_times(self.keyframe_times_s if times_s is None else times_s, self.duration_s)

    def _check_open(self) -> None:
        if self._closed:
            hint = "Open it again with open_clip."
            raise DecodeError("Film", "an open film", f"{self.source.name!r}, closed", hint)

    def _say(self, text: str) -> None:
        if text not in self._warnings:
            self._warnings.append(text)
            tell(text)

    def _say_trouble(self, trouble: Trouble) -> None:
        if trouble:
            self._say(trouble.text)


def _ignore(done: int, total: int | None) -> None:
    pass


class _Found:
    """Frames as they come in, in one array that grows in place: films do not fit twice."""

    def __init__(self, room: int, size: tuple[int, int]) -> None:
        width, height = size
        self.times_s: list[float] = []
        self._frames = np.empty((room, height, width, 3), np.uint8)  # not touched, not yet there

    def add(self, time_s: float, picture: Picture) -> None:
        if len(self.times_s) == len(self._frames):
            self._frames.resize((2 * len(self._frames), *picture.shape), refcheck=False)
        self._frames[len(self.times_s)] = picture
        self.times_s.append(time_s)

    def clip(self, origin: Origin) -> Clip:
        self._frames.resize((len(self.times_s), *self._frames.shape[1:]), refcheck=False)
        return Clip(self._frames, np.array(self.times_s), origin)
