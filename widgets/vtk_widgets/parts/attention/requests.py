"""What the browser asks an explorer for, checked, and the answer as bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.steps import Cancel, Progress
from vtk_widgets.parts.attention.lens import HOW, Lens

KINDS = ("view", "row", "times", "tile")


@dataclass(frozen=True)
class Request:
    """One question of the browser.

    Args:
        kind: "view", all words that are asked about; "row", one word; "times", which frames look
            at a cell; "tile", a window of a map.
        id: by which the browser knows the answer.
        how: layers and heads are joined.
        layer: from 0, -1 for all.
        head: likewise.
        word: position in the prompt.
        cell: frame, row and column.
        rows: first and one past the last of a tile.
        keys: likewise.
        size: of a tile's longer side, in pixels.
    """

    kind: str
    id: int
    how: str
    layer: int
    head: int
    word: int = 0
    cell: tuple[int, ...] = ()
    rows: tuple[int, ...] = ()
    keys: tuple[int, ...] = ()
    size: int = 256

    @classmethod
    def read(cls, asked: Mapping[str, Any], lens: Lens) -> "Request":
        """A message as a request that can be answered."""
        made = cls(
            kind=str(asked.get("kind")),
            id=int(asked.get("id", 0)),
            how=str(asked.get("how", "mean")),
            layer=int(asked.get("layer", -1)),
            head=int(asked.get("head", -1)),
            word=int(asked.get("word", 0)),
            **{name: tuple(int(v) for v in asked.get(name, ())) for name in _SPANS},
            size=int(asked.get("size", 256)),
        )
        made._check(lens)
        return made

    def said(self) -> dict[str, Any]:
        """What goes back beside the bytes."""
        return {name: getattr(self, name) for name in ("kind", "id", "how", "layer", "head")}

    def _check(self, lens: Lens) -> None:
        n = len(lens.token)
        inside = all(0 <= c < size for c, size in zip(self.cell, lens.tokens.grid, strict=False))
        right = (
            self.kind in KINDS
            and self.how in HOW
            and -1 <= self.layer < len(lens.layers)
            and -1 <= self.head < lens.heads
            and (self.kind != "row" or (0 <= self.word < n and lens.token[self.word] < 0))
            and (self.kind != "times" or (len(self.cell) == 3 and inside))
            and (self.kind != "tile" or self.layer >= 0)
        )
        if not right:
            raise VtkError("AttentionExplorer", f"a {' or '.join(KINDS)} of this prompt", self)


_SPANS = ("cell", "rows", "keys")


def is_quick(lens: Lens, request: Request) -> bool:
    """Whether the kernel may answer in passing."""
    n = len(lens.token)
    if request.kind == "tile":
        many = lens.heads if request.head < 0 else 1
        return lens.cheap(many * (request.rows[1] - request.rows[0]) if request.rows else many * n)
    rows = {"view": len(lens.asked), "row": 1, "times": n}[request.kind]
    return lens.quick(request.how, request.layer, request.head, rows)


def answered(
    lens: Lens, request: Request, progress: Progress | None = None, cancel: Cancel | None = None
) -> list[bytes]:
    """The bytes that were asked for; `Lens.packed` says how a view or a row is written.

    "times" gives float32 (t), nan where no token stands; "tile" gives float16 (y x) and int32
    (height, width).
    """
    where = (request.how, request.layer, request.head)
    if request.kind == "times":
        times = lens.times(*where, request.cell, progress, cancel)
        return [times.numpy().astype("<f4").tobytes()]
    if request.kind == "tile":
        rows, keys = request.rows or (0, len(lens.token)), request.keys or (0, len(lens.token))
        tile = lens.tile(request.layer, request.head, rows, keys, request.size)
        shape = torch.tensor(tile.shape)
        return [tile.numpy().astype("<f2").tobytes(), shape.numpy().astype("<i4").tobytes()]
    asked = lens.asked if request.kind == "view" else torch.tensor([request.word])
    return lens.view(*where, asked, progress, cancel)


def stored(lens: Lens, how: str, most_bytes: int = 1_500_000) -> list[dict[str, Any]]:
    """Views of all heads together for a page without a kernel, the chosen way first.

    Only what is known already is taken, and as many words as fit, the last ones.
    """
    known = [w for w in HOW if w in lens.joined or f"{w} of all" in lens.joined]
    found = list[dict[str, Any]]()
    for way in sorted(known, key=lambda w: w != how):
        parts = lens.view(way, -1, -1, lens.asked)
        room = most_bytes - sum(len(p) for view in found for p in view["parts"])
        if sum(map(len, parts)) > room:
            fewer = max(1, len(lens.asked) * room // max(1, sum(map(len, parts))))
            if found:
                break
            parts = lens.view(way, -1, -1, lens.asked[-fewer:])
        found.append({"how": way, "layer": -1, "head": -1, "parts": parts})
    return found
