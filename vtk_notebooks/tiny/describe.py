"""Describe: how much of a film is in its description, and how much of that is true."""

import re

from vtk_notebooks.models.adapters.qwen3_vl import Qwen3VL
from vtk_notebooks.moment import Moment, tiou
from vtk_notebooks.tiny.films import LessonFilm
from vtk_notebooks.tiny.watch import spans
from vtk_notebooks.tiny.words import CLOCK_S

_EVENT = re.compile(r"([^<>.]+?)\s*((?:<t\d+>\s*){2})")


def events(text: str) -> list[tuple[str, Moment]]:
    """What happens according to a description, and when; whatever else it says is passed over."""
    return [
        (said.strip(), spans(times, CLOCK_S)[0]) for said, times in _EVENT.findall(text) if times
    ]


def f1(text: str, film: LessonFilm, iou: float = 0.5) -> float:
    """Between events said and events there: alike word for word, and with that IoU at least.

    Args:
        text: a description.
        film: that it describes.
        iou: of two moments that count as one.
    """
    said = events(text)
    left = [(e.text, e.moment) for e in film.film.scene.events]
    total, hits = len(said) + len(left), 0
    for words, moment in said:
        fits = [x for x in left if x[0] == words and tiou(x[1], moment) >= iou]
        if fits:
            hits += 1
            left.remove(fits[0])
    return 2 * hits / total if total else 1.0


def described(adapter: Qwen3VL, film: LessonFilm) -> str:
    """The model's own description."""
    return adapter.answer("describe the film .", adapter.encode(film.clip), most=64).text
