"""Layers: the attention modules of a model, in the order in which they run."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from torch import nn

from vtk_notebooks.errors import VtkError

_QUERIES = ("q_proj", "query", "qkv", "in_proj_weight", "to_q", "q")
Which = str | int | Iterable[int] | None
"""All layers, a pattern on their names, or their numbers from 0; negative ones from the end."""


def attention_layers(model: nn.Module, which: Which = None) -> dict[str, nn.Module]:
    """Attention modules by name: every module that makes queries, whatever it is called.

    Args:
        model: of transformers, or one's own.
        which: see `Which`; "vision" finds the tower's, "language_model" the language model's.
    """
    found = {name: m for name, m in model.named_modules() if _attends(m)}
    if isinstance(which, str):
        found = {name: m for name, m in found.items() if re.search(which, name)}
    elif which is not None:
        wanted = [which] if isinstance(which, int) else list(which)
        names = list(found)
        outside = [i for i in wanted if not -len(names) <= i < len(names)]
        if outside:
            got = f"layer {outside[0]} of {len(names)}"
            raise VtkError("attention_layers", "numbers of attention layers", got)
        found = {names[i]: found[names[i]] for i in wanted}
    if not found:
        hint = f"It has: {', '.join(_some(model)) or 'none'}."
        raise VtkError("attention_layers", f"attention layers that match {which!r}", "none", hint)
    return found


def _attends(module: nn.Module) -> bool:
    """It makes queries itself, and is no wrapper around a module that does."""
    if isinstance(module, nn.MultiheadAttention):
        return True
    held: Mapping[str, Any] = {**module._modules, **module._parameters}
    return any(held.get(name) is not None for name in _QUERIES)


def _some(model: nn.Module) -> list[str]:
    names = [name for name, m in model.named_modules() if _attends(m)]
    return names if len(names) < 7 else [*names[:3], "...", *names[-3:]]
