"""Shelf: films with known moments as padded tensors, made once; a step takes some rows."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Int
from torch import Tensor

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.grounding.batch import Batch, Targets, targets_of
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.errors import SpaceError, VtkError
from vtk_notebooks.training.planted import Example


class Shelf(NamedTuple):
    """Films as a head takes them, and what is true of them."""

    batch: Batch
    targets: Targets

    @classmethod
    def of(cls, head: TrainedHead, films: Sequence[Example], seed: int = 0) -> "Shelf":
        """All films, in the head's space.

        Args:
            head: that will read them.
            films: with their moments.
            seed: of the glances.
        """
        if not films:
            raise VtkError("Shelf", "one or more films", "none", "Make some with `planted`.")
        for film in films:
            if film.query.space != head.space:
                raise SpaceError("Shelf", f"films in {head.space!r}", film.query.space)
        batch = head.collate([(film.tokens, film.query) for film in films])
        known = [(film.tokens, film.moments) for film in films]
        return cls(batch, targets_of(known, batch, seed))

    def take(self, rows: Int[Tensor, "r"], seed: int = 0) -> "Shelf":
        """Some of the films, with the seed of what objectives draw."""
        return Shelf(self.batch.take(rows), self.targets.take(rows, seed))

    def in_step(self, step: int, size: int, seed: int) -> "Shelf":
        """What a step learns from: epoch by epoch every film once, in an order of its own.

        It follows from the step and the seed alone, so that a training goes on where it stopped.
        """
        n = len(self.targets.glance)
        steps = -(-n // size)
        epoch, number = divmod(step, steps)
        order = torch.randperm(n, generator=generator(seed * 1_000_003 + epoch))
        return self.take(order[number * size :][:size], seed * 1_000_003 + step)
