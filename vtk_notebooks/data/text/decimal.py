"""Decimal numbers in text files, as plain as they come: 24.3, 0, -1.50."""

import re

from vtk_notebooks.data.record import Number

_DECIMAL = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)


def parse_decimal(text: str) -> Number | None:
    """A number, whole where it has no point; None for anything else (nan, 1e5, 1_000)."""
    if not _DECIMAL.fullmatch(text):
        return None
    return float(text) if "." in text else int(text)
