"""Chapter list: the description of one video, with a line per chapter, `1:15 Unboxing`.

After "VidChapters-7M: Video Chapters at Scale" (Yang et al., 2023, arXiv:2309.13952), which mines
chapters from what uploaders type. As there: a time anywhere in a line, web addresses aside, titles
without signs at their ends, two chapters or more, in order. Theirs also takes lists that do not
start at 0:00; here they are no chapters, as on the site that shows them.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.problem import AnnotationError, shown
from vtk_notebooks.data.record import Chapter, Sample
from vtk_notebooks.data.source import Source, unlike_text
from vtk_notebooks.data.text.as_written import keep, write
from vtk_notebooks.data.text.clock import format_clock, parse_clock

_TIME = re.compile(r"(?<![\d:])(?:\d{1,2}:)?\d{1,2}:\d{2}(?![\d:])", re.ASCII)
_ADDRESS = re.compile(r"https?\S+")
_ENDS = re.compile(r"^[\W_]+|[\W_]+$")


def parse_chapters(description: str) -> tuple[Chapter, ...] | None:
    """The chapters that a description lists, None if it lists none."""
    chapters = _listed(description)
    return None if _fault(chapters) else chapters


def format_chapters(chapters: Iterable[Chapter]) -> str:
    """Chapters as lines of a description."""
    return "".join(f"{format_clock(c.start_s)} {c.title}\n" for c in chapters)


def load(source: Source) -> Iterator[Sample]:
    """The one sample of a description; without chapters where it lists none."""
    description = source.text()
    if not description.strip():
        return
    film = source.path.stem
    chapters = _listed(description)
    fault = _fault(chapters)
    if fault:
        source.report.at(None, film)
        hint = "No chapters are read."
        source.report.add("bad line", "", "a list of chapters", fault, hint)
    odd = unlike_text(description)
    if odd:
        source.report.add("bad unicode", "", "proper Unicode", odd)
    yield keep(Sample(film, film, chapters=() if fault else chapters), description, _render)


def dump(samples: Iterable[Sample], layout: Layout) -> Iterator[str]:
    """The description of the one sample of a file."""
    films = list(samples)
    if len(films) != 1:
        hint = "Write one file per film."
        raise AnnotationError("chapter_list", "one film per file", str(len(films)), hint)
    text = write(films[0], lambda old: (parse_chapters(old) or ()) == films[0].chapters, _render)
    yield text if text.endswith("\n") else text + "\n"


def _listed(description: str) -> tuple[Chapter, ...]:
    found = (_chapter(_ADDRESS.sub("", line)) for line in description.split("\n"))
    return tuple(chapter for chapter in found if chapter)


def _chapter(line: str) -> Chapter | None:
    time = _TIME.search(line)
    seconds = parse_clock(time.group()) if time else None
    if time is None or seconds is None:
        return None
    title = _ENDS.sub("", line[: time.start()] + line[time.end() :])
    return Chapter(seconds, title) if title else None


def _fault(chapters: tuple[Chapter, ...]) -> str:
    """Why these are no chapters, "" if they are."""
    if len(chapters) < 2:
        return f"{len(chapters)} line{'s' if len(chapters) != 1 else ''} with a time and a title"
    starts = [c.start_s for c in chapters]
    if starts[0] != 0:
        return f"a first chapter at {format_clock(starts[0])}, not at 0:00"
    if any(b <= a for a, b in pairwise(starts)):
        return "times that do not rise"
    return "titles of one letter" if all(len(c.title) == 1 for c in chapters) else ""


def _render(sample: Sample) -> str:
    text = format_chapters(sample.chapters)
    if parse_chapters(text) != sample.chapters:
        where, expected = (
            f"sample {sample.id!r}",
            "2 chapters or more, from 0:00, at full seconds",
        )
        raise AnnotationError(where, expected, shown(sample.chapters))
    return text


FORMAT = Format(
    name="chapter_list",
    title="chapters in a description",
    paper="VidChapters-7M: Video Chapters at Scale",
    year=2023,
    arxiv="2309.13952",
    licence="that of the description",
    extensions=(".txt", ".description"),
    load=load,
    dump=dump,
    holds=frozenset({"film", "chapters"}),
)
