"""Small facts about arrays that every floor shares: seeds, hashes, tolerances, padding."""

import hashlib
from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

if TYPE_CHECKING:
    import torch

TOLERANCE = MappingProxyType({"float64": 1e-9, "float32": 1e-5, "bfloat16": 2e-2, "float16": 2e-3})
"""Absolute and relative tolerance by dtype name; tests read it too, so there is one table."""


def generator(seed: int) -> "torch.Generator":
    """A torch generator of our own; nothing here touches the global one."""
    import torch

    return torch.Generator().manual_seed(seed)


def padded(
    values: Float[np.ndarray, "n *rest"], lengths: Sequence[int], width: int | None = None
) -> Float[np.ndarray, "q k *rest"]:
    """Lists of unequal lengths as rows of one array, nan where a list has ended.

    Args:
        values: of all lists, one after the other.
        lengths: of each list; they add up to n.
        width: of the array; by default the longest list's.
    """
    width = max(lengths, default=0) if width is None else width
    there = np.arange(width) < np.asarray(lengths, dtype=int)[:, None]
    rows = np.full((*there.shape, *values.shape[1:]), np.nan)
    rows[there] = values
    return rows


def digest(*parts: Any) -> str:
    """A short content address (20 hex digits) of strings, numbers, bytes and arrays."""
    h = hashlib.sha256()
    for part in parts:
        if hasattr(part, "detach"):
            part = part.detach().cpu().contiguous().numpy()
        if isinstance(part, np.ndarray):
            h.update(f"{part.dtype.str}{part.shape}".encode())
            part = np.ascontiguousarray(part).tobytes()
        elif not isinstance(part, bytes):
            part = repr(part).encode()
        h.update(len(part).to_bytes(8, "little") + part)  # lengths keep ("ab","c") from ("a","bc")
    return h.hexdigest()[:20]
