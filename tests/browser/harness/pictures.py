"""Pictures of widgets, and how different two of them look."""

from io import BytesIO

import numpy as np
from jaxtyping import Float
from PIL import Image
from playwright.sync_api import Locator

BLOCK_PX = 8  # fine enough for what is where, too coarse for how a letter is drawn


def picture(widget: Locator) -> Float[np.ndarray, "h w 3"]:
    """What it looks like, averaged over blocks."""
    image = Image.open(BytesIO(widget.screenshot())).convert("RGB")
    return np.asarray(image.reduce(BLOCK_PX), dtype=np.float64)


def difference(a: Float[np.ndarray, "h w 3"], b: Float[np.ndarray, "y x 3"]) -> float:
    """Mean difference of 255 where both are; what only one of them has counts as wholly different.

    Sizes may differ by one block without counting.
    """
    height, width = (min(m, n) for m, n in zip(a.shape[:2], b.shape[:2], strict=True))
    more = max(abs(m - n) for m, n in zip(a.shape[:2], b.shape[:2], strict=True))
    mean = np.abs(a[:height, :width] - b[:height, :width]).mean()
    return float(mean) if more <= 1 else 255.0
