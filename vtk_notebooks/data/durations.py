"""Durations of films from beside their annotations, for formats that do not give them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from vtk_notebooks.data.json.values import Wrong, mapped, number
from vtk_notebooks.data.problem import AnnotationError, Report, shown
from vtk_notebooks.data.record import Number, Sample
from vtk_notebooks.data.source import open_source

Durations = Mapping[str, Number] | Path | str
"""Seconds by film, or a JSON file of them."""


def seconds_by_film(durations: Durations) -> Mapping[str, Number]:
    """Durations by film, from numbers or from records with a member `duration`."""
    if isinstance(durations, Mapping):
        return durations
    path = Path(durations)
    source = open_source(path, strict=True)
    try:
        table = mapped(json.loads(source.text()))
        found = {film: d.get("duration") if isinstance(d, dict) else d for film, d in table.items()}
        return {film: number(seconds) for film, seconds in found.items()}
    except Wrong as wrong:
        expected, got = "a JSON object with seconds for each film", wrong.got
    except (ValueError, RecursionError) as error:
        expected, got = "JSON", f"{type(error).__name__}: {error}"
    raise AnnotationError(path.name, expected, got)


def timed(sample: Sample, seconds: Mapping[str, Number], report: Report) -> Sample:
    """The sample with the duration of its film; a film that is not listed is a problem."""
    if sample.duration_s is not None:
        return sample
    if sample.film in seconds:
        return replace(sample, duration_s=seconds[sample.film])
    got = f"none for {shown(sample.film)}"
    report.add("missing duration", "", "a duration of its film", got)
    return sample
