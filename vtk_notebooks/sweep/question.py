"""Question: what is asked of a film, and, where somebody knows it, when the answer is on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment, tiou
from vtk_notebooks.registry import unknown
from vtk_notebooks.video import Film


@dataclass(frozen=True)
class Question:
    """A text and its true moments.

    Args:
        text: as a person would ask it.
        truth: all moments that answer it; empty where nobody knows.
    """

    text: str
    truth: tuple[Moment, ...] = ()

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise VtkError("Question", "a text", repr(self.text), "Say what to look for.")

    def iou(self, moments: Sequence[Moment]) -> float:
        """How well the best moment meets the truth it meets best, in [0, 1]; no answer meets none.

        nan without a truth.
        """
        if not self.truth:
            return float("nan")
        return max((tiou(moments[0], true) for true in self.truth), default=0.0) if moments else 0.0


Asked = str | Question | Sequence[str | Question]
"""One question or several; a text is a question whose answer nobody knows."""


def named_films(films: Any) -> dict[str, Any]:
    """Films by names for people: the given ones, or those of the files, numbered where equal.

    Raises:
        VtkError: without any film.
    """
    if isinstance(films, Mapping):
        named = {str(name): film for name, film in films.items()}
    else:
        alone = isinstance(films, Clip | Film | str | Path | bytes)
        named = {}
        for number, film in enumerate([films] if alone else films, 1):
            enter(named, _name(film) or f"film {number}", film)
    if not named:
        raise VtkError("ablate", "one or more films", "none")
    return named


def asked_of(films: Iterable[str], queries: Asked | Mapping[str, Asked]) -> dict[str, Any]:
    """The questions of each film: the same for all, or a list under each film's name."""
    films = list(films)
    if not isinstance(queries, Mapping):
        return dict.fromkeys(films, _listed("all films", queries))
    for name in queries:
        if name not in films:
            raise unknown("ablate", "film in queries", name, films)
    if missing := [name for name in films if name not in queries]:
        hint = "List its questions under its name, or leave it out of the films."
        raise VtkError("ablate", "questions for every film", f"none for {missing[0]!r}", hint)
    return {name: _listed(name, queries[name]) for name in films}


def enter(named: dict[str, Any], name: str, thing: Any) -> None:
    """Put a thing under its name, or under the name with a number where it is taken."""
    free, number = name, 2
    while free in named:
        free, number = f"{name} ({number})", number + 1
    named[free] = thing


def _name(film: Any) -> str:
    if isinstance(film, Clip | Film):
        return film.origin.name
    return Path(film).name if isinstance(film, str | Path) else ""


def _listed(film: str, queries: Asked) -> tuple[Question, ...]:
    alone = isinstance(queries, str | Question)
    several: Any = [queries] if alone else queries
    asked = tuple(q if isinstance(q, Question) else Question(q) for q in several)
    texts = [q.text for q in asked]
    if not asked or len(set(texts)) < len(texts):
        got = "none" if not asked else "the same one twice"
        raise VtkError("ablate", f"one or more different questions for {film}", got)
    return asked
