"""Relevance: how well cells and frames answer a question, and the tokens of chosen frames."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from vtk_notebooks.errors import SpaceError, VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens

_MOST_FLOATS = 2**24
"""Features looked at together, 64 MB: blocks so large go back to the system when they are freed."""
_SHORT = 1e-8
"""Length below which a vector has no direction; its cosine goes to 0."""
_UNTOLD = -2.0
"""Below every cosine, yet a number that can be ranked, weighted and multiplied by 0."""


def asked(who: str, query: Query | None, tokens: Tokens) -> Query:
    """The question; none, or one that nothing can be compared with, is the asker's error."""
    hint = "Read the question with the recipe's text encoder first."
    if query is None:
        raise VtkError(who, "a query to go by", None, hint)
    width, got = tokens.part(query.space).shape[1], tuple(query.vector.shape)
    if got != (width,):
        raise SpaceError(who, f"a query of {width} numbers in {query.space!r}", got, hint)
    if not query.vector.isfinite().all():
        raise VtkError(who, "a query of finite numbers", "nan or inf among them", hint)
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

    A frame none of whose cells is left, between two that became one token, is as relevant as the
    most relevant token at home there. One of nan alone comes behind all others, with -2.

    Args:
        tokens: merged or not; a token is at home in the frame nearest to its centre.
        query: in a space of the tokens.
        best: part of a frame's cells that counts, in (0, 1].
    """
    cosine, home = token_relevance(tokens, query), home_frames(tokens)
    there, value = home >= 0, tokens.per_frame(cosine, best)
    nobody = cosine.new_full((tokens.grid[0],), -torch.inf)
    told = nobody.scatter_reduce(0, home[there], cosine[there].nan_to_num(_UNTOLD), "amax")
    return torch.where(told == -torch.inf, told, torch.where(value.isnan(), told, value))


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
