"""WebVTT subtitles: a header, then cues, `00:01.000 --> 00:02.500`, one film per file.

After "WebVTT: The Web Video Text Tracks Format" (W3C). Tags in the text stay as they are; notes,
styles, regions and cue settings are not read, but written back while the cues stay the same.
"""

from collections.abc import Iterator

from vtk_notebooks.data.format import Format
from vtk_notebooks.data.problem import Report, shown
from vtk_notebooks.data.record import Sample, Span
from vtk_notebooks.data.text import subtitles
from vtk_notebooks.data.text.clock import format_milliseconds
from vtk_notebooks.data.text.subtitles import Block

_CLOCK = format_milliseconds(".")
_NOT_CUES = ("NOTE", "STYLE", "REGION")


def parse(text: str, report: Report) -> tuple[Span, ...]:
    """The cues of a file."""
    return subtitles.cues(_named(text, report), report)


def render(sample: Sample) -> str:
    """A sample as a file."""
    cues = (subtitles.rendered(span, _CLOCK, sample) for span in sample.captions)
    return "\n".join(["WEBVTT\n", *(f"{cue}\n" for cue in cues)])


def _named(text: str, report: Report) -> Iterator[tuple[Block, str]]:
    for i, block in enumerate(subtitles.blocks(text)):
        first = block.lines[0].split(maxsplit=1)[0]
        if i == 0 and first != "WEBVTT":
            report.at(block.line)
            hint = "Is it SubRip (srt)?"
            report.add("bad line", "", "WEBVTT on the first line", shown(block.lines[0]), hint)
        elif i == 0 or (first in _NOT_CUES and "-->" not in block.lines[0]):
            continue
        yield block, "" if "-->" in block.lines[0] else block.lines[0]


FORMAT = Format(
    name="vtt",
    title="WebVTT subtitles",
    paper="WebVTT: The Web Video Text Tracks Format (W3C)",
    year=2019,
    arxiv="",
    licence="that of the file",
    extensions=(".vtt",),
    load=lambda source: subtitles.load(source, parse, render),
    dump=lambda samples, layout: subtitles.dump(samples, parse, render),
    holds=frozenset({"film", "captions"}),
    labels={"captions": "cue"},
)
