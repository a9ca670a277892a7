"""Relevance: how well cells and frames answer a question, and the tokens of chosen frames."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens

_MOST_FLOATS = 2**24
"""Features looked at together, 64 MB: blocks so large go back to the system when they are freed."""
_SHORT = 1e-8
"""Length below which a vector has no direction; its cosine goes to 0."""


def asked(who: str, query: Query | None) -> Query:
    """The question; none is an error of the mechanism that needs one."""
    if query is None:
        hint = "Read the question with the recipe's text encoder first."
        raise VtkError(who, "a query to go by", None, hint)
    return query


@torch.no_grad()
def token_relevance(tokens: Tokens, query: Query) -> Float[Tensor, "n"]:
    """Cosine of each token and the question, in the question's space; the film is not copied."""
    x, exact = tokens.part(query.space), tokens.share.dtype
    vector = query.vector.to(x.device, exact)
    rows = max(1, _MOST_FLOATS // x.shape[1])
    told = []
    for some in (part.to(exact) for part in x.split(rows)):
        told.append((some @ vector) / some.norm(dim=1).clamp_min(_SHORT))
    return torch.cat(told) / vector.norm().clamp_min(_SHORT)


@torch.no_grad()
def frame_relevance(tokens: Tokens, query: Query, best: float) -> Float[Tensor, "t"]:
    """The mean cosine over the best part of each frame's cells; -inf where no token is at home.

    Args:
        tokens: merged or not; a token is at home in the frame nearest to its centre.
        query: in a space of the tokens.
        best: part of a frame's cells that counts, in (0, 1].
    """
    value = tokens.per_frame(token_relevance(tokens, query), best).nan_to_num(-torch.inf)
    home = home_frames(tokens)
    there = torch.bincount(home[home >= 0], minlength=tokens.grid[0]) > 0
    return value.masked_fill(~there, -torch.inf)


def home_frames(tokens: Tokens) -> Int[Tensor, "n"]:
    """The frame nearest to each token's centre; -1 for tokens without cells."""
    return tokens.centre()[:, 0].round().nan_to_num(-1).long()


def of_frames(tokens: Tokens, chosen: Bool[Tensor, "t"]) -> Tokens:
    """The tokens at home in these frames, bit for bit and in their order."""
    home = home_frames(tokens)
    return tokens.select((chosen[home.clamp_min(0)] & (home >= 0)).nonzero().squeeze(1))


def frame_means(tokens: Tokens, query: Query) -> Float[Tensor, "t d"]:
    """Each frame's mean over its cells, in the question's space; one token per cell."""
    t, h, w = tokens.grid
    x = tokens.part(query.space).unflatten(0, (t, h * w))
    some = max(1, _MOST_FLOATS // x[0].numel())
    return torch.cat([part.to(tokens.share.dtype).mean(1) for part in x.split(some)])
