"""Clock times as files write them: 1:15, 01:02:10, 00:00:29.500, [0:00:00 - 0:00:30]."""

import re
from collections.abc import Callable
from fractions import Fraction

from vtk_notebooks.data.record import Number

_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,6}))?", re.ASCII)


def parse_clock(text: str) -> Number | None:
    """Seconds of h:mm:ss or m:ss, with or without decimals; None if it is no clock time."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        return None
    hours, minutes, seconds, decimals = found.groups()
    if int(seconds) > 59 or (hours and int(minutes) > 59):
        return None
    whole = 3600 * int(hours or 0) + 60 * int(minutes) + int(seconds)
    return whole if decimals is None else float(f"{whole}.{decimals}")


def parse_clock_span(text: str) -> tuple[Number, Number] | None:
    """Start and end of "[0:00:00 - 0:00:30]", with both brackets or with none."""
    inner = text.strip()
    if inner.startswith("[") and inner.endswith("]"):
        inner = inner[1:-1]
    start, dash, end = inner.partition("-")
    a, b = parse_clock(start), parse_clock(end)
    return (a, b) if dash and a is not None and b is not None else None


def format_clock(seconds: Number, *, pad: bool = False) -> str:
    """h:mm:ss, or m:ss below an hour; padded it is hh:mm:ss. Parts of a second are cut."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if pad:
        return f"{hours:02d}:{minutes:02d}:{rest:02d}"
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def format_milliseconds(mark: str) -> Callable[[Number], str]:
    """A writer of hh:mm:ss.mmm with that decimal mark, rounded to the nearest millisecond."""

    def write(seconds: Number) -> str:
        whole, ms = divmod(round(Fraction(seconds) * 1000), 1000)
        return f"{format_clock(whole, pad=True)}{mark}{ms:03d}"

    return write
