"""Plan: a scene drawn by lot, in which every question has one answer.

Events of a shot follow each other and leave the ground bare in between, and no two events of a
film look alike until all pairs of colour and form are used up.
"""

from itertools import product

import numpy as np

from vtk_notebooks.errors import VtkError
from vtk_notebooks.video.facts import Real
from vtk_notebooks.video.synth.render import STRIP
from vtk_notebooks.video.synth.scene import (
    COLOURS,
    FORMS,
    GROUNDS,
    MOTIONS,
    Event,
    Scene,
    Shape,
    Shot,
    Title,
)

WORDS = ("TAXI", "EXIT", "CAFE", "GO", "BAKERY", "STOP", "HOTEL", "OPEN")

Span = tuple[int, int]
"""First frame, and the frame after the last."""


def plan(
    rng: np.random.Generator,
    *,
    frames: int,
    frame_rate_hz: Real,
    size: tuple[int, int],
    shots: int,
    events_per_shot: int,
    titles: int,
    clicks: int,
    grain: Real,
    seed: int,
) -> Scene:
    """Cut the film into shots, these into events, and lay titles and clicks over it."""
    least = max(1, 3 * events_per_shot)
    if min(events_per_shot, titles, clicks) < 0 or shots < 1:
        got = f"{shots}, {events_per_shot}, {titles} and {clicks}"
        raise VtkError("make_film", "one or more shots, none or more of the rest", got)
    if frames < max(shots * least, 3 * titles):
        expected = f"{max(shots * least, 3 * titles)} or more frames for what is to happen"
        hint = "Ask for fewer shots, events or titles, or for a longer film."
        raise VtkError("make_film", expected, frames, hint)
    at = [n / frame_rate_hz for n in range(frames)] + [frames / frame_rate_hz]
    spans = _pieces(rng, (0, frames), shots, least)
    slots = [slot for span in spans for slot in _pieces(rng, span, events_per_shot, 3)]
    looks = _looks(rng, len(slots))
    grounds = _grounds(rng, shots)
    return Scene(
        duration_s=at[-1],
        frame_rate_hz=frame_rate_hz,
        size=size,
        shots=tuple(
            Shot(at[a], at[b], ground) for (a, b), ground in zip(spans, grounds, strict=True)
        ),
        events=tuple(
            _event(rng, shape, size, *(at[n] for n in _inner(rng, slot)))
            for shape, slot in zip(looks, slots, strict=True)
        ),
        titles=tuple(
            Title(WORDS[n % len(WORDS)], *(at[k] for k in _inner(rng, piece)))
            for n, piece in enumerate(_pieces(rng, (0, frames), titles, 3))
        ),
        clicks_s=tuple(sorted(rng.uniform(0, 0.98 * at[-1], clicks).tolist())),
        grain=grain,
        seed=seed,
    )


def _pieces(rng: np.random.Generator, span: Span, count: int, least: int) -> list[Span]:
    """The span in that many uneven pieces, none shorter than `least` frames."""
    if count == 0:
        return []
    spare = span[1] - span[0] - count * least
    shares = rng.multinomial(spare, rng.dirichlet(np.full(count, 12.0)))
    edges = span[0] + np.r_[0, np.cumsum(shares + least)]
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


def _inner(rng: np.random.Generator, span: Span) -> Span:
    """Most of a span of three or more frames, with at least one frame bare at each end."""
    length = span[1] - span[0]
    before, after = (1 + int(rng.integers(0, max(1, length // 6))) for _ in range(2))
    return span[0] + before, max(span[1] - after, span[0] + before + 1)


def _looks(rng: np.random.Generator, count: int) -> list[Shape]:
    pairs = list(product(COLOURS, FORMS))
    order = np.concatenate([rng.permutation(len(pairs)) for _ in range(count // len(pairs) + 1)])
    sides = rng.uniform(0.25, 0.4, count).round(3).tolist()
    return [
        Shape(form, colour, side)
        for (colour, form), side in zip((pairs[k] for k in order[:count]), sides, strict=True)
    ]


def _grounds(rng: np.random.Generator, count: int) -> list[str]:
    """Any ground but the one before."""
    found: list[str] = []
    for _ in range(count):
        left = [ground for ground in GROUNDS if ground not in found[-1:]]
        found.append(left[rng.integers(len(left))])
    return found


def _event(
    rng: np.random.Generator, shape: Shape, size: tuple[int, int], start_s: float, end_s: float
) -> Event:
    """A path that stays inside the frame and above the strip for titles."""
    motion = list(MOTIONS)[rng.integers(len(MOTIONS))]
    half_x = shape.side * min(size) / size[1] / 2
    half_y = shape.side * min(size) / size[0] / 2
    left, right, top, bottom = half_x, 1 - half_x, half_y, 1 - STRIP - half_y
    x, y = rng.uniform(left, right), rng.uniform(top, max(top, bottom))
    ends = {
        "left": ((right, y), (left, y)),
        "right": ((left, y), (right, y)),
        "up": ((x, bottom), (x, top)),
        "down": ((x, top), (x, bottom)),
        "still": ((x, y), (x, y)),
    }
    return Event(shape, motion, start_s, end_s, *ends[motion])
