"""Subtitles: cues of text between two clock times, blocks with a blank line between them.

What SubRip and WebVTT share. A file is one film, named as the file is; a file that we would write
otherwise is kept as written, so that nothing of it is lost.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from vtk_notebooks.data.problem import AnnotationError, Report, shown
from vtk_notebooks.data.record import Number, Sample, Span
from vtk_notebooks.data.source import Source, unlike_text
from vtk_notebooks.data.text.as_written import keep, write
from vtk_notebooks.data.text.clock import parse_clock

_TIMES = re.compile(r"(\S+)[ \t]*-->[ \t]*(\S+)(?:[ \t].*)?")


@dataclass(frozen=True)
class Block:
    """Lines without a blank one between them, and the line they start on."""

    line: int
    lines: tuple[str, ...]


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a file in order."""
    start, held = 1, list[str]()
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            start = start if held else number
            held.append(line)
        elif held:
            yield Block(start, tuple(held))
            held = []


def cue(block: Block, report: Report) -> Span | None:
    """The cue of a block, or None (and a problem) where it has none."""
    at = next((i for i, line in enumerate(block.lines[:2]) if "-->" in line), None)
    times = None if at is None else _TIMES.fullmatch(block.lines[at].strip())
    start, end = (parse_clock(t) for t in times.groups()) if times else (None, None)
    if at is None or start is None or end is None:
        expected, hint = "start --> end, then text", "The cue is left out."
        report.add("bad line", "", expected, shown(block.lines[at or 0]), hint)
        return None
    text = "\n".join(block.lines[at + 1 :])
    odd = unlike_text(text)
    if odd:
        report.add("bad unicode", "text", "proper Unicode", odd)
    return Span(start, end, None, text)


def cues(found: Iterable[tuple[Block, str]], report: Report) -> tuple[Span, ...]:
    """The cues of blocks with their names; names that come again and times that go back are odd."""
    spans: list[Span] = []
    lines: list[int] = []
    seen: set[str] = set()
    for block, called in found:
        report.at(block.line, called)
        if called and called in seen:
            report.add("duplicate id", "", "each cue once", f"cue {shown(called)} again")
        seen.add(called)
        span = cue(block, report)
        if span and spans and span.start_s < spans[-1].start_s:
            got = f"{spans[-1].start_s}, then {span.start_s}"
            report.add("bad order", "start", "cues that start in order", got)
        if span:
            spans.append(span)
            lines.append(block.line)
    report.at(None)
    report.lines = tuple(lines)
    return tuple(spans)


Parse = Callable[[str, Report], tuple[Span, ...]]


def load(source: Source, parse: Parse, render: Callable[[Sample], str]) -> Iterator[Sample]:
    """The one sample of a file."""
    text = source.text()
    if text.strip():
        film = source.path.stem
        yield keep(Sample(film, film, captions=parse(text, source.report)), text, render)


def dump(samples: Iterable[Sample], parse: Parse, render: Callable[[Sample], str]) -> Iterator[str]:
    """The text of the one sample of a file."""
    films = list(samples)
    if len(films) != 1:
        hint = "Write one file per film."
        raise AnnotationError("subtitles", "one film per file", f"{len(films)}", hint)
    [film] = films
    text = write(film, lambda text: parse(text, Report("")) == film.captions, render)
    yield text if text.endswith("\n") else text + "\n"


def rendered(span: Span, clock: Callable[[Number], str], film: Sample) -> str:
    """Times and text of a cue; refuses what would not be read back."""
    lines = span.text.split("\n") if span.text else []
    if span.start_s < 0 or span.end_s < 0 or any(not x.strip() or "-->" in x for x in lines):
        where, expected = f"sample {film.id!r}", "cues from 0 s without blank lines and arrows"
        raise AnnotationError(where, expected, shown((span.start_s, span.end_s, span.text)))
    return "\n".join([f"{clock(span.start_s)} --> {clock(span.end_s)}", *lines])
