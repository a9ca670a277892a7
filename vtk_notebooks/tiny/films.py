"""Films: what vtk-tiny learns from and is examined on, made by number.

Four pairs of colour and form never appear in a film it learns from; the examination on held-out
combinations has one of them in every film.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float64, UInt8

from vtk_notebooks.clip import Clip
from vtk_notebooks.tiny.words import CLOCK_S
from vtk_notebooks.video.synth.made import MadeFilm, make_film
from vtk_notebooks.video.synth.render import render

SIDE = 64
"""Pixels of a frame's side."""

FRAMES = 32
"""Frames the model looks at, two a group."""

HELD_OUT = frozenset(
    {("red", "triangle"), ("blue", "circle"), ("yellow", "square"), ("white", "triangle")}
)
"""Looks that are kept back from learning."""

CLOCK = np.arange(FRAMES) * (CLOCK_S / FRAMES)
"""When it looks at them, in seconds of its own clock."""

EXAM = 1_000_000_000
"""Films from this number on are never learnt from."""

MAKE = {
    1: ((1, 1),),
    2: ((1, 2), (2, 1)),
    3: ((1, 3), (3, 1)),
    4: ((2, 2), (4, 1), (1, 4)),
    5: ((5, 1), (1, 5)),
}
"""Events in a film -> (shots, events a shot) to choose from."""


@dataclass(frozen=True)
class LessonFilm:
    """One made film and the frames that the model looks at.

    Args:
        film: with all that is true of it.
        groups: numbers of pairs of frames to look at; all unless said.
    """

    film: MadeFilm
    groups: tuple[int, ...] = tuple(range(FRAMES // 2))

    @cached_property
    def times_s(self) -> Float64[np.ndarray, "t"]:
        """Of the frames that are looked at."""
        return CLOCK[[2 * g + k for g in self.groups for k in (0, 1)]]

    @cached_property
    def drawn(self) -> tuple[np.ndarray, np.ndarray]:
        """Frames and, for each pixel, the number of its event."""
        both = [render(self.film.scene, t) for t in self.times_s]
        return np.stack([f for f, _ in both]), np.stack([m for _, m in both])

    @property
    def frames(self) -> UInt8[np.ndarray, "t h w 3"]:
        return self.drawn[0]

    @property
    def clip(self) -> Clip:
        """As the adapter takes it."""
        return Clip(self.frames, self.times_s, self.film.origin)


def lesson_film(seed: int, events: int | None = None, held_out: bool = False) -> LessonFilm:
    """Film number `seed`.

    Args:
        seed: its number.
        events: how many things happen; drawn from 1 to 5 unless said.
        held_out: with one or more looks that are kept back, rather than with none.
    """
    rng = np.random.default_rng((seed, int(held_out)))
    count = int(rng.integers(1, 6)) if events is None else events
    for film in _tries(rng, count):
        looks = {(e.shape.colour, e.shape.form) for e in film.scene.events}
        if bool(looks & HELD_OUT) == held_out:
            return LessonFilm(film)
    raise AssertionError("unreachable")


def _tries(rng: np.random.Generator, count: int) -> Iterator[MadeFilm]:
    while True:
        shots, each = MAKE[count][rng.integers(len(MAKE[count]))]
        yield make_film(
            int(rng.integers(2**31)),
            duration_s=CLOCK_S,
            size=(SIDE, SIDE),
            frame_rate_hz=8,
            shots=shots,
            events_per_shot=each,
            grain=float(rng.choice([0.0, 4.0])),
        )
