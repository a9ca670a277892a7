"""A lens on a prompt's attention: words on cells, cells on frames, windows of maps, as bytes.

Everything is computed from queries and keys when it is asked for. A view has the words that can
be picked as rows and the film's cells as columns, so that pointing at either needs no kernel.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.attention import (
    AttentionTiles,
    find_sinks,
    mean_rows,
    most_rows,
    rollout_rows,
    words_to_video,
)
from vtk_notebooks.models.steps import Cancel, Progress, Steps
from vtk_notebooks.tokens import Tokens
from vtk_widgets.parts.attention.overview import Overview, overview, spread

HOW = ("mean", "max", "rollout", "relevance")
ACROSS = HOW[2:]
"""Ways that are of all layers and heads together, whichever is chosen."""
MOST_ASKED = 48
"""Words whose rows are sent together: the last ones of the prompt, the question among them."""
_EVERY_ROW = 512
_BLOCK = 256
_FEWEST_LOOKS = 6
_QUICK = 6e8  # multiplications that nobody notices


@dataclass(frozen=True)
class Lens:
    """What was kept of one prompt's pass.

    Args:
        tiles: queries and keys of each layer.
        token: number of the video token at each position, -1 at words.
        words: text of every position.
        tokens: what stood at the positions of video.
        relevance: the relevance of every position to every key; None where no model is at hand.
    """

    tiles: AttentionTiles
    token: Int[Tensor, "k"]
    words: tuple[str, ...]
    tokens: Tokens
    relevance: Callable[[], Float[Tensor, "k k"]] | None = None
    joined: dict[str, Tensor] = field(default_factory=dict)

    @property
    def layers(self) -> list[str]:
        """By name, first to last."""
        return list(self.tiles.layers)

    @property
    def heads(self) -> int:
        """The most that any layer has."""
        return max(self.tiles.shape(name)[0] for name in self.layers)

    @property
    def places(self) -> Int[Tensor, "w"]:
        """Positions that are words."""
        return (self.token < 0).nonzero().flatten()

    @property
    def asked(self) -> Int[Tensor, "r"]:
        """Words behind the film, which saw all of it; the last ones where there are many."""
        video = (self.token >= 0).nonzero().flatten()
        last = int(video[-1]) if len(video) else -1
        behind = self.places[self.places > last]
        return (behind if len(behind) else self.places)[-MOST_ASKED:]

    def rows(
        self,
        how: str,
        layer: int,
        head: int,
        positions: Int[Tensor, "r"],
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> Float[Tensor, "r k"]:
        """What some positions look at, joined the way that is asked for."""
        if how == "rollout":
            return self._joined(how, positions, progress, cancel)
        if how == "relevance":
            if self.relevance is None:
                hint = "Make the explorer with AttentionExplorer.of(model, tokens, question)."
                raise VtkError("AttentionExplorer", "a model, for relevance", "tiles alone", hint)
            if how not in self.joined:
                self.joined[how] = self.relevance()
            return self.joined[how][positions]
        known = self.joined.get(f"{how} of all")
        if layer < 0 and known is not None and torch.equal(positions, self.asked):
            return known
        names = self.layers if layer < 0 else [self.layers[layer]]
        if layer >= 0 and head >= 0:
            return self.tiles.rows(names[0], positions, head)[0]
        return (most_rows if how == "max" else mean_rows)(self.tiles, positions, names)

    def first(self, progress: Progress | None = None, cancel: Cancel | None = None) -> Overview:
        """The pass over all heads; what it found is remembered."""
        made = overview(
            self.tiles, self.token, self.tokens, self.asked, self.sample, progress, cancel
        )
        found = {"mean of all": made.mean, "max of all": made.most}
        self.joined.update(found | {_sinks(-1, -1): judged(made.judge)})
        return made

    def view(
        self,
        how: str,
        layer: int,
        head: int,
        positions: Int[Tensor, "r"],
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> list[bytes]:
        """Words on cells and on words, and which of them are sinks; see `packed`."""
        weights = self.rows(how, layer, head, positions, progress, cancel)
        where = (-1, -1) if how in ACROSS else (layer, head)
        hurry = len(positions) == 1 and not self.judges(*where)  # a view with sinks comes after it
        sinks = torch.empty(0, dtype=torch.long) if hurry else self.sinks(*where)
        return self.packed(weights, positions, sinks)

    def packed(
        self, weights: Float[Tensor, "r k"], positions: Int[Tensor, "r"], sinks: Int[Tensor, "s"]
    ) -> list[bytes]:
        """Rows as bytes, little-endian.

        int32 (r) positions; float16 (r t h w) on cells; float16 (r w) on words; float32 (r) on
        cells together; float32 (r) on sinks; uint8 (t h w), 1 where a sink speaks for the cell;
        uint8 (w), 1 where a word is a sink.
        """
        seen = words_to_video(weights, positions, self.token, self.words, self.tokens)
        t, h, w = self.tokens.grid
        which, cell = self.tokens.edges.unbind(1)
        is_sink = torch.zeros(len(self.token), dtype=torch.bool)
        is_sink[sinks] = True
        tokens = self.token[sinks][self.token[sinks] >= 0]
        on_cells = torch.zeros(t * h * w, dtype=torch.uint8)
        on_cells[cell[torch.isin(which, tokens)]] = 1
        return [
            _bytes(positions, "<i4"),
            _bytes(seen.cells, "<f2"),
            _bytes(weights[:, self.places], "<f2"),
            _bytes(seen.cells.sum((1, 2, 3)), "<f4"),
            _bytes(weights[:, is_sink].sum(1), "<f4"),
            _bytes(on_cells, "u1"),
            _bytes(is_sink[self.places], "u1"),
        ]

    def sinks(self, layer: int, head: int) -> Int[Tensor, "s"]:
        """Positions that nearly every row looks at, judged by rows spread over the prompt."""
        key = _sinks(layer, head)
        if key not in self.joined:
            self.joined[key] = judged(self.rows("mean", layer, head, self.sample))
        return self.joined[key]

    @property
    def sample(self) -> Int[Tensor, "s"]:
        """Rows that sinks are judged by: all of a short prompt, some of a long one."""
        n = len(self.token)
        return torch.arange(n) if n <= _EVERY_ROW else spread(n, 64)

    def tile(
        self,
        layer: int,
        head: int,
        rows: Sequence[int],
        keys: Sequence[int],
        size: int,
    ) -> Float[Tensor, "y x"]:
        """A window of one map at the size of a picture, the largest weight of each pixel."""
        side = max(1, min(size, 512))
        span = (int(rows[0]), int(rows[1])), (int(keys[0]), int(keys[1]))
        return self.tiles.tile(
            self.layers[layer],
            head if head >= 0 else None,
            rows=span[0],
            keys=span[1],
            size=(side, side),
            pool="max",
        )

    def times(
        self,
        how: str,
        layer: int,
        head: int,
        cell: Sequence[int],
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> Float[Tensor, "t"]:
        """How much the tokens of each frame look at one cell; nan where none stands.

        A token that spans frames counts in each of them by its share.
        """
        t, h, w = self.tokens.grid
        number = (int(cell[0]) * h + int(cell[1])) * w + int(cell[2])
        which, at = self.tokens.edges.unbind(1)
        share = self.tokens.share.float()
        here = at == number
        part = torch.zeros(len(self.tokens)).index_add(0, which[here], share[here])
        looks = (self.token >= 0).nonzero().flatten()
        column = torch.zeros(len(self.token))
        column[looks] = part[self.token[looks]]
        values, many = torch.zeros(len(self.tokens)), -(-len(looks) // _BLOCK)
        steps = Steps("Lens.times", progress, cancel)
        for done, some in enumerate(looks.split(_BLOCK)):
            steps("asking every frame", done, many)
            values[self.token[some]] = self.rows(how, layer, head, some, progress, cancel) @ column
        stands = torch.isin(which, self.token[looks])
        frame, weight = at[stands] // (h * w), share[stands]
        total = torch.zeros(t).index_add(0, frame, weight * values[which[stands]])
        count = torch.zeros(t).index_add(0, frame, weight)
        return torch.where(count > 0, total / count.clamp_min(1e-12), torch.nan)

    def quick(self, how: str, layer: int, head: int, rows: int) -> bool:
        """Whether so many rows are there in the time of a glance."""
        if how in self.joined or (layer < 0 and f"{how} of all" in self.joined):
            return rows <= MOST_ASKED or self.cheap(rows)
        quick = rows == 1 or self.judges(layer, head)
        return quick and how not in ACROSS and self.cheap(self._many(layer, head) * rows)

    def judges(self, layer: int, head: int) -> bool:
        """Whether it takes no time to say which sinks there are."""
        many = self._many(layer, head) * len(self.sample)
        return _sinks(layer, head) in self.joined or self.cheap(many)

    def _many(self, layer: int, head: int) -> int:
        """Maps that are joined."""
        heads = 1 if layer >= 0 and head >= 0 else self.heads
        return heads * (len(self.layers) if layer < 0 else 1)

    def cheap(self, rows: int) -> bool:
        """Whether so many rows of one head are."""
        width = self.tiles.layers[self.layers[0]].query.shape[2]
        return rows * len(self.token) * width < _QUICK

    def _joined(
        self,
        how: str,
        positions: Int[Tensor, "r"],
        progress: Progress | None,
        cancel: Cancel | None,
    ) -> Float[Tensor, "r k"]:
        if how not in self.joined:  # all words at once: the way down is the same for all
            made = rollout_rows(self.tiles, self.places, progress=progress, cancel=cancel)
            self.joined[how] = made
        if (self.token[positions] >= 0).any():
            return rollout_rows(self.tiles, positions, progress=progress, cancel=cancel)
        return self.joined[how][torch.searchsorted(self.places, positions)]


def judged(weights: Float[Tensor, "r k"]) -> Int[Tensor, "s"]:
    """Sinks among keys that enough rows could see."""
    found = find_sinks(weights)
    return found[(weights[:, found] > 0).sum(0) >= min(_FEWEST_LOOKS, len(weights))]


def _sinks(layer: int, head: int) -> str:
    return f"sinks of {layer} {head}"


def _bytes(value: Tensor, dtype: str) -> bytes:
    return value.detach().cpu().numpy().astype(dtype).tobytes()
