"""Tiles: any window of any map at the size of a picture, without ever holding a map.

24 layers of 16 heads over 4,096 positions are 13 GB of attention in half precision. Their queries
and keys are 0.4 GB, and a window of one map is a product of some of each. So those are kept, and a
window is computed when it is looked at: row by row block, pooled on the way, exact.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, NamedTuple

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor, nn

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.attention.fused import beside_fused, is_causal, scale_of
from vtk_notebooks.models.attention.layers import Which, attention_layers

_BLOCK = 256
"""Rows computed at a time: 4,096 keys of them are 4 MB."""


class _Layer(NamedTuple):
    query: Float[Tensor, "h n d"]
    key: Float[Tensor, "g k d"]
    scale: float
    causal: bool
    mask: Tensor | None


@dataclass
class AttentionTiles:
    """Queries and keys of a run, from which windows of its maps are computed.

    Args:
        layers: by name, filled while the model runs.
    """

    layers: dict[str, _Layer] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """What is held."""
        return sum(x.numel() * x.element_size() for p in self.layers.values() for x in p[:2])

    def shape(self, layer: str) -> tuple[int, int, int]:
        """Heads, rows and keys of a layer."""
        part = self._layer(layer)
        return part.query.shape[0], part.query.shape[1], part.key.shape[1]

    def tile(
        self,
        layer: str,
        head: int | None = None,
        *,
        rows: tuple[int, int] | None = None,
        keys: tuple[int, int] | None = None,
        size: tuple[int, int] = (256, 256),
        pool: Literal["mean", "max"] = "mean",
    ) -> Float[Tensor, "y x"]:
        """A window of one map, no larger than asked for.

        Args:
            layer: its name.
            head: its number; None for the mean of all.
            rows: first and one past the last; all by default.
            keys: likewise.
            size: most rows and columns of the picture; a small window is given as it is.
            pool: what a pixel says of the weights that fall into it.
        """
        part = self._layer(layer)
        heads, n, k = self.shape(layer)
        top, bottom = _range("rows", rows, n)
        left, right = _range("keys", keys, k)
        if head is not None and not 0 <= head < heads:
            raise VtkError("AttentionTiles", f"a head from 0 to {heads - 1}", head)
        height, width = min(size[0], bottom - top), min(size[1], right - left)
        row, column = _bins(bottom - top, height), _bins(right - left, width)
        out = torch.zeros(height, width)
        for start in range(top, bottom, _BLOCK):
            stop = min(start + _BLOCK, bottom)
            weights = self._weights(part, head, start, stop)[:, left:right]
            pooled = _pool(weights, column, width, pool, axis=1)
            _gather(out, pooled, row[start - top : stop - top], pool)
        if pool == "mean":
            out = out / torch.bincount(row, minlength=height)[:, None]
        return out

    def rows(
        self, layer: str, positions: Int[Tensor, "r"], head: int | None = None
    ) -> Float[Tensor, "h r k"]:
        """What some positions look at, as it is.

        Args:
            layer: its name.
            positions: that look, anywhere in the prompt.
            head: its number; None for every head.
        """
        part = self._layer(layer)
        heads, n, _ = self.shape(layer)
        if len(positions) and not 0 <= int(positions.min()) <= int(positions.max()) < n:
            raise VtkError("AttentionTiles", f"positions from 0 to {n - 1}", positions.tolist())
        query, key = part.query[:, positions], part.key
        if head is not None:
            if not 0 <= head < heads:
                raise VtkError("AttentionTiles", f"a head from 0 to {heads - 1}", head)
            group = head * len(key) // heads
            query, key = query[head : head + 1], key[group : group + 1]
        query = rearrange(query.float(), "(g m) r d -> g (m r) d", g=len(key))
        logits = rearrange(
            query @ key.float().mT * part.scale, "g (m r) k -> (g m) r k", r=len(positions)
        )
        if part.mask is not None:
            logits += part.mask[positions.clamp_max(len(part.mask) - 1)]
        elif part.causal:
            later = torch.arange(logits.shape[2]) > positions[:, None]
            logits = logits.masked_fill_(later, -torch.inf)
        return logits.softmax(-1).nan_to_num_(0.0)

    def _weights(
        self, part: _Layer, head: int | None, start: int, stop: int
    ) -> Float[Tensor, "r k"]:
        groups = part.query.shape[0] // part.key.shape[0]
        heads = range(part.query.shape[0]) if head is None else [head]
        total = torch.zeros(stop - start, part.key.shape[1])
        for h in heads:  # one at a time: a mean over 16 heads need not hold 16 maps
            logits = (
                part.query[h, start:stop].float() @ part.key[h // groups].float().T * part.scale
            )
            if part.mask is not None:
                logits = logits + part.mask[min(start, len(part.mask) - 1) :][: stop - start]
            elif part.causal:
                later = torch.arange(logits.shape[1]) > torch.arange(start, stop)[:, None]
                logits = logits.masked_fill(later, -torch.inf)
            total += logits.softmax(-1).nan_to_num(0.0)
        return total / len(heads)

    def _layer(self, layer: str) -> _Layer:
        if layer not in self.layers:
            names = ", ".join(self.layers) or "none; run the model inside the with"
            raise VtkError("AttentionTiles", "a layer that ran", repr(layer), f"Kept: {names}.")
        return self.layers[layer]


@contextmanager
def tiled(
    model: nn.Module, layers: Which = None, *, dtype: torch.dtype = torch.float16
) -> Iterator[AttentionTiles]:
    """Keep queries and keys of a prompt's pass, for `AttentionTiles.tile` to look at afterwards.

    Args:
        model: of transformers, running a fused kernel, one item at a time.
        layers: all by default.
        dtype: that they are kept in.
    """
    kept = AttentionTiles()
    names = {id(m): name for name, m in attention_layers(model, layers).items()}
    with beside_fused(look=partial(_keep, kept, names, dtype)):
        yield kept


def _keep(
    kept: AttentionTiles,
    names: dict[int, str],
    dtype: torch.dtype,
    module: Any,
    query: Tensor,
    key: Tensor,
    mask: Any,
    more: dict[str, Any],
) -> None:
    name = names.get(id(module))
    if name is None or query.shape[2] == 1:
        return  # a generated token: not the prompt's pass
    if torch.is_tensor(mask):
        mask = torch.where(mask, 0.0, -torch.inf) if mask.dtype == torch.bool else mask.float()
        mask = mask[0, 0].cpu()
    else:
        mask = None
    kept.layers[name] = _Layer(
        query[0].detach().to("cpu", dtype),
        key[0].detach().to("cpu", dtype),
        scale_of(query, more),
        is_causal(module, more),
        mask,
    )


def _range(what: str, asked: tuple[int, int] | None, n: int) -> tuple[int, int]:
    first, stop = (0, n) if asked is None else asked
    if not 0 <= first < stop <= n:
        raise VtkError("AttentionTiles", f"{what} within 0 to {n}", asked)
    return first, stop


def _bins(n: int, many: int) -> Tensor:
    """Which of `many` pixels each of n things in a row falls into."""
    return torch.arange(n) * many // n


def _pool(x: Tensor, into: Tensor, many: int, pool: str, axis: int) -> Float[Tensor, "r x"]:
    out = x.new_zeros(len(x), many)
    if pool == "max":
        return out.scatter_reduce(axis, into.expand(len(x), -1), x, "amax")
    return out.index_add(axis, into, x) / torch.bincount(into, minlength=many)


def _gather(out: Tensor, pooled: Tensor, row: Tensor, pool: str) -> None:
    if pool == "max":
        out.scatter_reduce_(0, row[:, None].expand_as(pooled), pooled, "amax")
    else:
        out.index_add_(0, row, pooled)
