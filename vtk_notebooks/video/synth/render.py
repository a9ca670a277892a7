"""Render: a scene at one time becomes a picture and a map of what is where; nothing else.

Edges are hard and pixels belong to one thing only, so that the map is exact: a pixel is part of a
shape if its centre is.
"""

from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float32, Int16

from vtk_notebooks.video.facts import Picture, Real
from vtk_notebooks.video.synth.scene import COLOURS, GROUNDS, Event, Scene

GROUND, TITLE = -1, -2
"""What the map says where there is no event."""

STRIP = 1 / 6
"""Share of the frame's height, at the bottom, that is kept for titles."""

Labels = Int16[np.ndarray, "h w"]
Mask = Bool[np.ndarray, "h w"]


def render(scene: Scene, time_s: Real) -> tuple[Picture, Labels]:
    """The frame, and for each pixel the number of its event (or `GROUND`, or `TITLE`)."""
    shot = next((s for s in scene.shots if s.start_s <= time_s < s.end_s), scene.shots[-1])
    frame = np.empty((*scene.size, 3), np.uint8)
    frame[:] = GROUNDS[shot.ground]
    labels = np.full(scene.size, GROUND, np.int16)
    for number, event in enumerate(scene.events):
        _draw(event, number, time_s, frame, labels)
    for title in scene.titles:
        if title.start_s <= time_s < title.end_s:
            mask = _letters(title.text, scene.size)
            frame[mask], labels[mask] = COLOURS["white"], TITLE
    return _grained(frame, scene, time_s), labels


def box(mask: Mask) -> Float32[np.ndarray, "4"]:
    """Left, top, right and bottom edge in pixels of what is set; nan where nothing is."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return np.full(4, np.nan, np.float32)
    edges = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
    return np.array(edges, np.float32)


def _draw(event: Event, number: int, time_s: Real, frame: Picture, labels: Labels) -> None:
    """Paint one event, looking only at the window that it can touch."""
    centre = event.centre(time_s)
    if centre is None:
        return
    height, width = labels.shape
    half = max(event.shape.side * min(height, width) / 2, 1.0)  # never slips between pixels
    x, y = centre[0] * width, centre[1] * height
    top, left = max(0, int(y - half)), max(0, int(x - half))
    window = np.s_[top : int(y + half) + 1, left : int(x + half) + 1]
    rows = np.arange(height)[window[0], None] + 0.5
    columns = np.arange(width)[None, window[1]] + 0.5
    mask = _inside(event.shape.form, (columns - x) / half, (rows - y) / half)
    frame[window][mask] = COLOURS[event.shape.colour]
    labels[window][mask] = number


def _inside(form: str, x: np.ndarray, y: np.ndarray) -> Mask:
    """Which points of a square from -1 to 1 belong to the form."""
    if form == "circle":
        return x**2 + y**2 <= 1
    if form == "triangle":  # its tip on top
        return (np.abs(x) <= (y + 1) / 2) & (np.abs(y) <= 1)
    return (np.abs(x) <= 1) & (np.abs(y) <= 1)


@lru_cache(maxsize=64)
def _letters(text: str, size: tuple[int, int]) -> Mask:
    """The pixels of a line of text, centred in the strip."""
    from PIL import Image, ImageDraw, ImageFont

    height, width = size
    canvas = Image.new("1", (width, height))  # one bit: no half-covered pixels
    font = ImageFont.load_default(size=max(8, 0.75 * STRIP * height))
    place = (width / 2, height * (1 - STRIP / 2))
    ImageDraw.Draw(canvas).text(place, text, fill=1, font=font, anchor="mm")
    return np.array(canvas)


def _grained(frame: Picture, scene: Scene, time_s: Real) -> Picture:
    if not scene.grain:
        return frame
    number = round(time_s * scene.frame_rate_hz)
    noise = np.random.default_rng((scene.seed, number)).normal(0, scene.grain, scene.size)
    return (frame + noise.round()[..., None]).clip(0, 255).astype(np.uint8)
