"""Source: an annotation file being read, as lines or as one text, with its layout and its problems.

Text from anywhere: bytes that are no UTF-8 are kept as they are (and reported), so that they can
be written back; what is no text at all is named by its first bytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.problem import AnnotationError, Report

BOM = b"\xef\xbb\xbf"
_NOT_ANNOTATIONS = (
    (b"\xff\xfe", "UTF-16 text", "Convert it: iconv -f UTF-16 -t UTF-8."),
    (b"\xfe\xff", "UTF-16 text", "Convert it: iconv -f UTF-16 -t UTF-8."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first: gunzip."),
    (b"PK\x03\x04", "a zip archive", "Unpack it first: unzip."),
    (b"PAR1", "a parquet file", "Read it with pandas, then `from_frame`."),
    (b"version https://git-lfs", "a Git LFS pointer", "Fetch the file itself: git lfs pull."),
    (b"<!DOCTYPE html", "a web page", "Download the raw file, not the page about it."),
    (b"<html", "a web page", "Download the raw file, not the page about it."),
)

_LONE = re.compile("[\ud800-\udc7f\udd00-\udfff]")  # those between stand for undecoded bytes


@dataclass
class Source:
    """A file on its way in; `layout` is complete when the last line was read."""

    path: Path
    report: Report
    layout: Layout = field(default_factory=Layout)

    def note(self, **layout: object) -> None:
        """Remember something about the layout."""
        self.layout = replace(self.layout, **layout)  # type: ignore[arg-type]

    def lines(self) -> Iterator[str]:
        """Lines without their ends, one at a time; the report follows the line number."""
        with self.path.open("rb") as file:
            if not self._readable(file.read(64)):
                return
            file.seek(0)
            raw = b""
            for number, raw in enumerate(file, 1):
                self.report.at(number)
                if number == 1:
                    raw = self._start(raw)
                yield self._decoded(raw).removesuffix("\n").removesuffix("\r")
            self.note(final_newline=raw.endswith(b"\n"))

    def text(self) -> str:
        """The whole file with plain line ends; "" (and a problem) if it is none to read."""
        raw = self.path.read_bytes()
        if not self._readable(raw[:64]):
            return ""
        raw = self._start(raw)
        self.note(final_newline=raw.endswith(b"\n"))
        return self._decoded(raw).replace("\r\n", "\n")

    def _start(self, raw: bytes) -> bytes:
        end = raw.find(b"\n")
        self.note(bom=raw.startswith(BOM))
        self.note(newline="\r\n" if end > 0 and raw[end - 1 : end] == b"\r" else "\n")
        return raw.removeprefix(BOM)

    def _decoded(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            got = f"bytes {raw[error.start : error.start + 4].hex(' ')}"
            before = self.report.line
            self.report.line = before or 1 + raw.count(b"\n", 0, error.start)
            hint = "They are kept as they are. If it is Latin-1: iconv -f LATIN1 -t UTF-8."
            self.report.add("bad unicode", "", "UTF-8 text", got, hint)
            self.report.line = before
            return raw.decode("utf-8", "surrogateescape")

    def _readable(self, head: bytes) -> bool:
        for start, what, hint in _NOT_ANNOTATIONS:
            if head.removeprefix(BOM).lower().startswith(start.lower()):
                self.report.add("not readable", "", "annotations as UTF-8 text", what, hint)
                return False
        if not head.removeprefix(BOM).strip() and self.path.stat().st_size <= len(head):
            got = "an empty file" if not head else "blank lines"
            self.report.add("not readable", "", "annotations", got, "Was the download cut short?")
        return bool(head)


def open_source(path: Path, *, strict: bool = False) -> Source:
    """A file to read annotations from; a path without a file is an error in any mode."""
    source = Source(path, Report(path.name, strict))
    try:
        path.open("rb").close()
    except OSError as error:
        got = f"{type(error).__name__}: {error.strerror}"
        raise AnnotationError(str(path), "a file to read", got, _nearby(path)) from None
    return source


def unlike_text(text: str) -> str | None:
    """What is odd about the letters of a text, or None."""
    if text.isascii():
        return None
    lone = _LONE.search(text)
    if lone:
        return f"half of a surrogate pair, {lone.group()!r}"
    return "the replacement character U+FFFD" if "\ufffd" in text else None


def _nearby(path: Path) -> str:
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}."
    near = get_close_matches(path.name, sorted(p.name for p in path.parent.iterdir()), n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Look into {path.parent}."
