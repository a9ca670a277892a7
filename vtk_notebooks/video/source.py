"""Source: where the bytes of a film are, opened anew for every operation.

FFmpeg only ever sees an open binary file, never a name: a file called `concat:a|b` or `http:x` is
just a file. As every operation closes what it opened, an interrupted one leaves no handle behind.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

from vtk_notebooks.errors import DecodeError

HASHED_BYTES = 2**28
"""Larger files are not read whole only to be hashed; their `Origin.sha256` stays empty."""


@dataclass(frozen=True)
class Source:
    """A file on disk, bytes in memory, or a binary file that somebody else owns.

    Args:
        name: for people; untrusted text.
        path: set for files on disk.
        data: set for bytes in memory.
        file: set for somebody else's file; it is rewound, read, and left open.
    """

    name: str
    path: Path | None = None
    data: bytes | None = None
    file: Any = None

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """A binary file at its start."""
        if self.path is not None:
            with _open(self.path) as file:
                yield file
        elif self.data is not None:
            yield io.BytesIO(self.data)
        else:
            _rewind(self.file, self.name)
            yield self.file

    def sha256(self) -> str:
        """Digest of a file on disk of ordinary size, else ""."""
        if self.path is None or self.path.stat().st_size > HASHED_BYTES:
            return ""
        with self.opened() as file:
            digest = hashlib.sha256()
            while chunk := file.read(2**20):
                digest.update(chunk)
            return digest.hexdigest()


def as_source(given: Any) -> Source:
    """Whatever the user gave, checked as far as possible without decoding."""
    if isinstance(given, bytes | bytearray | memoryview):
        return _of_bytes(bytes(given), "bytes")
    if isinstance(given, str | PathLike):
        return _of_path(Path(given))
    if hasattr(given, "read"):
        return _of_file(given)
    hint = "Give a path, an open binary file, or the bytes themselves."
    raise DecodeError("open_clip", "a film", type(given).__name__, hint)


def _of_bytes(data: bytes, name: str) -> Source:
    if not data:
        raise DecodeError("open_clip", "a film", f"no bytes in {name!r}", "Read it again.")
    return Source(name, data=data)


def _of_path(path: Path) -> Source:
    if path.is_dir():
        raise DecodeError("open_clip", "a film", f"the folder {str(path)!r}", "Name a file in it.")
    try:
        with _open(path) as file:
            empty = not file.read(1)
    except FileNotFoundError:
        hint = "Download it first." if ":/" in str(path) else f"We looked in {str(Path.cwd())!r}."
        raise DecodeError("open_clip", "a film", f"no file {str(path)!r}", hint) from None
    if empty:
        got = f"the empty file {str(path)!r}"
        raise DecodeError("open_clip", "a film", got, "Copy or download it again.")
    return Source(path.name, path=path)


def _of_file(file: Any) -> Source:
    name = Path(str(getattr(file, "name", "") or "file object")).name
    if isinstance(file, io.TextIOBase):
        got = f"the text file {name!r}"
        raise DecodeError("open_clip", "a binary file", got, 'Open it with mode "rb".')
    if not (hasattr(file, "seekable") and file.seekable()):
        return _of_bytes(bytes(file.read()), name)  # a pipe can be read only once
    return Source(name, file=file)


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:  # no permission, a device, a name with a NUL in it
        hint = "Check its permissions and that it is an ordinary file."
        got = f"{str(path)!r}, which cannot be opened ({error})"
        raise DecodeError("open_clip", "a readable film", got, hint) from error


def _rewind(file: Any, name: str) -> None:
    try:
        file.seek(0)
    except ValueError as error:  # what Python says of a closed file
        hint = "Keep the file open as long as the film, or give a path."
        raise DecodeError("open_clip", "an open file", f"{name!r}, closed", hint) from error
