"""Convert: samples of one format in another, and what is lost on the way."""

from pathlib import Path

from vtk_notebooks.data.dataset import Dataset
from vtk_notebooks.data.format import Format
from vtk_notebooks.data.json.fields import ATTRIBUTES, NOTHING
from vtk_notebooks.data.problem import Report
from vtk_notebooks.data.record import Sample
from vtk_notebooks.data.source import Source


def converted(data: Dataset, format: Format) -> tuple[Sample, ...]:
    """The same samples with nothing of the file they came from."""
    keep = format.attributes | {"id", "film"}
    return tuple(Sample(**{name: getattr(s, name) for name in keep}) for s in data)


def losses(data: Dataset, format: Format, written: Path) -> list[str]:
    """What samples say and a file of them, once written, does not."""
    as_read = all(s.keys for s in data) or not format.fields
    if data.format == format.name and as_read:
        unknown = ATTRIBUTES - format.attributes - {"duration_s"}  # it may come from `durations=`
        return sorted(n for n in unknown if any(getattr(s, n) not in NOTHING for s in data))
    read = list(format.load(Source(written, Report(written.name))))
    pairs = list(zip(data, [*read, *[Sample("")] * (len(data) - len(read))], strict=False))
    lost = {n for ours, theirs in pairs for n in ATTRIBUTES if _gone(ours, theirs, n)}
    lost |= {"extra"} if data.format != format.name and any(s.extra for s in data) else set()
    return sorted(lost)


def _gone(ours: Sample, theirs: Sample, name: str) -> bool:
    value = getattr(ours, name)
    return value not in NOTHING and value != getattr(theirs, name)
