"""Part: one mechanism of a recipe, by name, with the numbers that differ from its defaults."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from types import UnionType
from typing import Any, get_args, get_origin

from vtk_notebooks import registry
from vtk_notebooks.errors import RecipeError

STAGES = ("compressor", "mixer", "memory")
"""Kinds that may stand among the stages of a recipe; a name that two share is the first one's."""


@dataclass(frozen=True)
class Part:
    """One mechanism by name, with the parameters that differ from its defaults.

    Args:
        name: as registered; "kind:name" where two kinds share it.
        params: a mapping, or pairs; kept sorted, so that equal parts are equal.
        kind: filled in by the recipe.
    """

    name: str
    params: Any = ()
    kind: str = ""

    def __post_init__(self) -> None:
        kind, _, name = self.name.rpartition(":")
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "kind", kind or self.kind)
        pairs = self.params.items() if isinstance(self.params, Mapping) else self.params
        frozen = tuple(sorted((str(k), _frozen(v)) for k, v in pairs))
        object.__setattr__(self, "params", frozen)

    def build(self) -> Any:
        """The mechanism itself."""
        return registry.build(self.kind, self.name, **dict(self.params))

    def with_(self, **params: Any) -> "Part":
        """The same mechanism with other numbers."""
        return replace(self, params={**dict(self.params), **params})

    @property
    def label(self) -> str:
        """Name and parameters, for a legend."""
        return " ".join([self.name, *(f"{k}={_short(v)}" for k, v in self.params)])


PLAIN = ("name", "kind", "params")
"""Fields of a part's plain form."""

SAID = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}
SAID |= {type(None): "nothing"}

PartLike = Part | str | Mapping[str, Any]
"""A part, its name, or its plain form."""


def checked_all(
    where: str, values: PartLike | Iterable[PartLike], kinds: tuple[str, ...]
) -> tuple[Part, ...]:
    """A tuple of checked parts; a single one stands for itself."""
    alone = isinstance(values, Part | str | Mapping)
    parts = (values,) if alone else tuple(values)  # type: ignore[arg-type]
    return tuple(checked(f"{where}.{i}", part, kinds) for i, part in enumerate(parts))


def checked(where: str, value: Any, kinds: tuple[str, ...]) -> Part:
    """A part whose name and parameters are registered, from a part, a name, or its plain form.

    Args:
        where: the place in the recipe, for the error.
        value: what stands there.
        kinds: that may stand there, the likelier first.
    """
    who = f"Recipe.{where}"
    if isinstance(value, str):
        value = Part(value)
    elif isinstance(value, Mapping) and "name" in value:
        for key in value:
            if key not in PLAIN:
                raise registry.unknown(who, "field of a part", key, PLAIN)
        value = Part(value["name"], value.get("params", {}), value.get("kind", ""))
    if not isinstance(value, Part):
        raise RecipeError(who, "a name, a Part or {'name': ..., 'params': {...}}", repr(value))
    for kind in kinds:
        if value.kind in ("", kind) and value.name in registry.names(kind):
            _check_params(who, kind, value)
            return replace(value, kind=kind)
    known = [n for kind in kinds for n in registry.names(kind)]
    raise registry.unknown(who, " or ".join(kinds), value.name, known)


def _check_params(who: str, kind: str, part: Part) -> None:
    known = registry.parameters(kind, part.name)
    declared = getattr(registry.maker(kind, part.name), "__dataclass_fields__", {})
    for key, value in part.params:
        if key not in known:
            raise registry.unknown(f"{who} {part.name!r}", "parameter", key, known)
        if key in declared:
            _check_value(f"{who}.{key}", declared[key].type, value)


def _check_value(who: str, annotation: Any, value: Any) -> None:
    """Refuses a text for a number and the like; what a number may be, its mechanism knows."""
    several = get_args(annotation) if get_origin(annotation) is UnionType else (annotation,)
    if not all(one in SAID for one in several):
        return
    whole = isinstance(value, int) and not isinstance(value, bool) and float in several
    if not whole and type(value) not in several:
        expected = " or ".join(SAID[one] for one in several)
        raise RecipeError(who, expected, repr(value), _meant(several, value))


def _meant(several: tuple[Any, ...], value: Any) -> str:
    """The nearest value that would do, as a hint."""
    for one in several:
        if one in (int, float) and isinstance(value, str | float | bool):
            with suppress(ValueError, OverflowError):
                number = float(value)
                return f"Did you mean {round(number) if one is int else number:g}?"
        if one is str and not isinstance(value, tuple):
            return f"Did you mean {str(value)!r}?"
        if one is bool and str(value).lower() in ("true", "false", "0", "1"):
            return f"Did you mean {str(value).lower() in ('true', '1')}?"
    return ""


def _frozen(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_frozen(v) for v in value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    hint = "Give it as numbers, text or lists of them."
    raise RecipeError("Part", "JSON values as parameters", type(value).__name__, hint)


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).replace(" ", "")
