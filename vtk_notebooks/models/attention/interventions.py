"""Interventions: what happens without a head, without a frame, or with another run's activations.

Each is a `with`; what it put in is taken out on the way out, whatever happens inside.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.attention.fused import beside_fused, is_causal
from vtk_notebooks.models.attention.layers import Which, attention_layers

_OUT = ("o_proj", "out_proj", "dense", "proj", "output")


@contextmanager
def without_heads(model: nn.Module, layers: Which, heads: Sequence[int]) -> Iterator[None]:
    """Heads of chosen layers contribute nothing to the output projection.

    Args:
        model: of transformers.
        layers: which ones.
        heads: which of each layer's.
    """
    with ExitStack() as stack:
        for name, module in attention_layers(model, layers).items():
            out, many = _output(name, module), _heads(name, module)
            if any(not 0 <= h < many for h in heads):
                raise VtkError(
                    "without_heads", f"heads from 0 to {many - 1} of {name}", list(heads)
                )
            hook = out.register_forward_pre_hook(partial(_silence, tuple(heads), many))
            stack.callback(hook.remove)
        yield


@contextmanager
def without_keys(
    model: nn.Module, positions: Int[Tensor, "p"] | Sequence[int], layers: Which = None
) -> Iterator[None]:
    """Nobody sees these positions: they are masked as keys, in chosen layers.

    Where a layer runs a fused kernel of transformers ("sdpa" and its like). A row that could see
    nothing else sees itself.

    Args:
        model: of transformers, running a fused kernel.
        positions: of the prompt: words, or video tokens (`Prompt.token` says which).
        layers: all by default.
    """
    chosen = {id(m) for m in attention_layers(model, layers).values()}
    gone = torch.as_tensor(positions, dtype=torch.long)

    def hide(
        module: Any, query: Tensor, key: Tensor, mask: Any, more: dict[str, Any]
    ) -> tuple[Any, dict[str, Any]]:
        if id(module) not in chosen:
            return mask, more
        hidden = _blocked(mask, query, key, gone.to(query.device), is_causal(module, more))
        return hidden, {**more, "is_causal": False}

    with beside_fused(change=hide):
        yield


@contextmanager
def patched(
    model: nn.Module,
    name: str,
    value: Float[Tensor, "b n d"],
    positions: Sequence[int] | None = None,
) -> Iterator[None]:
    """A module's output is replaced by another run's, at chosen positions.

    Args:
        model: any module.
        name: of the submodule, as `named_modules` gives it.
        value: what its output was elsewhere (see `recorded`).
        positions: all by default.
    """
    where = slice(None) if positions is None else list(positions)

    def replace(module: nn.Module, args: Any, out: Any) -> Any:
        x = (out[0] if isinstance(out, tuple) else out).clone()
        if x[:, where].shape != value[:, where].shape:
            got, hint = tuple(value.shape), "Record it from a prompt of the same length."
            raise VtkError("patched", f"activations of shape {tuple(x.shape)}", got, hint)
        x[:, where] = value[:, where].to(x)
        return (x, *out[1:]) if isinstance(out, tuple) else x

    hook = _named(model, name).register_forward_hook(replace)
    try:
        yield
    finally:
        hook.remove()


@contextmanager
def recorded(model: nn.Module, names: Sequence[str]) -> Iterator[dict[str, Tensor]]:
    """Outputs of submodules of the last pass inside the `with`, by name."""
    kept: dict[str, Tensor] = {}

    def keep(name: str, module: nn.Module, args: Any, out: Any) -> None:
        kept[name] = (out[0] if isinstance(out, tuple) else out).detach().clone()

    with ExitStack() as stack:
        for name in names:
            hook = _named(model, name).register_forward_hook(partial(keep, name))
            stack.callback(hook.remove)
        yield kept


def _named(model: nn.Module, name: str) -> nn.Module:
    try:
        return model.get_submodule(name)
    except AttributeError:
        raise VtkError("interventions", "the name of a submodule", repr(name)) from None


def _output(name: str, module: nn.Module) -> nn.Module:
    for child in _OUT:
        found = getattr(module, child, None)
        if isinstance(found, nn.Linear):
            return found
    raise VtkError("without_heads", "a layer with an output projection", name)


def _heads(name: str, module: Any) -> int:
    for holder in (module, getattr(module, "config", None)):
        for word in ("num_heads", "num_attention_heads"):
            if isinstance(getattr(holder, word, None), int):
                return getattr(holder, word)
    raise VtkError("without_heads", "a layer that says how many heads it has", name)


def _silence(heads: tuple[int, ...], many: int, module: nn.Module, args: Any) -> Any:
    x = args[0].clone()
    x.unflatten(-1, (many, -1))[..., list(heads), :] = 0
    return (x, *args[1:])


def _blocked(mask: Any, query: Tensor, key: Tensor, gone: Tensor, causal: bool) -> Tensor:
    """A mask of numbers that also hides the keys that are gone."""
    n, k = query.shape[2], key.shape[2]
    row, column = torch.arange(k - n, k, device=query.device), torch.arange(k, device=query.device)
    hidden = torch.isin(column, gone)[None] & (row[:, None] != column)
    if not torch.is_tensor(mask):
        if causal and n > 1:
            hidden = hidden | (column > row[:, None])
        mask = query.new_zeros(1, 1, n, k)
    elif mask.dtype == torch.bool:
        mask = query.new_zeros(mask.shape).masked_fill(~mask, torch.finfo(query.dtype).min)
    return mask[..., :k].masked_fill(hidden, torch.finfo(query.dtype).min)
