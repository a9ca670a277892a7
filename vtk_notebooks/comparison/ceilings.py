"""Ceilings: what a time code takes from answers before a model has made its first mistake.

A moment that is written in a code and read back is no longer quite the moment; whoever answers in
that code cannot do better. `ceilings` measures it on annotations, `error_curve` against the length
of a film.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.moments.recall import best_ious, mean_iou, recall_at
from vtk_notebooks.moment import Moment
from vtk_notebooks.protocols import TimeCodec
from vtk_notebooks.registry import unknown
from vtk_notebooks.statistics import Estimate

THROUGH = ("text", "ends")


class Annotation(NamedTuple):
    """What somebody marked in a film."""

    start_s: float
    end_s: float
    duration_s: float
    film: str = ""


def published_codes() -> dict[str, TimeCodec]:
    """The codes of the atlas as their papers have them, and plain text, by what a legend says."""
    from vtk_notebooks import timecodecs as t

    return {
        "LITA, 100 tokens": t.RelativeTokens.lita(),
        "Grounded-VideoLLM, 301 tokens": t.RelativeTokens.grounded_videollm(),
        "Vid2Seq, 100 tokens": t.RelativeTokens.vid2seq(),
        "OmniVid, 100 words": t.SpanTokens.omnivid(),
        "LLaVA-ST, 100 words": t.CoordinateTokens(),
        "VTG-LLM, digits": t.DigitTokens(),
        "VTimeLLM, percent": t.PercentText(),
        "whole seconds": t.SecondsText(decimals=0),
        "minutes and seconds": t.ClockText(),
    }


def ceilings(
    codecs: Mapping[str, TimeCodec],
    annotations: Sequence[Annotation],
    *,
    through: str = "text",
    thresholds: Sequence[float] = (0.5, 0.7, 0.9),
) -> dict[str, dict[str, Estimate]]:
    """The mIoU, and R@1 at IoU thresholds, that no model can exceed; in percent, code by code.

    Args:
        codecs: by what to call them.
        annotations: moments with the lengths of their films. Ends may lie behind a film's end.
        through: "text" writes the moment as a model would and reads it as an answer, "ends" encodes
            and decodes both ends alone, and two that become one are no answer.
        thresholds: of IoU.
    """
    if through not in THROUGH:
        raise unknown("ceilings", "way", through, THROUGH)
    if not annotations:
        raise VtkError("ceilings", "one or more annotations", "none")
    truths = [[Moment(float(a.start_s), float(a.end_s))] for a in annotations]
    films = [a.film for a in annotations] if all(a.film for a in annotations) else None
    out = {}
    for name, codec in codecs.items():
        iou = best_ious([_read(codec, a, through) for a in annotations], truths)
        out[name] = {"mIoU": mean_iou(iou, films)}
        out[name] |= {f"R1@{m:g}": recall_at(iou, 1, m, films) for m in thresholds}
    return out


@dataclass(frozen=True)
class ErrorCurve:
    """How far times move in a code, for films of several lengths.

    Args:
        durations_s: of the films.
        mean_s: over random times.
        worst_s: of these times.
        bound_s: what the code promises.
    """

    durations_s: tuple[float, ...]
    mean_s: tuple[float, ...]
    worst_s: tuple[float, ...]
    bound_s: tuple[float, ...]


def error_curve(
    codec: TimeCodec, durations_s: Sequence[float], *, times: int = 500, seed: int = 0
) -> ErrorCurve:
    """Measured on random times of each film.

    Args:
        codec: any.
        durations_s: lengths of films, above 0.
        times: of each film.
        seed: that they are drawn with.
    """
    if not durations_s or times < 1:
        got = f"{len(durations_s)} and {times}"
        raise VtkError("error_curve", "one or more lengths and times", got)
    draw = np.random.default_rng(seed)
    means, worsts = [], []
    for duration_s in durations_s:
        at_s = (draw.random(times) * duration_s).tolist()
        errors_s = [abs(_back(codec, t_s, duration_s) - t_s) for t_s in at_s]
        means.append(float(np.mean(errors_s)))
        worsts.append(max(errors_s))
    lengths_s = tuple(map(float, durations_s))
    bounds_s = tuple(codec.max_error_s(d) for d in lengths_s)
    return ErrorCurve(lengths_s, tuple(means), tuple(worsts), bounds_s)


def _read(codec: TimeCodec, marked: Annotation, through: str) -> list[Moment]:
    start_s, end_s, duration_s = map(float, marked[:3])
    if through == "text":
        return codec.parse(codec.render(codec.encode_span(start_s, end_s, duration_s)), duration_s)
    low_s, high_s = sorted(_back(codec, t_s, duration_s) for t_s in (start_s, end_s))
    return [Moment(low_s, high_s)] if low_s < high_s else []


def _back(codec: TimeCodec, t_s: float, duration_s: float) -> float:
    """Written and read; infinitely far where it cannot be read."""
    back_s = codec.decode(codec.encode(t_s, duration_s), duration_s)
    return float("inf") if back_s is None else back_s
