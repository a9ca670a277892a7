"""Fused: the attention functions of transformers, with others' changes and looks in between.

Whoever wants to change what a layer sees (a mask) or to look at what it sees does so here, for as
long as a `with` lasts. Changes come before looks, in whichever order they were entered, so that a
look always sees what the kernel sees.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor

FUSED = ("sdpa", "flash_attention_2", "flash_attention_3", "flash_attention_4", "flex_attention")

Look = Callable[[Any, Tensor, Tensor, Any, dict[str, Any]], None]
"""From module, queries, keys, mask and keywords."""
Change = Callable[[Any, Tensor, Tensor, Any, dict[str, Any]], tuple[Any, dict[str, Any]]]
"""From the same to another mask and other keywords."""


def is_causal(module: Any, more: dict[str, Any]) -> bool:
    """Whether the kernel hides later keys where no mask does, as transformers decides it."""
    said = more.get("is_causal")
    return bool(getattr(module, "is_causal", True) if said is None else said)


def scale_of(query: Tensor, more: dict[str, Any]) -> float:
    """What logits are multiplied by."""
    said = more.get("scaling")
    return query.shape[-1] ** -0.5 if said is None else float(said)


@dataclass(frozen=True)
class _Chain:
    function: Callable[..., Any]
    changes: tuple[Change, ...] = ()
    looks: tuple[Look, ...] = ()

    def __call__(
        self,
        module: Any,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        attention_mask: Any = None,
        **more: Any,
    ) -> Any:
        for change in self.changes:
            attention_mask, more = change(module, query, key, attention_mask, more)
        for look in self.looks:
            look(module, query, key, attention_mask, more)
        return self.function(module, query, key, value, attention_mask, **more)


@contextmanager
def beside_fused(look: Look | None = None, change: Change | None = None) -> Iterator[None]:
    """Put a look or a change beside every fused function; taken out whatever happens."""
    from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS as functions

    before = dict(functions._local_mapping)
    try:
        for kind in FUSED:
            if kind in functions:
                now = functions[kind]
                chain = now if isinstance(now, _Chain) else _Chain(now)
                chain = replace(chain, looks=(*chain.looks, *([look] if look else [])))
                added = (change, *chain.changes) if change else chain.changes
                functions[kind] = replace(chain, changes=added)
        yield
    finally:
        functions._local_mapping.clear()
        functions._local_mapping.update(before)
