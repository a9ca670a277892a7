"""Browse: list, filter and show the samples of a data set, with their films if at hand."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vtk_notebooks.data.dataset import Dataset
from vtk_notebooks.data.film_folder import FilmFolder
from vtk_notebooks.data.problem import Problem, name
from vtk_notebooks.data.record import Number, Sample

Range = tuple[Number | None, Number | None]
"""From and to, both included; None leaves that end open."""


@dataclass(frozen=True)
class Shown:
    """One sample to look at.

    Args:
        film: its file, None if it is not at hand.
        note: what was looked for and not found, "" if all is well.
        problems: what was odd about the sample when it was read.
    """

    sample: Sample
    film: Path | None
    note: str
    problems: tuple[Problem, ...]


def listing(
    data: Dataset, films: Path | str | None = None, *, first: int = 20
) -> list[dict[str, Any]]:
    """The first samples as short rows: what a table shows.

    Args:
        data: what to list.
        films: a folder; adds whether each film is in it.
        first: how many.
    """
    folder = None if films is None else FilmFolder(Path(films))
    return [_row(sample, folder) for sample in data.samples[:first]]


def select(
    data: Dataset,
    *,
    text: str = "",
    film: str = "",
    duration_s: Range = (None, None),
    moments: Range = (None, None),
    films: Path | str | None = None,
    where: Callable[[Sample], bool] | None = None,
) -> Dataset:
    """The samples that answer to all of these; problems stay with the whole data set.

    Args:
        data: what to choose from.
        text: part of the query, of a caption, of a chapter's title; case does not matter.
        film: part of its name.
        duration_s: a sample without a duration answers to no bound.
        moments: how many valid moments (spans, else captions) there are.
        films: only samples whose film is in this folder.
        where: any other condition.
    """
    folder = None if films is None else FilmFolder(Path(films))
    tests: list[Callable[[Sample], bool]] = [
        lambda s: text.casefold() in _words(s),
        lambda s: film.casefold() in s.film.casefold(),
        lambda s: _within(s.duration_s, duration_s),
        lambda s: _within(_count(s), moments),
        lambda s: folder is None or folder.find(s.film) is not None,
        where or (lambda s: True),
    ]
    kept = tuple(s for s in data if all(test(s) for test in tests))
    return replace(data, samples=kept, problems=())


def show(data: Dataset, id: str | int, films: Path | str | None = None) -> Shown:
    """One sample with its film, or with a note about what was looked for."""
    sample = data.sample(id)
    problems = tuple(p for p in data.problems if p.record == name(sample.id))
    if films is None:
        return Shown(sample, None, "No folder of films was given.", problems)
    folder = FilmFolder(Path(films))
    path = folder.find(sample.film)
    note = "" if path else " ".join(("There is", *folder.missing(sample.film)))
    return Shown(sample, path, note.replace(" It may", ". It may"), problems)


def _row(sample: Sample, folder: FilmFolder | None) -> dict[str, Any]:
    text = sample.text or next((c.text for c in sample.captions if c.text), "")
    row = {
        "id": sample.id,
        "film": sample.film,
        "duration_s": sample.duration_s,
        "text": text if len(text) <= 60 else text[:59] + "…",
        "moments": _count(sample),
        "chapters": len(sample.chapters),
        "choices": len(sample.choices),
    }
    return row if folder is None else {**row, "at hand": folder.find(sample.film) is not None}


def _count(sample: Sample) -> int:
    return len(sample.moments or sample.caption_moments)


def _words(sample: Sample) -> str:
    words = [sample.text, *(c.text for c in sample.captions), *(c.title for c in sample.chapters)]
    return "\n".join(words).casefold()


def _within(value: Number | None, bounds: Range) -> bool:
    low, high = bounds
    if value is None:
        return low is None and high is None
    return (low is None or value >= low) and (high is None or value <= high)
