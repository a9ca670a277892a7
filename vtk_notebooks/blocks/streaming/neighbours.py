"""Neighbours: what follows each other in a stream, alike or not by the cosine of their means."""

from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import cosine_similarity


def clip_ends(
    last: Float[Tensor, "d"], now: Float[Tensor, "d"], frames: int, min_len: int, max_len: int,
    cut: float,
) -> bool:  # fmt: skip
    """Whether a clip of so many frames ends before this one: it is full, or no longer alike.

    As OmniLive's released code cuts (arXiv:2412.09596).

    Args:
        last: mean of the clip's last frame.
        now: mean of the frame after it.
        frames: of the clip so far.
        min_len: frames that a clip has at least.
        max_len: at most.
        cut: cosine at or below which it ends.
    """
    if frames < min_len:
        return False
    return frames >= max_len or not cosine_similarity(now, last, dim=0).item() > cut


def first_of_twins(mean: Float[Tensor, "n d"]) -> int:
    """The place of the first of the two neighbours that are most alike; of two or more."""
    return int(cosine_similarity(mean[:-1], mean[1:], dim=1).argmax())
