"""Needle insertion: foreign things put into any film, so that questions about them have a truth.

After "Needle In A Video Haystack: A Scalable Synthetic Framework for Benchmarking Video MLLMs"
(Zhao et al., 2024, arXiv:2406.09367). A picture or a clip is inserted between two frames, which
makes the film longer; a text is written onto the film's own frames, and with `patch` a picture is
pasted onto them, which leaves its length. What was put in is all that is asked about: which it was
(ret), in what order (ord), how often (cnt). The grid of lengths and depths is that of NIAVH, the
haystack of "VideoLLaMB: Long Video Understanding with Recurrent Memory Bridges" (Wang et al., 2024,
arXiv:2409.01071).

What follows: the ways to put something in, the three kinds of question with four choices, and one
second for a needle that has no length of its own, as in NIAVH. Depth 0 is the first frame, 1 the
last.
What could not be verified: how long needles last in VNBench, how large they are and where they lie;
here a picture is fitted into the frame with black bars, a text stands in a strip at the bottom, and
a patch in the upper right corner. The words of the questions are our own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, permutations
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, UInt8

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register
from vtk_notebooks.video.overlay import fitted, written

Frames = UInt8[np.ndarray, "t h w 3"]
Needle = str | np.ndarray | Clip
"""A text to write, a picture (y x 3) or a clip."""


@dataclass(frozen=True, repr=False)
class Haystack:
    """A film with needles.

    Args:
        clip: longer than the film by what was inserted.
        moments: when each needle is seen, in the order in which they were given, with its name.
    """

    clip: Clip
    moments: tuple[Moment, ...]

    def __repr__(self) -> str:
        told = ", ".join(f"{m.text!r} at {m.start_s:.2f}-{m.end_s:.2f} s" for m in self.moments)
        return f"Haystack({len(self.clip)} frames, {self.clip.duration_s:.2f} s: {told})"


@dataclass(frozen=True)
class _Inserted:
    """Frames for a gap of the film, and how long each is shown."""

    gap: int
    number: int
    frames: Frames
    stays_s: Float[np.ndarray, "t"]

    @property
    def length_s(self) -> float:
        return float(self.stays_s.sum())


@register(
    "curation",
    "needle_insertion",
    title="Needle in a haystack",
    paper="Needle In A Video Haystack: A Scalable Synthetic Framework for Benchmarking Video MLLMs",
    year=2024,
    arxiv="2406.09367",
    atlas=("video_niah",),
)
@dataclass(frozen=True)
class NeedleInsertion:
    """Puts needles into a film, each at its depth.

    Args:
        lasts_s: how long a text or a picture is seen; at the end of the film it may be less for
            what is drawn onto its frames.
        patch: 0 inserts pictures between frames; more pastes them onto frames instead, that part
            of a frame wide and high.
    """

    lasts_s: float = 1.0
    patch: float = 0.0

    def __post_init__(self) -> None:
        if not (self.lasts_s > 0 and 0 <= self.patch <= 1):
            raise VtkError("NeedleInsertion", "lasts_s above 0 and patch in 0..1", self)

    def __call__(
        self,
        clip: Clip,
        needles: Sequence[Needle],
        depths: Sequence[float | int],
        names: Sequence[str] = (),
    ) -> Haystack:
        """The film with all needles; those of one depth follow each other.

        Args:
            clip: of the film; not changed.
            needles: what to put in.
            depths: where, from 0 (the start of the film) to 1 (its end), whatever the others do.
            names: what the needles are, for the truth; a text is its own name.
        """
        names = names or [n if isinstance(n, str) else f"needle {i}" for i, n in enumerate(needles)]
        if not len(needles) == len(depths) == len(names) or not all(0 <= d <= 1 for d in depths):
            got = f"{len(needles)} needles, depths {list(depths)}, {len(names)} names"
            raise VtkError("NeedleInsertion", "a depth from 0 to 1 and a name for each", got)
        frames, spans, inserted = clip.frames.copy(), {}, list[_Inserted]()
        for number, (needle, depth) in enumerate(zip(needles, depths, strict=True)):
            if isinstance(needle, str) or (self.patch and isinstance(needle, np.ndarray)):
                here = self._covered(clip, depth)
                frames[here] = self._drawn(needle, frames[here])
                spans[number] = here
            else:
                inserted.append(self._inserted(clip, number, needle, depth))
        inserted.sort(key=lambda more: more.gap)
        return _woven(clip, frames, spans, inserted, names)

    @classmethod
    def example(cls) -> tuple[Clip, list[Needle], list[float], list[str]]:
        """A grey film of 8 s with a white picture in its middle and a word near its end."""
        grey = np.full((16, 60, 80, 3), 128, np.uint8)
        clip = Clip(grey, np.arange(16) / 2, Origin("grey", 8.0))
        white = np.full((60, 80, 3), 255, np.uint8)
        return clip, [white, "The secret word is Alice."], [0.5, 0.8], ["white", "Alice"]

    def _covered(self, clip: Clip, depth: float | int) -> slice:
        """The frames of the film that are shown while a text is."""
        first = position(depth, len(clip))
        until_s = clip.times_s[first] + self.lasts_s - 1e-9
        return slice(first, max(first + 1, int(np.searchsorted(clip.times_s, until_s))))

    def _drawn(self, needle: Needle, frames: Frames) -> Frames:
        if isinstance(needle, str):
            return written(frames, needle)
        h, w = (max(1, round(self.patch * side)) for side in frames.shape[1:3])
        frames = frames.copy()
        frames[:, :h, -w:] = fitted(np.asarray(needle), (h, w))
        return frames

    def _inserted(self, clip: Clip, number: int, needle: Needle, depth: float | int) -> _Inserted:
        gap, size = position(depth, len(clip) + 1), clip.frames.shape[1:3]
        if isinstance(needle, Clip):
            shown = np.stack([fitted(frame, size) for frame in needle.frames])
            return _Inserted(gap, number, shown, _ends_s(needle) - needle.times_s)
        count = max(1, round(self.lasts_s / _step_s(clip)))
        shown = np.repeat(fitted(np.asarray(needle), size)[None], count, axis=0)
        return _Inserted(gap, number, shown, np.full(count, self.lasts_s / count))


def position(depth: float | int, places: int) -> int:
    """Which of so many places, from 0, lies at a depth from 0 to 1."""
    return round(depth * (places - 1))


def depth_of(place: int, places: int) -> float:
    """The depth of a place; `position` finds it again."""
    return place / (places - 1) if places > 1 else 0.0


def niavh_grid(
    lengths: int = 40, depths: int = 12, longest_s: float | int = 320
) -> list[tuple[float, float]]:
    """All pairs of a film's length in seconds and a needle's depth, evenly from 1 s and from 0.

    Args:
        lengths: how many.
        depths: how many; the last is the end of the film.
        longest_s: of the lengths.
    """
    seconds, parts = np.linspace(1, longest_s, lengths), np.linspace(0, 1, depths)
    return [(float(s), float(d)) for s in seconds.round() for d in parts]


class Asked(NamedTuple):
    """A question with four choices and the number of the right one, from 0."""

    text: str
    choices: tuple[str, ...]
    answer: int


def questions(
    moments: Sequence[Moment], pool: Sequence[str], draw: np.random.Generator
) -> dict[str, Asked]:
    """What can be asked of a haystack: "ret" and "cnt", and "ord" of three needles or more.

    Args:
        moments: of the needles.
        pool: names to choose wrong answers from, three or more that are not in the film.
        draw: the luck of wrong answers and of the place of the right one.
    """
    names = [m.text for m in sorted(moments, key=lambda m: m.start_s)]
    absent = [name for name in dict.fromkeys(pool) if name not in names]
    if not names or len(absent) < 3:
        got = f"{len(names)} needles and {len(absent)} other names"
        raise VtkError("questions", "a needle, and three names that are not in the film", got)
    counts = [str(n) for n in range(1, len(names) + 4) if n != len(names)]
    asked = {
        "ret": _asked("Which of these can be seen in the film?", names[0], absent, draw),
        "cnt": _asked("How many things were put into the film?", str(len(names)), counts, draw),
    }
    orders = [", ".join(order) for order in islice(permutations(names), 24)]
    orders = [order for order in dict.fromkeys(orders) if order != ", ".join(names)]
    if len(orders) >= 3:
        asked["ord"] = _asked("In which order do they appear?", ", ".join(names), orders, draw)
    return asked


def _asked(text: str, right: str, wrong: Sequence[str], draw: np.random.Generator) -> Asked:
    choices = [right, *(wrong[i] for i in draw.choice(len(wrong), 3, replace=False))]
    order = draw.permutation(4)
    return Asked(text, tuple(choices[i] for i in order), int(np.flatnonzero(order == 0)[0]))


def _woven(
    clip: Clip,
    frames: Frames,
    spans: Mapping[int, slice],
    inserted: Sequence[_Inserted],
    names: Sequence[str],
) -> Haystack:
    """The frames of the film and what was inserted, in one order of time."""
    ends_s, late_s = _ends_s(clip), sum(more.length_s for more in inserted)
    shown, times_s, seen_s = _spliced(clip, frames, inserted)
    for number, here in spans.items():
        before, inside = (
            sum(more.length_s for more in inserted if more.gap <= frame)
            for frame in (here.start, here.stop - 1)
        )
        seen_s[number] = clip.times_s[here.start] + before, ends_s[here.stop - 1] + inside
    long_s = float(ends_s[-1]) + late_s
    origin = replace(clip.origin, duration_s=long_s, sha256="", has_audio=False)
    moments = (_moment(*seen_s[number], name) for number, name in enumerate(names))
    return Haystack(Clip(shown, times_s, origin), tuple(moments))


def _spliced(
    clip: Clip, frames: Frames, inserted: Sequence[_Inserted]
) -> tuple[UInt8[np.ndarray, "n h w 3"], Float[np.ndarray, "n"], dict[int, tuple[Any, Any]]]:
    """All frames, their times, and start and end of each thing inserted."""
    starts_s = np.append(clip.times_s, _ends_s(clip)[-1])
    shown, times_s, seen_s = [frames[:0]], [clip.times_s[:0]], dict[int, tuple[Any, Any]]()
    last, late_s = 0, 0.0
    for more in inserted:
        start_s = starts_s[more.gap] + late_s
        shown += [frames[last : more.gap], more.frames]
        times_s += [clip.times_s[last : more.gap] + late_s]
        times_s += [start_s + more.stays_s.cumsum() - more.stays_s]
        seen_s[more.number] = start_s, start_s + more.length_s
        last, late_s = more.gap, late_s + more.length_s
    shown, times_s = [*shown, frames[last:]], [*times_s, clip.times_s[last:] + late_s]
    return np.concatenate(shown), np.concatenate(times_s), seen_s


def _moment(start_s: Any, end_s: Any, name: str) -> Moment:
    return Moment(max(0.0, float(start_s)), float(end_s), text=name)


def _step_s(clip: Clip) -> float:
    return float(np.median(np.diff(clip.times_s))) if len(clip) > 1 else 1.0


def _ends_s(clip: Clip) -> Float[np.ndarray, "t"]:
    """When each frame gives way to the next; the last one stays to the end of the film."""
    last_s = clip.times_s[-1]
    end_s = clip.duration_s if clip.duration_s > last_s else last_s + _step_s(clip)
    return np.append(clip.times_s[1:], end_s)
