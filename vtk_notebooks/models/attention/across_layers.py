"""Across layers: one map out of many, by the names that papers give the ways to do it.

mean and max are what they say. rollout is the product of layers that are half attention, half
residual, after "Quantifying Attention Flow in Transformers" (Abnar and Zuidema, 2020,
arXiv:2005.00928); it needs all rows of every layer. relevance weighs attention by its gradient,
after "Generic Attention-model Explainability for Interpreting Bi-Modal and Encoder-Decoder
Transformers" (Chefer et al., 2021, arXiv:2103.15679), its rule for self-attention: maps are updated
as R + A' R, where A' is the mean over heads of the positive part of attention times gradient.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.models.attention.layers import Which, attention_layers
from vtk_notebooks.models.attention.maps import AttentionMap, JoinedMap


def mean(maps: Iterable[AttentionMap]) -> JoinedMap:
    """Over layers and heads."""
    alike = _alike(maps)
    return _joined("mean", alike, torch.stack([m.weights.mean(1) for m in alike]).mean(0))


def most(maps: Iterable[AttentionMap]) -> JoinedMap:
    """The largest over layers and heads; rows no longer add up to 1."""
    alike = _alike(maps)
    return _joined("max", alike, torch.stack([m.weights.amax(1) for m in alike]).amax(0))


def rollout(maps: Iterable[AttentionMap], residual: float = 0.5) -> JoinedMap:
    """How much of each input position is left in each output position, if paths only mix.

    Args:
        maps: of every layer from first to last, with all rows.
        residual: part of a layer's output that is its input.
    """
    alike, flow = _alike(maps), None
    for m in alike:
        a = m.weights.mean(1)
        if a.shape[1] != a.shape[2]:
            hint = "Capture self-attention with rows=None, in one pass."
            raise ShapeError("rollout", "all rows of every layer", tuple(a.shape), hint)
        a = (1 - residual) * a + residual * torch.eye(a.shape[1], device=a.device)
        flow = a if flow is None else a @ flow
    if flow is None:
        raise VtkError("rollout", "one or more maps", "none")
    return _joined("rollout", alike, flow)


def relevance(
    model: nn.Module, score: Callable[[], Float[Tensor, ""]], layers: Which = None
) -> JoinedMap:
    """Which input positions each position's part of the score comes from.

    The model runs "eager" for this one pass, because gradients of fused attention are not to be
    had; it is set back afterwards.

    Args:
        model: of transformers, with self-attention only.
        score: runs the model and gives the number to explain, such as a token's logit.
        layers: of one stack, first to last.
    """
    with torch.enable_grad(), _eager(model), _kept(model, layers) as kept:
        value = score()
        grads = torch.autograd.grad(value, kept)
    out = None
    for weights, grad in zip(kept, grads, strict=True):
        a = (weights * grad).clamp_min(0).mean(1).detach()
        eye = torch.eye(a.shape[1], device=a.device).expand_as(a)
        out = eye + a if out is None else out + a @ out
    if out is None:
        raise VtkError("relevance", "layers that give their weights away", "none")
    names = tuple(attention_layers(model, layers))
    return JoinedMap("relevance", names, out, torch.arange(out.shape[1]))


def _joined(how: str, maps: list[AttentionMap], weights: Tensor) -> JoinedMap:
    return JoinedMap(how, tuple(m.layer for m in maps), weights, maps[0].rows)


def _alike(maps: Iterable[AttentionMap]) -> list[AttentionMap]:
    listed = list(maps)
    shapes = {(m.weights.shape[0], *m.weights.shape[2:]) for m in listed}
    if len(shapes) != 1:
        hint = 'Choose layers of one stack: capture(model, "language_model").'
        raise ShapeError("attention", "maps of one shape", sorted(shapes), hint)
    return listed


@contextmanager
def _eager(model: nn.Module) -> Iterator[None]:
    """The implementation that gives its weights away, for a while; gradients are wanted."""
    config: Any = model.config
    before, grads = config._attn_implementation, [p.requires_grad for p in model.parameters()]
    setter: Any = model.set_attn_implementation
    setter("eager")
    for p in model.parameters():
        p.requires_grad_(True)
    try:
        yield
    finally:
        setter(before)
        for p, had in zip(model.parameters(), grads, strict=True):
            p.requires_grad_(had)


@contextmanager
def _kept(model: nn.Module, layers: Which) -> Iterator[list[Tensor]]:
    """Attention weights of the layers as they are made, in the graph."""
    kept = list[Tensor]()

    def keep(kept: list[Tensor], module: nn.Module, args: Any, out: Any) -> None:
        if isinstance(out, tuple) and torch.is_tensor(out[1]):
            kept.append(out[1])

    with ExitStack() as stack:
        for module in attention_layers(model, layers).values():
            stack.callback(module.register_forward_hook(partial(keep, kept)).remove)
        yield kept
