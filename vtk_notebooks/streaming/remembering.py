"""Remembering: a film passes by a memory, and what it keeps is tied to that film."""

from collections.abc import Iterator

import torch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.protocols import Memory
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens


def remember(
    memory: Memory, tokens: Tokens, query: Query | None = None, *, chunk: int = 1
) -> Tokens:
    """What a memory keeps of a film once all of it has passed by, a few frames at a time.

    Args:
        memory: is emptied first.
        tokens: of the film, one per cell.
        query: what is asked when the film is over.
        chunk: frames that are written together.
    """
    memory.reset()
    for part in _chunks(tokens, chunk):
        memory.write(part, part.times_s[0].item())
    return _in_film(memory.read(query), tokens)


def remembered(
    memory: Memory, tokens: Tokens, query: Query | None = None, *, chunk: int = 1
) -> Iterator[Tokens]:
    """What a memory would give after each chunk; frames that have not been seen yet have no token.

    Args:
        memory: is emptied first.
        tokens: of the film, one per cell.
        query: what is asked each time.
        chunk: frames that are written together.
    """
    memory.reset()
    for part in _chunks(tokens, chunk):
        memory.write(part, part.times_s[0].item())
        yield _in_film(memory.read(query), tokens)


def _chunks(tokens: Tokens, chunk: int) -> Iterator[Tokens]:
    """A film a few frames at a time, each chunk with its own times, channels and view."""
    if chunk < 1:
        raise VtkError("remember", "a chunk of 1 frame or more", chunk)
    t, h, w = tokens.grid
    x, ends_s = tokens.on_grid("remember"), tokens.ends_s()
    for first in range(0, t, chunk):
        stop = min(first + chunk, t)
        cell = torch.arange((stop - first) * h * w, device=tokens.x.device)
        yield Tokens(
            x[first:stop].flatten(0, 2),
            torch.stack([cell, cell], 1),
            tokens.share[: len(cell)],
            (stop - first, h, w),
            tokens.times_s[first:stop],
            ends_s[stop - 1].item(),
            tokens.kind,
            tokens.spaces,
            tokens.view,
        )


def _in_film(kept: Tokens, film: Tokens) -> Tokens:
    """Numbers of cells so far are those of the film: its later frames come behind them."""
    return film.derive(kept.x, kept.edges, kept.share, kept.kind, kept.spaces)
