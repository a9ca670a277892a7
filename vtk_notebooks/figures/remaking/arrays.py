"""Arrays as JSON: their bytes, packed, with dtype and shape; read back without trust."""

import base64
import math
import zlib
from typing import Any

import numpy as np

from vtk_notebooks.errors import StoreError

DTYPES = ("bool", "uint8", "int32", "int64", "float32", "float64")
MOST_BYTES = 2**26
"""An array that says it is larger is not unpacked."""


def packed(array: np.ndarray) -> dict[str, Any]:
    """Plain JSON for an array."""
    data = zlib.compress(np.ascontiguousarray(array).tobytes(), 9)
    text = base64.b64encode(data).decode("ascii")
    return {"dtype": array.dtype.name, "shape": list(array.shape), "zlib": text}


def unpacked(said: Any) -> np.ndarray:
    """The array again.

    Raises:
        StoreError: for what `packed` would not have written.
    """
    expected, who = "an array of numbers, packed", "remake"
    if not isinstance(said, dict) or said.get("dtype") not in DTYPES:
        raise StoreError(who, expected, type(said).__name__)
    shape = said.get("shape")
    if not isinstance(shape, list) or not all(isinstance(n, int) and n >= 0 for n in shape):
        raise StoreError(who, expected, f"shape {shape!r}")
    dtype = np.dtype(said["dtype"])
    size = math.prod(shape) * dtype.itemsize
    if size > MOST_BYTES:
        raise StoreError(who, f"arrays up to {MOST_BYTES} bytes", size)
    try:
        packer = zlib.decompressobj()
        data = packer.decompress(base64.b64decode(str(said.get("zlib")), validate=True), size + 1)
        return np.frombuffer(data, dtype).reshape(shape).copy()
    except (ValueError, zlib.error) as error:
        raise StoreError(who, expected, error) from None
