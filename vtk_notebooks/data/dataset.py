"""Dataset: the samples of one file, what was odd about it, and how it was laid out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.problem import Kind, Problem, counts
from vtk_notebooks.data.record import Sample
from vtk_notebooks.registry import unknown


@dataclass(frozen=True)
class Dataset:
    """Samples in the order of their file; two are equal when they hold the same samples.

    Args:
        problems: everything odd that was met on the way in, in order.
        format: name of the format they came in.
    """

    samples: tuple[Sample, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    format: str = ""
    layout: Layout = field(default_factory=Layout, compare=False)

    def __len__(self) -> int:
        return len(self.samples)

    def __iter__(self) -> Iterator[Sample]:
        return iter(self.samples)

    def sample(self, id: str | int) -> Sample:
        """The first sample of that id, whether the file has it as text or as a number."""
        for sample in self.samples:
            if str(sample.id) == str(id):
                return sample
        raise unknown(f"this {self.format} data set", "sample", str(id), [s.id for s in self])

    def counts(self) -> dict[Kind, int]:
        """How many problems there are of each kind."""
        return counts(self.problems)
