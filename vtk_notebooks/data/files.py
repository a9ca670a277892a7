"""Files: annotations in and out, whatever the format.

Reading keeps everything and reports what is odd; writing is atomic, and gives back byte for byte
what was read wherever the format has one way to write a thing.
"""

import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from vtk_notebooks.data.atomic import write_whole
from vtk_notebooks.data.check import Check
from vtk_notebooks.data.convert import converted, losses
from vtk_notebooks.data.dataset import Dataset
from vtk_notebooks.data.durations import Durations, seconds_by_film, timed
from vtk_notebooks.data.film_folder import FilmFolder
from vtk_notebooks.data.format import Format
from vtk_notebooks.data.formats import FORMATS
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.problem import AnnotationWarning, Report, name, shown, summary
from vtk_notebooks.data.record import Sample
from vtk_notebooks.data.source import Source, open_source
from vtk_notebooks.registry import unknown


def format_named(name: str) -> Format:
    """A format by its name; an unknown one is answered with the nearest."""
    if name not in FORMATS:
        raise unknown("data.FORMATS", "annotation format", name, FORMATS)
    return FORMATS[name]


def read(
    path: Path | str,
    format: str,
    *,
    strict: bool = False,
    durations: Durations | None = None,
    films: Path | str | None = None,
) -> Dataset:
    """All samples of an annotation file.

    Args:
        path: of the file.
        format: a name in `FORMATS`.
        strict: the first oddity is an error; else all are kept in `problems`, and one warning
            sums them up.
        durations: for formats that do not give them.
        films: a folder; a film that is not in it becomes a problem.
    """
    source = open_source(Path(path), strict=strict)
    samples = tuple(_checked(source, format_named(format), durations, films))
    _warn(source, len(samples))
    return Dataset(samples, tuple(source.report.problems), format, source.layout)


def stream(
    path: Path | str, format: str, *, strict: bool = False, durations: Durations | None = None
) -> Iterator[Sample]:
    """Samples one at a time, for files beyond memory (JSON Lines, text); warns at the end."""
    source = open_source(Path(path), strict=strict)
    samples = 0
    for sample in _checked(source, format_named(format), durations, None):
        samples += 1
        yield sample
    _warn(source, samples)


def write(
    data: Dataset | Iterable[Sample],
    path: Path | str,
    format: str | None = None,
    *,
    layout: Layout | None = None,
) -> Path:
    """Write samples to a file, whole or not at all; returns its path.

    In another format than they came in, they keep what it has a place for; what it has not is
    left out with a warning.
    """
    chosen = format_named(format or (data.format if isinstance(data, Dataset) else ""))
    if not isinstance(data, Dataset):
        data = Dataset(tuple(data), format=chosen.name, layout=chosen.layout)
    same = data.format == chosen.name
    samples = data.samples if same else converted(data, chosen)
    layout = layout or (data.layout if same else chosen.layout)
    written = write_whole(Path(path), chosen.dump(samples, layout), layout)
    lost = losses(data, chosen, written)
    if lost:
        message = f"{chosen.name} has no place for {', '.join(lost)}: left out."
        warnings.warn(message, AnnotationWarning, stacklevel=2)
    return written


def _checked(
    source: Source, format: Format, durations: Durations | None, films: Path | str | None
) -> Iterator[Sample]:
    """Samples as they are read, each with what is odd about it reported."""
    seconds = None if durations is None else seconds_by_film(durations)
    folder = None if films is None else FilmFolder(Path(films))
    report, seen = source.report, dict[object, int | None]()
    for sample in format.load(source):
        report.record = name(sample.id)
        if seconds is not None:
            sample = timed(sample, seconds, report)
        Check(sample, report, format.label)()
        _note_again(format.identity(sample), seen, report)
        if folder is not None and sample.film and folder.find(sample.film) is None:
            report.add("missing film", "", "its film at hand", *folder.missing(sample.film))
        yield sample
    report.at(None)


def _note_again(identity: object, seen: dict[object, int | None], report: Report) -> None:
    if identity in seen:
        again = shown(identity) if isinstance(identity, str) else "the same sample"
        hint = "" if seen[identity] is None else f"First on line {seen[identity]}."
        report.add("duplicate id", "", "each only once", f"{again} again", hint)
    else:
        seen[identity] = report.line


def _warn(source: Source, samples: int) -> None:
    problems = source.report.problems
    if problems:
        message = summary(source.path.name, samples, problems)
        warnings.warn(message, AnnotationWarning, stacklevel=3)
