"""Tables: samples as a pandas DataFrame and back.

pandas is the extra `data`, imported here and only when it is asked for.
"""

import math
import warnings
from collections.abc import Hashable, Mapping
from dataclasses import fields
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from vtk_notebooks.data.dataset import Dataset
from vtk_notebooks.data.formats import FORMATS
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.problem import AnnotationError, AnnotationWarning, Report, shown, summary
from vtk_notebooks.data.record import Sample, Span
from vtk_notebooks.registry import unknown

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = tuple(field.name for field in fields(Sample))
_MOMENT = ("start_s", "end_s", "score")
_TUPLES = ("spans", "captions", "chapters", "choices", "keys", "place")


def to_frame(data: Dataset, per: Literal["sample", "moment"] = "sample") -> "pd.DataFrame":
    """A table of samples, or of their spans.

    Per sample, columns are the attributes of `Sample`, and `from_frame` gives the same data set
    back. Per moment, a row is one span in plain columns (a sample without spans has a row without
    times), for a quick look or a plot.
    """
    pandas = _pandas()
    rows = [_row(s) for s in data] if per == "sample" else [r for s in data for r in _rows(s)]
    columns = COLUMNS if per == "sample" else ("id", "film", "duration_s", "text", *_MOMENT)
    cells = {c: pandas.Series([row[c] for row in rows], dtype=object) for c in columns}
    frame = pandas.DataFrame(cells, columns=list(columns))
    if per == "moment":
        frame = frame.astype(dict.fromkeys(("duration_s", *_MOMENT), float))
    frame.attrs = {"format": data.format, "layout": data.layout}
    return frame


def from_frame(frame: "pd.DataFrame", format: str = "", *, strict: bool = True) -> Dataset:
    """The samples of a table, in either of the two shapes or made by hand.

    Columns that are no attribute of `Sample` go to `extra`; empty cells (None, nan) count as
    absent. Neighbouring rows of one id with `start_s` and `end_s` are one sample.
    """
    format = format or str(frame.attrs.get("format", ""))
    if format and format not in FORMATS:
        raise unknown("data.FORMATS", "annotation format", format, FORMATS)
    if "id" not in frame.columns:
        hint = "Number them: frame.assign(id=range(len(frame)))."
        raise AnnotationError("from_frame", "a column 'id'", shown(list(frame.columns)), hint)
    report = Report("DataFrame", strict)
    rows = [_present(row) for row in frame.to_dict("records")]
    groups = groupby(rows, lambda r: r.get("id")) if "start_s" in frame.columns else None
    packed = [list(g) for _, g in groups] if groups else [[row] for row in rows]
    samples = [_sample(i, group, report) for i, group in enumerate(packed)]
    layout = frame.attrs.get("layout") or (FORMATS[format].layout if format else Layout())
    found = tuple(s for s in samples if s is not None)
    if report.problems:
        message = summary("DataFrame", len(found), report.problems)
        warnings.warn(message, AnnotationWarning, stacklevel=2)
    return Dataset(found, tuple(report.problems), format, layout)


def _pandas() -> Any:
    try:
        import pandas
    except ImportError:
        hint = "pip install 'vtk-notebooks[data]'"
        raise AnnotationError("to_frame", "pandas", "none installed", hint) from None
    return pandas


def _row(sample: Sample) -> dict[str, Any]:
    return {column: getattr(sample, column) for column in COLUMNS}


def _rows(sample: Sample) -> list[dict[str, Any]]:
    spans = sample.spans or sample.captions or (None,)
    times = [{k: getattr(span, k, None) for k in _MOMENT} for span in spans]
    words = [(span.text if span else "") or sample.text for span in spans]
    return [_row(sample) | t | {"text": w} for t, w in zip(times, words, strict=True)]


def _present(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    """The cells that hold something."""
    return {str(k): v for k, v in row.items() if not (v is None or _is_nan(v))}


def _is_nan(value: Any) -> bool:
    return value != value if isinstance(value, float) else type(value).__name__ == "NAType"


def _sample(number: int, group: list[dict[str, Any]], report: Report) -> Sample | None:
    first = group[0]
    report.at(None, number)
    cells = {k: v for k, v in first.items() if k in COLUMNS}
    extra = {k: v for k, v in first.items() if k not in (*COLUMNS, *_MOMENT)}
    cells |= {k: tuple(cells[k]) for k in _TUPLES if isinstance(cells.get(k), list)}
    times = [tuple(map(row.get, _MOMENT)) for row in group if {"start_s", "end_s"} & row.keys()]
    wrong = _wrong(cells) or next(filter(None, map(_wrong_times, times)), None)
    if wrong:
        report.add("wrong type", wrong[0], wrong[1], shown(wrong[2]))
        return None
    if times:
        cells["spans"] = tuple(Span(*time) for time in times)  # type: ignore[arg-type] seen above
    return Sample(**{**cells, "extra": {**cells.get("extra", {}), **extra}})


_CELLS: tuple[tuple[str, Any, str], ...] = (
    ("id", str | int, "text or a whole number"),
    ("film", str, "text"),
    ("text", str, "text"),
    ("duration_s", int | float, "seconds"),
    *((column, tuple, "a list") for column in _TUPLES),
    ("extra", Mapping, "a mapping"),
)


def _wrong(cells: Mapping[str, Any]) -> tuple[str, str, Any] | None:
    """The first cell that a sample cannot hold: its column, what was expected, what came."""
    if "id" not in cells:
        return "id", "text or a whole number", None
    for column, kind, what in _CELLS:
        if column in cells and not isinstance(cells[column], kind):
            return column, what, cells[column]
    for column in ("spans", "captions"):
        for span in cells.get(column, ()):
            if not isinstance(span, Span):
                return column, "a list of Span", cells[column]
    return None


def _wrong_times(times: tuple[Any, ...]) -> tuple[str, str, Any] | None:
    for column, value in zip(_MOMENT, times, strict=True):
        missing = value is None and column == "score"
        if not missing and not (isinstance(value, int | float) and math.isfinite(value)):
            return column, "a finite number", value
    return None
