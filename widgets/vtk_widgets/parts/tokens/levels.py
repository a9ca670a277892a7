"""What a token map sends to the browser: who owns each cell, and how much that means."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.tokens import Kind, Tokens

MEANING: Mapping[Kind, str] = MappingProxyType(
    {
        "hard": "shares are exact: each token is one cell",
        "mean": "shares are exact: a token is the average of its cells",
        "attn": "shares are of a soft mixture; a cell shows the token that takes most of it",
        "concat": "cells are stacked into tokens, not averaged",
        "receptive": "support only: these cells could have had an influence",
        "none": "tokens stand for no cell",
    }
)
"""How far the picture may be trusted, in words for people."""


Rerun = Callable[[float], Tokens]
"""The tokens at a budget: the part to keep, in (0, 1]."""


def levels(
    tokens: Tokens,
    before: int,
    rerun: Rerun | None = None,
    keeps: Sequence[float] = (),
    picks: Sequence[int] | None = None,
) -> list[dict[str, Any]]:
    """These tokens and the budgets wished for, fewest first, each count of tokens once."""
    made = {len(tokens): level(tokens, before, picks)}
    if rerun is not None:
        for keep in keeps:
            other = rerun(keep)
            made.setdefault(len(other), level(other, before, picks) | {"keep": float(keep)})
    return sorted(made.values(), key=lambda entry: entry["keep"])


def count(level: Mapping[str, Any]) -> int:
    """How many tokens a level has."""
    return len(level["mass"]) // 4


def level(tokens: Tokens, before: int, picks: Sequence[int] | None = None) -> dict[str, Any]:
    """One budget's tokens as bytes, little-endian, with the part of `before` that they are.

    `owner` is int32 (t h w), -1 where dropped; `mass` is int32 (n), cells per token. `share` is
    float32 (t h w), what the cell is of its owner; empty where that is 1 / mass everywhere.
    Of the frames only those picked are told, of the tokens all.
    """
    owner, mass, share = tokens.owner(), tokens.mass(), _share(tokens)
    if picks is not None:
        owner, share = owner[list(picks)], share[list(picks)]
    even = torch.where(owner >= 0, 1 / mass.clamp_min(1)[owner.clamp_min(0)], 0)
    exact = torch.allclose(share, even.to(share.dtype), atol=1e-4)
    return {
        "keep": len(tokens) / before,
        "kind": tokens.kind,
        "meaning": MEANING[tokens.kind],
        "owner": _bytes(owner, "<i4"),
        "mass": _bytes(mass, "<i4"),
        "share": b"" if exact else _bytes(share, "<f4"),
    }


def _share(tokens: Tokens) -> Float[Tensor, "t h w"]:
    """The largest part that any token takes of a cell; 0 where none does."""
    t, h, w = tokens.grid
    share = tokens.share.new_zeros(t * h * w)
    share = share.scatter_reduce(0, tokens.edges[:, 1], tokens.share, "amax")
    return share.view(t, h, w)


def _bytes(value: Tensor, dtype: str) -> bytes:
    return value.detach().cpu().numpy().astype(dtype).tobytes()
