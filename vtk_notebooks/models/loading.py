"""Models are loaded once per process, and can be let go."""

import gc
from collections.abc import Callable
from functools import cache, wraps
from threading import RLock
from typing import ParamSpec, TypeVar

import torch

P = ParamSpec("P")
T = TypeVar("T")

_FORGET: list[Callable[[], None]] = []


def once(load: Callable[P, T]) -> Callable[P, T]:
    """The same loader, answering from memory from the second time on; safe between threads."""
    lock, known = RLock(), cache(load)
    _FORGET.append(known.cache_clear)

    @wraps(load)
    def find(*args: P.args, **kwargs: P.kwargs) -> T:
        with lock:  # two cells asking at once must not hold the weights twice
            return known(*args, **kwargs)  # pyright: ignore[reportArgumentType]  # hashables

    return find


def unload() -> None:
    """Give the memory of all loaded models back; the next use loads them again."""
    for forget in _FORGET:
        forget()
    gc.collect()
    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()
