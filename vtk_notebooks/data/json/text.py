"""JSON with a memory: where each record starts, which keys come twice, how the text is laid out."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from vtk_notebooks.data.layout import Layout
from vtk_notebooks.data.problem import AnnotationError

_SPACE = re.compile(r"[ \t\n\r]*")
_COLON = re.compile(r'[\[{\s]*"(?:[^"\\]|\\.)*"(\s*:\s*)')
_INDENT = re.compile(r"[\[{]\n([ ]+)\S")
_ESCAPABLE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_NOT_NUMBERS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": -float("inf")}


class Members(dict[str, Any]):
    """A JSON object whose keys may repeat: what a file wrote twice is written back twice."""

    def __init__(self, pairs: Iterable[tuple[str, Any]]) -> None:
        self.pairs = list(pairs)
        super().__init__(self.pairs)

    def items(self) -> Any:
        """All members as written, as the encoder of the standard library asks for them."""
        return self.pairs


@dataclass
class Cursor:
    """A place in a JSON text; `repeated` gathers keys that an object has twice."""

    text: str
    at: int = 0
    repeated: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # One nan object for all: a value that is equal to itself survives a comparison of dicts.
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=_NOT_NUMBERS.__getitem__
        )

    def peek(self) -> str:
        """The next character that is no blank, "" at the end."""
        self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
        return self.text[self.at : self.at + 1]

    def value(self) -> Any:
        """The value at the cursor, which moves behind it."""
        self.peek()
        value, self.at = self._decoder.raw_decode(self.text, self.at)
        return value

    def entries(self) -> Iterator[str | int]:
        """Keys or numbers of what the list or object at the cursor holds; take each `value`."""
        closing = {"[": "]", "{": "}"}[self.peek()]
        self.at += 1
        if self.peek() == closing:
            self.at += 1
            return
        number = 0
        while True:
            yield number if closing == "]" else self._key()
            number += 1
            mark = self.peek()
            if mark not in (closing, ","):
                raise json.JSONDecodeError("Expecting ',' delimiter", self.text, self.at)
            self.at += 1
            if mark == closing:
                return

    def _key(self) -> str:
        key = self.value() if self.peek() == '"' else None
        if key is None or self.peek() != ":":
            raise json.JSONDecodeError("Expecting a key and ':'", self.text, self.at)
        self.at += 1
        return key

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            times = Counter(key for key, _ in pairs)
            self.repeated += [key for key, n in times.items() if n > 1]
            return Members(pairs)
        return made


def json_style(text: str) -> dict[str, Any]:
    """How a JSON text is laid out, as fields of `Layout`."""
    indent, colon = _INDENT.match(text), _COLON.match(text)
    return {
        "indent": len(indent.group(1)) if indent else None,
        "compact": bool(colon) and colon.group(1) == ":",  # type: ignore[union-attr]
        "ascii": text.isascii(),
    }


def dumps(value: Any, layout: Layout) -> str:
    """A value as JSON text in a layout."""
    comma = "," if layout.compact or layout.indent is not None else ", "
    colon = ":" if layout.compact else ": "
    try:
        text = json.dumps(
            value, indent=layout.indent, ensure_ascii=layout.ascii, separators=(comma, colon)
        )
    except RecursionError:
        raise AnnotationError("json", "records of some depth", "brackets nested too deep") from None
    if layout.ascii:
        return text
    return _ESCAPABLE.sub(lambda half: f"\\u{ord(half.group()):04x}", text)
