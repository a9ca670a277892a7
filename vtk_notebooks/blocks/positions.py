"""Positions: where something stands, as sines and cosines at falling frequencies.

The code of "Attention Is All You Need" (Vaswani et al., 2017, arXiv:1706.03762).
"""

import torch
from jaxtyping import Float
from torch import Tensor


def sinusoids(place: Float[Tensor, "*b"], width: int) -> Float[Tensor, "*b c"]:
    """Sines, then cosines, of a place.

    Args:
        place: a number of clips, say.
        width: channels; frequencies fall from 1 to 1 / 10000.
    """
    rate = 10_000 ** (-torch.arange(0, width, 2).to(place) / width)
    angle = place[..., None] * rate
    return torch.cat([angle.sin(), angle.cos()], -1)[..., :width]
