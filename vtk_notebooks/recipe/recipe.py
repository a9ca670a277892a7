"""Recipe: which mechanisms, in which order, with which numbers; frozen, hashable, JSON.

A recipe is checked when it is made: every name is registered, every parameter is a field of the
mechanism, and an error names the nearest thing that would have been right.
"""

import itertools
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from vtk_notebooks import registry
from vtk_notebooks.errors import RecipeError
from vtk_notebooks.part import STAGES, Part, PartLike, checked, checked_all
from vtk_notebooks.recipe.migrations import SCHEMA, migrated

DESIGNS = ("grid", "one_at_a_time", "paired")
"""How `Recipe.vary` combines values."""

LEAST = MappingProxyType({"frames": 1, "short_side": 1, "seed": 0})
"""Whole numbers of a recipe, and the least that each may be."""

Path = str
"""Where in a recipe, with dots: "frames", "head.best", "stages.0", "stages.0.keep"."""


@dataclass(frozen=True, init=False)
class Recipe:
    """From a film and a question to moments.

    Where a part is wanted, its name or its plain form (`{"name": ..., "params": {...}}`) will do.

    Args:
        encoders: read the film side by side; their channels are concatenated on the first one's
            grid. The first that can read text also reads the question.
        stages: compressors, mixers and memories, in order.
        head: finds the moments.
        timecodec: writes the moments as symbols, where one is wanted.
        frames: sampled at the starts of equal parts of the film.
        short_side: of a decoded frame, in pixels; enough for the encoder and for the eye.
        seed: for whatever draws at random.
        name: for a legend; says nothing about what is computed.
    """

    encoders: tuple[Part, ...]
    stages: tuple[Part, ...]
    head: Part
    timecodec: Part | None
    frames: int
    short_side: int
    seed: int
    name: str = field(compare=False)

    def __init__(
        self,
        encoders: PartLike | Iterable[PartLike] = ("dinov2", "conse"),
        stages: PartLike | Iterable[PartLike] = (),
        head: PartLike = "best_span",
        timecodec: PartLike | None = None,
        frames: int = 32,
        short_side: int = 270,
        seed: int = 0,
        name: str = "",
    ) -> None:
        fill = partial(object.__setattr__, self)
        fill("encoders", checked_all("encoders", encoders, ("encoder",)))
        fill("stages", checked_all("stages", stages, STAGES))
        fill("head", checked("head", head, ("head",)))
        codec = None if timecodec is None else checked("timecodec", timecodec, ("timecodec",))
        fill("timecodec", codec)
        if not self.encoders:
            raise RecipeError("Recipe.encoders", "at least one encoder", "none", "Try 'conse'.")
        for where, value in {"frames": frames, "short_side": short_side, "seed": seed}.items():
            fill(where, _number(where, value))
        fill("name", name)

    @property
    def label(self) -> str:
        """The given name, or the stages and their numbers."""
        return self.name or " + ".join(p.label for p in self.stages) or "all tokens"

    def with_(self, path: Path, value: Any) -> "Recipe":
        """The same recipe with another value at one place."""
        head, _, rest = path.partition(".")
        if head not in {f.name for f in fields(self)}:
            raise registry.unknown("Recipe", "field", head, [f.name for f in fields(self)])
        old = getattr(self, head)
        if not rest:
            new = value
        elif isinstance(old, tuple):
            new = _with_item(f"Recipe.{head}", old, rest, value)
        elif isinstance(old, Part):
            new = old.with_(**{rest.removeprefix("params."): value})
        else:
            raise RecipeError(f"Recipe.{path}", f"no parameters below {head!r}", repr(old))
        return replace(self, **{head: new})

    def vary(self, changes: Mapping[Path, Iterable[Any]], design: str = "grid") -> list["Recipe"]:
        """Recipes with the listed values at the listed places.

        Args:
            changes: place -> values.
            design: "grid" is every combination, last place fastest; "one_at_a_time" is this recipe
                and then every listed value alone, those it has already left out; "paired" takes
                the first values together, then the second, and so on.

        Raises:
            RecipeError: for values that are no list, an empty list, or pairs that do not match.
        """
        if design not in DESIGNS:
            raise registry.unknown("Recipe.vary", "design", design, DESIGNS)
        values = {path: _values(path, given) for path, given in changes.items()}
        if design == "one_at_a_time":
            single = [self.with_(path, v) for path, given in values.items() for v in given]
            return list(dict.fromkeys([self, *single]))
        if design == "paired":
            if len({len(given) for given in values.values()}) > 1:
                got = ", ".join(f"{len(given)} of {path!r}" for path, given in values.items())
                raise RecipeError("Recipe.vary", "lists of one length for a paired design", got)
            rows: Iterable[tuple[Any, ...]] = zip(*values.values(), strict=True)
        else:
            rows = itertools.product(*values.values())
        return [self._with_all(zip(values, row, strict=True)) for row in rows]

    def _with_all(self, changes: Iterable[tuple[Path, Any]]) -> "Recipe":
        recipe = self
        for path, value in changes:
            recipe = recipe.with_(path, value)
        return recipe

    def diff(self, other: "Recipe") -> dict[Path, tuple[Any, Any]]:
        """Where two recipes differ: place -> (here, there)."""
        a, b = _flat(self.as_dict()), _flat(other.as_dict())
        return {k: (a.get(k), b.get(k)) for k in {**a, **b} if a.get(k) != b.get(k)}

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers, strings, lists and dicts; `from_dict` reads it back."""
        plain = {f.name: _plain(getattr(self, f.name)) for f in fields(self)}
        return {"schema": SCHEMA, **plain}

    def to_json(self) -> str:
        """One stable text for equal recipes of equal name."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Recipe":
        """A recipe from its plain form, of this schema or an older one; refuses unknown fields."""
        data = migrated(data)
        known = [f.name for f in fields(cls)]
        for key in data:
            if key not in known:
                raise registry.unknown("Recipe", "field", key, known)
        for where in data.keys() & LEAST:
            _number(where, data[where])
        if not isinstance(name := data.get("name", ""), str):
            raise RecipeError("Recipe.name", "a text", repr(name), f"Did you mean {str(name)!r}?")
        return cls(**data)

    @staticmethod
    def schema() -> dict[str, Any]:
        """The JSON form as a JSON Schema, with every mechanism that is registered now."""
        from vtk_notebooks.recipe.schema import recipe_schema

        return recipe_schema()

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """A recipe from JSON text."""
        try:
            data = json.loads(text)
        except json.JSONDecodeError as error:
            got = f"line {error.lineno}: {error.msg}"
            raise RecipeError("Recipe.from_json", "valid JSON", got, "Mend that line.") from None
        if not isinstance(data, dict):
            raise RecipeError("Recipe.from_json", "a JSON object", type(data).__name__)
        return cls.from_dict(data)


