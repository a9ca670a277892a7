"""Cards: for each published system of the atlas, who made it, when, and its idea in one sentence.

The data are the TOML files in `cards/`, one per family. Whether a system works here is not data:
see `status`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from vtk_notebooks.registry import unknown

_ESCAPES = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


@dataclass(frozen=True)
class Paper:
    """A published system.

    Args:
        key: its name in files and on the command line.
        name: what people call it.
        title: of the paper.
        family: of the atlas; also the stem of its card file.
        authors: the first one and "et al.", or both of two.
        year: of the venue, else of the first arXiv version.
        arxiv: arXiv id without prefix, "" where none was confirmed.
        venue: where it appeared, "" unless sure.
        idea: what its mechanism does, in our words.
        mechanisms: "kind:name" of every mechanism that a faithful version needs.
        evidence: for the citation. "verified": id and first author were seen beside the title;
            "id verified": the id was, the first author is from memory; "secondary": the id was
            taken from reading notes; "memory": nothing was confirmed.
    """

    key: str
    name: str
    title: str
    family: str
    authors: str
    year: int
    arxiv: str
    venue: str
    idea: str
    mechanisms: tuple[str, ...]
    evidence: str

    @property
    def citation(self) -> str:
        """One line for a reference list."""
        where = self.venue or "arXiv"
        number = f" arXiv:{self.arxiv}." if self.arxiv else ""
        return f"{self.authors} {self.title}. {where} {self.year}.{number}"

    def bibtex(self) -> str:
        """A BibTeX entry under the paper's key; special characters are escaped."""
        fields = {
            "title": f"{{{self.title.translate(_ESCAPES)}}}",  # inner braces keep its capitals
            "author": self.authors.replace(" et al.", " and others").translate(_ESCAPES),
            "year": str(self.year),
        }
        journal = self.venue.startswith("IEEE ")
        if self.venue:
            fields["journal" if journal else "booktitle"] = self.venue.translate(_ESCAPES)
        if self.arxiv:
            fields |= {"eprint": self.arxiv, "archiveprefix": "arXiv"}
        kind = "article" if journal else "inproceedings" if self.venue else "misc"
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
        return "\n".join([f"@{kind}{{{self.key},", *lines, "}"])


@cache
def papers() -> Mapping[str, Paper]:
    """All cards by key, in alphabetical order."""
    found = {}
    for file in files("vtk_notebooks.papers").joinpath("cards").iterdir():
        if not file.name.endswith(".toml"):
            continue
        for key, row in tomllib.loads(file.read_text(encoding="utf-8")).items():
            row["mechanisms"] = tuple(row["mechanisms"])
            found[key] = Paper(key=key, family=file.name.removesuffix(".toml"), **row)
    return MappingProxyType(dict(sorted(found.items())))


def paper(key: str) -> Paper:
    """The card of one system; an unknown key is answered with the nearest one."""
    if key not in papers():
        raise unknown("papers", "paper", key, papers())
    return papers()[key]
