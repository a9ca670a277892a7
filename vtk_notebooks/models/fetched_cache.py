"""Fetched cache: parts of what a language model read long ago, put before a question again.

After "Streaming Video Question-Answering with In-context Video KV-Cache Retrieval" (Di et al.,
2025, arXiv:2503.00540), ReKV: keys are put aside as they were before their rotation by position,
with their values; the tokens that a question needs get positions in a row, from 0 on, whatever lay
between them, and the question follows. Here the rotation is undone with the model's own, so that
nothing is put into the model, and its attention stays the fused one; one choice of tokens serves
all layers, as with the paper's external retrieval.

What differs: the stream is read in one pass, without the paper's sliding window; rotations by three
axes (Qwen-VL) and by a part of the channels are refused.
"""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.errors import ShapeError, VtkError


@dataclass(frozen=True)
class PutAside:
    """Keys before rotation, and values, of each layer (heads, tokens, channels)."""

    keys: tuple[Float[Tensor, "h n c"], ...]
    values: tuple[Float[Tensor, "h n c"], ...]

    def __len__(self) -> int:
        return self.keys[0].shape[1]


@torch.no_grad()
def put_aside(model: Any, x: Float[Tensor, "n d"]) -> PutAside:
    """What every layer of a language model keeps of some tokens.

    Args:
        model: a decoder of transformers that rotates keys by position, with a head for words.
        x: the tokens as the model embeds them.
    """
    cache = model(inputs_embeds=x[None], use_cache=True).past_key_values
    turn = _rotation(model, x, torch.arange(len(x)))
    keys = tuple(_turned(layer.keys[0], *turn, back=True) for layer in cache.layers)
    return PutAside(keys, tuple(layer.values[0] for layer in cache.layers))


@torch.no_grad()
def ask(
    model: Any, aside: PutAside, tokens: Int[Tensor, "k"], x: Float[Tensor, "q d"]
) -> Float[Tensor, "q v"]:
    """What a model says next after each token of a question that follows the fetched tokens.

    Args:
        model: that put them aside.
        aside: is left as it was, however often it is asked.
        tokens: numbers of those that are fetched, rising.
        x: the question as the model embeds it.
    """
    from transformers import DynamicCache

    if len(tokens) and (tokens.diff() <= 0).any() | (tokens[-1] >= len(aside)) | (tokens[0] < 0):
        got = tokens.tolist()
        raise ShapeError("fetched_cache.ask", f"rising numbers below {len(aside)}", got)
    k = len(tokens)
    cache, turn = DynamicCache(), _rotation(model, x, torch.arange(k))
    for layer, (key, value) in enumerate(zip(aside.keys, aside.values, strict=True)):
        if k:
            fetched = _turned(key[:, tokens], *turn)
            cache.update(fetched[None], value[None, :, tokens], layer)
    place = torch.arange(k, k + len(x))[None]
    out = model(inputs_embeds=x[None], past_key_values=cache, position_ids=place, use_cache=True)
    return out.logits[0]


def _rotation(
    model: Any, like: Float[Tensor, "n d"], place: Int[Tensor, "k"]
) -> tuple[Float[Tensor, "k c"], Float[Tensor, "k c"]]:
    """Cosines and sines of positions, as the model turns keys."""
    rotary = getattr(getattr(model, "model", None), "rotary_emb", None)
    if rotary is None or hasattr(rotary, "mrope_section"):
        hint = "Take one that rotates by a single position (Llama, Qwen2, Qwen3, Mistral)."
        raise VtkError("fetched_cache", "a model with rotary positions", type(model).__name__, hint)
    cos, sin = rotary(like, place[None])
    return cos[0], sin[0]


def _turned(
    key: Float[Tensor, "h n c"],
    cos: Float[Tensor, "n c"],
    sin: Float[Tensor, "n c"],
    back: bool = False,
) -> Float[Tensor, "h n c"]:
    """Keys turned by their positions, or back."""
    if key.shape[-1] != cos.shape[-1]:
        raise ShapeError("fetched_cache", f"keys of {cos.shape[-1]} channels", key.shape[-1])
    one, two = key.chunk(2, -1)
    across = torch.cat([-two, one], -1)
    return key * cos + across * (-sin if back else sin)
