"""Parameters: what can be turned on a mechanism, read off its dataclass and tried on itself.

Name, type, default and meaning are those of the fields and of the docstring. The range is not
written down anywhere a second time: the mechanism is made with one value after another, and what
it refuses lies outside. A range may be wider than what is allowed beside other numbers; the
mechanism has the last word.
"""

import dataclasses
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from vtk_notebooks import registry
from vtk_notebooks.errors import RecipeError, UnknownNameError, VtkError

KINDS = ("switch", "whole", "number", "choice", "text", "list")
"""What a control for a parameter looks like."""

_FAR = 10.0**6  # a mechanism that takes this much has no upper end
_STEPS = 60  # of halving towards an end
_DIGITS = 6  # of an end, behind the point
_NOBODY = "?"  # a name that no choice has


@dataclass(frozen=True)
class Parameter:
    """One field of a mechanism.

    Args:
        name: of the field.
        kind: one of `KINDS`.
        default: the mechanism's own; None where it has none.
        meaning: as its docstring says it.
        low: least value it takes, None where there is no end (or it is no number).
        high: likewise the largest.
        choices: words it takes, for a choice.
        optional: whether None is allowed.
    """

    name: str
    kind: str
    default: Any
    meaning: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False

    def read(self, who: str, value: Any) -> Any:
        """A value as it comes from a page or a file, as the field wants it.

        Raises:
            RecipeError: that names the parameter.
        """
        if value is None and self.optional:
            return None
        expected = {
            "switch": "true or false",
            "whole": "a whole number",
            "number": "a number",
            "list": "a list of numbers",
        }.get(self.kind, "a text")
        if not _is(self.kind, value):
            raise RecipeError(f"{who}: {self.name}", expected, repr(value), self.meaning)
        casts: dict[str, Callable[[Any], Any]] = {"whole": int, "number": float}
        return casts.get(self.kind, lambda it: it)(value)

    def as_dict(self) -> dict[str, Any]:
        """Plain, for a page."""
        return dataclasses.asdict(self)


@cache
def parameters(kind: str, name: str) -> tuple[Parameter, ...]:
    """The parameters of a registered mechanism, in the order of its fields."""
    maker = registry.maker(kind, name)
    defaults, meanings = registry.parameters(kind, name), _meanings(maker)
    types = inspect.get_annotations(maker) if inspect.isclass(maker) else {}
    types |= {p.name: p.annotation for p in inspect.signature(maker).parameters.values()}
    return tuple(
        _parameter(kind, name, field, types.get(field), default, meanings.get(field, ""))
        for field, default in defaults.items()
    )


def _parameter(
    kind: str, name: str, field: str, annotation: Any, default: Any, meaning: str
) -> Parameter:
    default = None if default in (dataclasses.MISSING, inspect.Parameter.empty) else default
    looks, optional = _looks(annotation, default)

    def takes(value: Any) -> bool:
        try:
            registry.build(kind, name, **{field: value})
        except (VtkError, TypeError, ValueError):
            return False
        return True

    made = Parameter(field, looks, default, meaning, optional=optional)
    if looks in ("whole", "number"):
        low, high = _range(takes, looks == "whole", default)
        return dataclasses.replace(made, low=low, high=high)
    if looks == "text" and (choices := _choices(kind, name, field)):
        return dataclasses.replace(made, kind="choice", choices=choices)
    return made


def _looks(annotation: Any, default: Any) -> tuple[str, bool]:
    """Kind of control for a type, and whether None is allowed."""
    union = isinstance(annotation, UnionType)
    members = set(get_args(annotation)) if union else {annotation}
    optional = NoneType in members
    members -= {NoneType}
    if bool in members or isinstance(default, bool):
        return "switch", optional
    if float in members:
        return "number", optional
    if int in members:
        return "whole", optional
    if any(get_origin(m) is tuple for m in members) or isinstance(default, tuple | list):
        return "list", optional
    return "text", optional


def _range(
    takes: Callable[[Any], bool], whole: bool, default: Any
) -> tuple[float | None, float | None]:
    """Ends of the values that are taken, from a value that is."""
    cast: Callable[[float], Any] = (lambda v: round(v)) if whole else float
    start = next((v for v in (default, 1, 0.5, 2, 0) if v is not None and takes(cast(v))), None)
    if start is None:
        return None, None
    ends = [_end(lambda v: takes(cast(v)), float(start), far, whole) for far in (-_FAR, _FAR)]
    return ends[0], ends[1]


def _end(takes: Callable[[float], bool], inside: float, far: float, whole: bool) -> float | None:
    """Where values stop being taken on the way to a far one; None where they never do."""
    if takes(far):
        return None
    outside = far
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        middle = float(round(middle)) if whole else middle
        if middle in (inside, outside):
            break
        inside, outside = (middle, outside) if takes(middle) else (inside, middle)
    return inside if whole else round(inside, _DIGITS) + 0.0  # never -0.0


def _choices(kind: str, name: str, field: str) -> tuple[str, ...]:
    """The words that a text field takes, where it takes only some."""
    try:
        registry.build(kind, name, **{field: _NOBODY})
    except UnknownNameError as error:
        return error.known
    except (VtkError, TypeError, ValueError, OSError):
        pass
    return ()


def _is(kind: str, value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool) and value == value
    match kind:
        case "switch":
            return isinstance(value, bool)
        case "whole":
            return number and abs(value) < 2**53 and float(value).is_integer()
        case "number":
            return number
        case "list":
            return isinstance(value, list | tuple)
    return isinstance(value, str)


def _meanings(maker: Any) -> dict[str, str]:
    """What the `Args` of a docstring say of each field, on one line."""
    _, _, args = inspect.cleandoc(maker.__doc__ or "").partition("Args:\n")
    found: dict[str, str] = {}
    for line in args.split("\n\n")[0].splitlines():
        if entry := re.match(r"    (\w+): (.*)", line):
            found[entry[1]] = entry[2].strip()
        elif found and line.startswith("        "):
            found[next(reversed(found))] += f" {line.strip()}"
    return found