def _values(path: Path, given: Iterable[Any]) -> list[Any]:
    """The values as a list; a text is one value, and would be taken letter by letter."""
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        hint = f"Write [{given!r}] for a single one."
        raise RecipeError(f"Recipe.vary {path!r}", "a list of values", repr(given), hint)
    values = list(given)
    if not values:
        raise RecipeError(f"Recipe.vary {path!r}", "one value or more", "none")
    return values


def _number(where: str, value: Any) -> int:
    """A whole number that is not too small; else the error says which was probably meant."""
    least = LEAST[where]
    if isinstance(value, int) and not isinstance(value, bool) and value >= least:
        return value
    hint = ""
    with suppress(TypeError, ValueError, OverflowError):
        hint = f"Did you mean {max(least, round(float(value)))}?"
    raise RecipeError(f"Recipe.{where}", f"a whole number from {least} on", repr(value), hint)


def _with_item(who: str, parts: tuple[Part, ...], rest: str, value: Any) -> tuple[Any, ...]:
    number, _, param = rest.partition(".")
    if not number.isdigit() or int(number) >= len(parts):
        raise RecipeError(who, f"a number below {len(parts)}", repr(number), "Count from 0.")
    param = param.removeprefix("params.")  # as `diff` names it
    new = parts[int(number)].with_(**{param: value}) if param else value
    return (*parts[: int(number)], new, *parts[int(number) + 1 :])


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        return {"name": value.name, "kind": value.kind, "params": _plain(dict(value.params))}
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, tuple) else value


def _flat(value: Any, at: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return {at: value}
    return {k: v for key, sub in items for k, v in _flat(sub, f"{at}.{key}".lstrip(".")).items()}
