"""Format: a published way to write annotations down, and how to read and write it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from vtk_notebooks.data.json.fields import Field
from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.record import Sample
from vtk_notebooks.data.source import Source


def own_id(sample: Sample) -> object:
    """What may not come twice in a file: the id, whether it is written as text or as a number."""
    return str(sample.id)


@dataclass(frozen=True)
class Format:
    """A published annotation format.

    Args:
        title: how to call it in a table.
        paper: title of the paper it comes from, or the document that defines it.
        arxiv: arXiv id without prefix, "" where there is none.
        licence: of the published annotations, as far as their source says.
        extensions: of its files.
        load: from a file to samples, reporting what is odd.
        dump: from samples back to pieces of text.
        fields: of JSON formats: attributes of `Sample` with the names they have in a record.
        holds: attributes that have a place in a file otherwise.
        labels: what others call an attribute.
        identity: what may not come twice in one file.
        layout: of files that are written from scratch.
    """

    name: str
    title: str
    paper: str
    year: int
    arxiv: str
    licence: str
    extensions: tuple[str, ...]
    load: Callable[[Source], Iterator[Sample]]
    dump: Callable[[Iterable[Sample], Layout], Iterator[str]]
    fields: tuple[Field, ...] = ()
    holds: frozenset[str] = frozenset()
    labels: dict[str, str] = field(default_factory=dict, hash=False)
    identity: Callable[[Sample], object] = own_id
    layout: Layout = field(default_factory=Layout)

    @property
    def attributes(self) -> frozenset[str]:
        """All attributes of `Sample` that a file says."""
        return self.holds.union(field.attribute for field in self.fields)

    def label(self, sample: Sample, attribute: str) -> str:
        """What the file calls an attribute of this sample."""
        keys = {*sample.keys, *sample.shared}
        for one in self.fields:
            if one.attribute == attribute and any(key in keys for key in one.names):
                return "/".join(one.names) or attribute
        return self.labels.get(attribute, attribute)
