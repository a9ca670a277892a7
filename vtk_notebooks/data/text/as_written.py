"""As written: text formats keep what they would write differently, as long as it says the same."""

from collections.abc import Callable
from dataclasses import replace

from vtk_notebooks.data.problem import AnnotationError
from vtk_notebooks.data.record import Sample

WRITTEN = "as_written"
"""Name in `extra` of the text a sample was read from, where it is not our own way to write it."""

Render = Callable[[Sample], str]


def keep(sample: Sample, text: str, render: Render) -> Sample:
    """The sample, with the text it came from if `render` would write another or none."""
    try:
        same = render(sample) == text
    except AnnotationError:
        same = False
    return sample if same else replace(sample, extra={WRITTEN: text})


def write(sample: Sample, says: Callable[[str], bool], render: Render) -> str:
    """The text a sample came from if it still `says` the same, else a new one."""
    text = sample.extra.get(WRITTEN)
    return text if isinstance(text, str) and says(text) else render(sample)
