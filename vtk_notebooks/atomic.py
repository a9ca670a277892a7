"""Atomic: a file appears whole or not at all."""

import contextlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A neighbour to write, which takes the path's name if all goes well and goes away if not.

    It has the path's own ending, by which some writers choose their format, and a name of its own,
    so that two processes may write the same file: the last one wins.
    """
    part = path.absolute().with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        yield part
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):  # the folder itself may be missing
            part.unlink(missing_ok=True)
