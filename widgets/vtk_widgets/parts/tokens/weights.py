"""Weights of tokens on the cells they speak for: which pixels a word looks at."""

from collections.abc import Sequence
from typing import Any

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.attention.where import WordsToVideo
from vtk_notebooks.tokens import Tokens

_STEPS = 255
Weights = Float[Tensor, "n"] | Float[Tensor, "l n"] | WordsToVideo
"""One per token, or a row of them per word, or what `words_to_video` found."""


def on_cells(
    weights: Weights, tokens: Tokens, words: Sequence[str], picks: Sequence[int]
) -> list[dict[str, Any]]:
    """Each word with the part of its weight on every cell of the picked frames.

    `cells` is uint8 (t h w), in steps of `peak` / 255; `peak` is the largest part.
    """
    parts, names = _parts(weights, tokens, words)
    out = []
    for part, name in zip(parts, names, strict=True):
        peak = max(float(part.max()), 1e-12)
        steps = (part[list(picks)] / peak * _STEPS).round().to(torch.uint8)
        out.append({"text": name, "cells": steps.cpu().numpy().tobytes(), "peak": peak})
    return out


def _parts(
    weights: Weights, tokens: Tokens, words: Sequence[str]
) -> tuple[Float[Tensor, "l t h w"], Sequence[str]]:
    if isinstance(weights, WordsToVideo):
        if tuple(weights.cells.shape[1:]) != tuple(tokens.grid):
            got = tuple(weights.cells.shape[1:])
            raise VtkError("TokenMap.of", f"weights on a grid of {tokens.grid}", got)
        return weights.cells.detach().float(), weights.words
    rows = weights.detach().float()
    rows = rows[None] if rows.ndim == 1 else rows
    names = list(words) or [f"row {i}" if len(rows) > 1 else "weight" for i in range(len(rows))]
    fits = rows.shape[1] == len(tokens) and len(names) == len(rows) > 0
    if not fits or not torch.isfinite(rows).all() or (rows < 0).any():
        expected = f"a finite weight from 0 up for each of {len(tokens)} tokens, a name per row"
        got = f"weights of shape {tuple(weights.shape)}, {len(names)} names"
        hint = "Weights belong to the tokens that the run ended with."
        raise VtkError("TokenMap.of", expected, got, hint)
    token, cell = tokens.edges.unbind(1)
    t, h, w = tokens.grid
    cells = rows.new_zeros(len(rows), t * h * w)
    cells = cells.index_add(1, cell, rows[:, token] * tokens.share.to(rows))
    cells = cells / rows.sum(1, keepdim=True).clamp_min(1e-12)
    return rearrange(cells, "l (t h w) -> l t h w", t=t, h=h, w=w), names
