"""Status: whether a system of the atlas works here. Derived from files, never declared.

A system works iff it has a file `papers/<family>/<key>.py`, every mechanism that the file and the
card name is registered, and the tests that the file names exist. Tests are looked for only in a
checkout: an installed package carries none.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Literal

from vtk_notebooks import registry
from vtk_notebooks.papers.card import paper, papers

Status = Literal["working", "planned"]


def checkout() -> Path | None:
    """The repository this package is run from; None when it is installed."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() and (root / "tests").is_dir() else None


def paper_file(key: str) -> ModuleType | None:
    """The module that makes a paper work: MECHANISMS, TESTS, DIFFERS and `demo`; None without."""
    room = f"vtk_notebooks.papers.{paper(key).family}"
    found = find_spec(room) and find_spec(f"{room}.{key}")
    return import_module(f"{room}.{key}") if found else None


def mechanisms(key: str) -> tuple[str, ...]:
    """All mechanisms of a paper as "kind:name": its card's, then what its file adds."""
    named = (*paper(key).mechanisms, *getattr(paper_file(key), "MECHANISMS", ()))
    return tuple(dict.fromkeys(named))


def missing(key: str) -> tuple[str, ...]:
    """What still stands between a paper and "working", as a to-do list."""
    file, root = paper_file(key), checkout()
    gaps = [name for name in mechanisms(key) if not _registered(name)]
    if file is None:
        return (*gaps, f"vtk_notebooks/papers/{paper(key).family}/{key}.py")
    if not file.TESTS:
        gaps.append("a test")
    if root:
        gaps += [test for test in file.TESTS if not (root / test).is_file()]
    return tuple(gaps)


def status_of(key: str) -> Status:
    """Whether a paper works here."""
    return "planned" if paper_file(key) is None or missing(key) else "working"


def working() -> tuple[str, ...]:
    """Keys of all papers that work here."""
    return tuple(key for key in papers() if status_of(key) == "working")


def _registered(name: str) -> bool:
    kind, _, stem = name.partition(":")
    return stem in _names(kind)


@cache
def _names(kind: str) -> frozenset[str]:
    return frozenset(registry.names(kind))
