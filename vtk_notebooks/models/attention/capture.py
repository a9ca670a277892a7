"""Capture: the attention of chosen layers, heads and rows, computed beside the fused kernel.

The model's own path is left alone: what runs as SDPA or Flash keeps running so, and its output is
bit for bit the same. Beside it, the queries of the chosen rows meet the keys once more and go
through the softmax, in float32. Asking for 16 rows of 2,048 costs a hundredth of all of them.
Where a model runs "eager" its own weights are taken as they are. Everything that was put in is
taken out again, whatever happens inside the `with`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.attention.direct import beside_direct, calls_directly
from vtk_notebooks.models.attention.fused import beside_fused, is_causal, scale_of
from vtk_notebooks.models.attention.layers import Which, attention_layers
from vtk_notebooks.models.attention.maps import AttentionMap
from vtk_notebooks.models.attention.multihead import look_at_multihead

Reduce = Callable[[Float[Tensor, "b h r k"]], Float[Tensor, "b g r k"]]
REDUCE: dict[str, Reduce] = {
    "mean": lambda weights: weights.mean(1, keepdim=True),
    "max": lambda weights: weights.amax(1, keepdim=True),
}


@dataclass
class Capture:
    """Filled while the model runs; one list of maps per layer, one map per forward pass.

    Args:
        heads: of each layer; None for all.
        rows: positions that look; negative ones count from the end; None for all.
        reduce: over heads, at once, so that only its result is kept.
    """

    heads: tuple[int, ...] | None = None
    rows: tuple[int, ...] | None = None
    reduce: Reduce | None = None
    maps: dict[str, list[AttentionMap]] = field(default_factory=dict)

    def __getitem__(self, layer: str) -> AttentionMap:
        """The last map of a layer."""
        if not self.maps.get(layer):
            hint = f"Captured: {', '.join(self.maps) or 'none; run the model inside the with'}."
            raise VtkError("capture", "a layer that ran", repr(layer), hint)
        return self.maps[layer][-1]

    def __iter__(self) -> Iterator[AttentionMap]:
        """The last map of every layer that ran, in the order in which they did."""
        return (maps[-1] for maps in self.maps.values() if maps)

    @property
    def bytes(self) -> int:
        """What is held."""
        return sum(m.bytes for maps in self.maps.values() for m in maps)

    def keep(self, layer: str, weights: Float[Tensor, "b h r k"], rows: Tensor) -> None:
        """Take in what one call of a layer attended to."""
        heads = tuple(range(weights.shape[1])) if self.heads is None else self.heads
        if self.reduce is not None:
            weights, heads = self.reduce(weights), ()
        made = AttentionMap(layer, weights.detach(), rows.cpu(), heads)
        self.maps.setdefault(layer, []).append(made)

    def chosen(self, count: int, device: torch.device) -> Tensor:
        """Rows of a call with that many positions; those it does not have are left out."""
        if self.rows is None:
            return torch.arange(count, device=device)
        rows = [r + count if r < 0 else r for r in self.rows]
        return torch.tensor([r for r in rows if 0 <= r < count], device=device, dtype=torch.long)


@contextmanager
def capture(
    model: nn.Module,
    layers: Which = None,
    *,
    heads: Sequence[int] | None = None,
    rows: Sequence[int] | None = None,
    reduce: str | Reduce | None = None,
) -> Iterator[Capture]:
    """Capture attention while the model runs inside the `with`.

    Args:
        model: of transformers; or any module that holds `nn.MultiheadAttention`, or modules that
            make queries and call torch's fused attention.
        layers: which ones, by number, pattern or name; all by default.
        heads: which of each layer's; all by default.
        rows: positions that look (text tokens, say); all by default, which is quadratic.
        reduce: "mean" or "max" over heads, or a function of weights [b h r k].
    """
    chosen = attention_layers(model, layers)
    if isinstance(reduce, str) and reduce not in REDUCE:
        raise VtkError("capture", f"reduce among {', '.join(REDUCE)}, or a function", repr(reduce))
    how = REDUCE[reduce] if isinstance(reduce, str) else reduce
    seen = Capture(_tuple(heads), _tuple(rows), how)
    with ExitStack() as stack:
        names = {id(m): name for name, m in chosen.items()}
        look = partial(_look, names, seen)
        stack.enter_context(beside_fused(look=look))
        stack.enter_context(beside_direct([m for m in chosen.values() if calls_directly(m)], look))
        for name, module in chosen.items():
            if isinstance(module, nn.MultiheadAttention):
                hook = module.register_forward_pre_hook(
                    partial(look_at_multihead, name, seen), with_kwargs=True
                )
            else:
                hook = module.register_forward_hook(partial(_eager, name, seen))
            stack.callback(hook.remove)
        yield seen


@torch.no_grad()
def _look(
    names: dict[int, str],
    seen: Capture,
    module: Any,
    query: Tensor,
    key: Tensor,
    mask: Any,
    more: dict[str, Any],
) -> None:
    """Chosen heads and rows of the queries against all keys, as the kernel beside does it."""
    if id(module) not in names:
        return
    count, groups = query.shape[2], query.shape[1] // key.shape[1]
    rows = seen.chosen(count, query.device)
    heads = range(query.shape[1]) if seen.heads is None else seen.heads
    q = query[:, list(heads)][:, :, rows].float()
    k = key[:, [h // groups for h in heads]].float()
    logits, causal = q @ k.mT * scale_of(query, more), is_causal(module, more)
    if torch.is_tensor(mask) and mask.ndim == 4:
        part = mask[..., rows, : key.shape[2]] if mask.shape[-2] > 1 else mask[..., : key.shape[2]]
        logits = (
            logits.masked_fill(~part, -torch.inf) if part.dtype == torch.bool else logits + part
        )
        causal = False
    elif torch.is_tensor(mask):  # of keys, as Flash has it
        logits = logits.masked_fill(mask[:, None, None] == 0, -torch.inf)
    if causal and count > 1:
        later = torch.arange(key.shape[2], device=query.device) > rows[:, None]
        logits = logits.masked_fill(later, -torch.inf)
    # 0 where a row may see nothing
    seen.keep(names[id(module)], logits.softmax(-1).nan_to_num(0.0), rows)


def _eager(name: str, seen: Capture, module: nn.Module, args: Any, out: Any) -> None:
    """A layer that gives its weights away: take them as they are."""
    weights = out[1] if isinstance(out, tuple) and len(out) > 1 else None
    if torch.is_tensor(weights) and weights.ndim == 4:
        rows = seen.chosen(weights.shape[2], weights.device)
        heads = slice(None) if seen.heads is None else list(seen.heads)
        seen.keep(name, weights[:, heads][:, :, rows].float(), rows)


def _tuple(values: Sequence[int] | None) -> tuple[int, ...] | None:
    return None if values is None else tuple(int(v) for v in values)
