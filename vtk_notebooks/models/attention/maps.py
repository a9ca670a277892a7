"""Maps: what was captured of one layer, or joined from many, and which rows it is of."""

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


@dataclass(frozen=True)
class JoinedMap:
    """One map out of many layers, all heads joined.

    Args:
        how: the name of the way: "mean", "max", "rollout" or "relevance".
        layers: names of those that went in, first to last.
        weights: from each row to every key; rows of "max" and "relevance" do not add up to 1.
        rows: positions that look.
    """

    how: str
    layers: tuple[str, ...]
    weights: Float[Tensor, "b r k"]
    rows: Int[Tensor, "r"]

    @property
    def bytes(self) -> int:
        """What it holds in memory."""
        return self.weights.numel() * self.weights.element_size()
