"""The registry: every mechanism under its kind and name, with a card that says whose it is.

Floor 0 knows no mechanism. A family's package is imported when its first member is asked for,
so that `import vtk_notebooks` costs nothing.
"""

import dataclasses
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any, TypeVar

from vtk_notebooks.errors import UnknownNameError, VtkError

FAMILIES = MappingProxyType(
    {
        "encoder": "encoders",
        "mixer": "mixers",
        "compressor": "compressors",
        "timecodec": "timecodecs",
        "head": "heads",
        "memory": "streaming.memory",
        "policy": "streaming.replies",
        "pattern": "generation.patterns",
        "schedule": "generation.schedules",
        "injector": "generation.injectors",
        "pipeline": "pipelines",
        "metric": "metrics",
        "curation": "curation",
        "objective": "objectives",
    }
)
"""Kind of mechanism -> the package, below `vtk_notebooks`, whose files hold its members."""

T = TypeVar("T", bound=Callable[..., Any])


@dataclass(frozen=True)
class Card:
    """Whose idea a mechanism is.

    Args:
        kind: a key of `FAMILIES`.
        name: what it does, in snake case; equals the stem of its file.
        title: how to call it in a table or a legend.
        paper: title of the paper, or "baseline".
        year: year of publication, 0 for baselines.
        arxiv: arXiv id without prefix, "" where there is none.
        atlas: keys of the published systems that use it.
    """

    kind: str
    name: str
    title: str
    paper: str
    year: int = 0
    arxiv: str = ""
    atlas: tuple[str, ...] = ()


_TABLE: dict[tuple[str, str], tuple[Card, Callable[..., Any]]] = {}


def register(
    kind: str,
    name: str,
    *,
    title: str,
    paper: str,
    year: int = 0,
    arxiv: str = "",
    atlas: tuple[str, ...] = (),
) -> Callable[[T], T]:
    """Put a class (or a function that makes one) into the registry, under a name nobody has."""
    _family(kind)

    def enter(maker: T) -> T:
        taken = _TABLE.get((kind, name))
        if taken and taken[1].__module__ != maker.__module__:
            raise VtkError("register", "a free name", f"{kind} {name!r}", "Rename one of the two.")
        _TABLE[kind, name] = Card(kind, name, title, paper, year, arxiv, atlas), maker
        return maker

    return enter


def names(kind: str) -> list[str]:
    """All registered names of a kind, sorted."""
    _load(kind)
    return sorted(name for k, name in _TABLE if k == kind)


def card(kind: str, name: str) -> Card:
    """The card of one mechanism."""
    return _find(kind, name)[0]


def maker(kind: str, name: str) -> Callable[..., Any]:
    """The class, or factory, behind a name."""
    return _find(kind, name)[1]


def parameters(kind: str, name: str) -> dict[str, Any]:
    """Parameter names of a mechanism and their defaults."""
    made = maker(kind, name)
    if dataclasses.is_dataclass(made):
        return {f.name: f.default for f in dataclasses.fields(made) if f.init}
    return {p.name: p.default for p in inspect.signature(made).parameters.values()}


def build(kind: str, name: str, **params: Any) -> Any:
    """Make a mechanism; an unknown name or parameter is answered with the nearest known one."""
    made, known = maker(kind, name), parameters(kind, name)
    for key in params:
        if key not in known:
            raise unknown(f"{kind} {name!r}", "parameter", key, known)
    return made(**params)


def unknown(who: str, what: str, got: str, known: Any) -> UnknownNameError:
    """The error for a name nobody knows: says the nearest one, or lists them all."""
    near = get_close_matches(str(got), [str(k) for k in known], n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(known)) or 'none'}."
    error = UnknownNameError(who, f"a known {what}", repr(got), hint)
    error.known = tuple(str(k) for k in known)
    return error


def _find(kind: str, name: str) -> tuple[Card, Callable[..., Any]]:
    _load(kind)
    if (kind, name) not in _TABLE:
        raise unknown("registry", kind, name, names(kind))
    return _TABLE[kind, name]


def _family(kind: str) -> str:
    if kind not in FAMILIES:
        raise unknown("registry", "kind", kind, FAMILIES)
    return FAMILIES[kind]


def live(kind: str) -> bool:
    """Whether the family of a kind has moved in; they do so one by one."""
    top, _, rest = _family(kind).partition(".")
    there = find_spec(f"vtk_notebooks.{top}") is not None
    return there and (not rest or find_spec(f"vtk_notebooks.{top}.{rest}") is not None)


def _load(kind: str) -> None:
    if live(kind):
        import_module(f"vtk_notebooks.{_family(kind)}")
