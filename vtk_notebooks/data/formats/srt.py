"""SubRip subtitles: numbered cues, `00:00:01,000 --> 00:00:02,500`, one film per file.

No document defines the format; this follows what players agree on.
"""

from collections.abc import Iterator

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.problem import Report
from vtk_notebooks.data.record import Sample, Span
from vtk_notebooks.data.text import subtitles
from vtk_notebooks.data.text.clock import format_milliseconds
from vtk_notebooks.data.text.subtitles import Block

_CLOCK = format_milliseconds(",")


def parse(text: str, report: Report) -> tuple[Span, ...]:
    """The cues of a file."""
    return subtitles.cues(_numbered(text, report), report)


def render(sample: Sample) -> str:
    """A sample as a file."""
    cues = (subtitles.rendered(span, _CLOCK, sample) for span in sample.captions)
    return "\n".join(f"{number}\n{cue}\n" for number, cue in enumerate(cues, 1))


def _numbered(text: str, report: Report) -> Iterator[tuple[Block, str]]:
    for block in subtitles.blocks(text):
        number = block.lines[0].strip()
        if not number.isdecimal():
            report.at(block.line)
            report.add("missing field", "number", "a cue number on a line of its own", "none")
        yield block, number if number.isdecimal() else ""


FORMAT = Format(
    name="srt",
    title="SubRip subtitles",
    paper="none: a convention",
    year=0,
    arxiv="",
    licence="that of the file",
    extensions=(".srt",),
    load=lambda source: subtitles.load(source, parse, render),
    dump=lambda samples, layout: subtitles.dump(samples, parse, render),
    holds=frozenset({"film", "captions"}),
    labels={"captions": "cue"},
)
