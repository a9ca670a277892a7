"""Small facts about arrays that every floor shares: seeds, hashes, tolerances."""

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import torch

TOLERANCE = MappingProxyType({"float64": 1e-9, "float32": 1e-5, "bfloat16": 2e-2, "float16": 2e-3})
"""Absolute and relative tolerance by dtype name; tests read it too, so there is one table."""


def generator(seed: int) -> "torch.Generator":
    """A torch generator of our own; nothing here touches the global one."""
    import torch

    return torch.Generator().manual_seed(seed)


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
