"""AttentionMap: what was captured of one layer, and which rows and heads it is of."""

from dataclasses import dataclass

from jaxtyping import Float, Int
from torch import Tensor


@dataclass(frozen=True)
class AttentionMap:
    """Attention weights of one layer in one forward pass.

    Args:
        layer: name of the attention module in its model.
        weights: from each captured row (a position that looks) to every key (one that is seen),
            after the softmax; rows add up to 1. With heads reduced there is one.
        rows: positions that look.
        heads: which of the layer's heads these are; empty where they were reduced to one.
    """

    layer: str
    weights: Float[Tensor, "b h r k"]
    rows: Int[Tensor, "r"]
    heads: tuple[int, ...]

    @property
    def bytes(self) -> int:
        """What it holds in memory."""
        return self.weights.numel() * self.weights.element_size()
