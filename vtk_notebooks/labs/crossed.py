"""Crossed: a loss that breaks one of the promises that all losses of spans make.

The bug was published: the loss of TVP in transformers (`TvpLoss`, 5.23.0) multiplies starts and
ends (b 2) by the lengths of the films (b), along the axis that happens to fit. One film is right,
three crash, and two are silently wrong: the starts of both get the length of the first, the ends
that of the second.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.objectives.tdiou import TemporalDistanceIoU

TDIOU = TemporalDistanceIoU()
FLOOR = TDIOU.distance * TDIOU.near + TDIOU.duration * TDIOU.alike
"""What an exact answer costs: 0.24."""
PROMISES = {
    "again": "the same batch costs the same",
    "unit": "minutes in place of seconds change nothing",
    "floor": "nothing costs less than an exact answer",
    "own": "what a film costs pulls at its own answer only",
    "alone": "a film costs in company what it costs alone",
}
"""What a loss of spans promises, by a short name."""


class Spans(NamedTuple):
    """Answers and truths of a batch of films."""

    said: Float[Tensor, "b 2"]
    """Start and end, as parts of the film."""
    truth_s: Float[Tensor, "b 2"]
    lasts_s: Float[Tensor, "b"]
    """How long each film is."""

    @classmethod
    def of(cls, *films: Sequence[float | int]) -> "Spans":
        """Films as (start, end as parts; true start and end in seconds; length in seconds)."""
        rows = torch.tensor([[float(v) for v in film] for film in films]).reshape(-1, 5)
        return cls(rows[:, :2], rows[:, 2:4], rows[:, 4])

    def take(self, row: int) -> "Spans":
        """One of the films, alone."""
        return Spans(*(x[row : row + 1] for x in self))


Loss = Callable[[Spans], Tensor]


def crossed(batch: Spans) -> Float[Tensor, "b"]:
    """What each film costs by temporal-distance IoU. In no registry, as a lab asks for."""
    return _cost(batch.said * batch.lasts_s, batch)


def mended(batch: Spans) -> Float[Tensor, "b"]:
    """The same, with each film's own length for its start and its end."""
    return _cost(batch.said * batch.lasts_s[:, None], batch)


def holds(promise: str, loss: Loss, batch: Spans) -> bool:
    """Whether a loss keeps one of `PROMISES` on a batch.

    Args:
        promise: its short name.
        loss: takes spans and gives the cost of each film.
        batch: that it does not crash on.
    """
    cost = loss(batch)
    if promise == "again":
        return torch.equal(cost, loss(batch))
    if promise == "unit":
        minutes = Spans(batch.said, batch.truth_s / 60, batch.lasts_s / 60)
        return torch.allclose(cost, loss(minutes), atol=1e-4)
    if promise == "alone":
        alone = torch.cat([loss(batch.take(row)) for row in range(len(cost))])
        return torch.allclose(cost, alone, atol=1e-4)
    if promise == "floor":
        return bool((cost >= FLOOR - 1e-4).all())
    said = batch.said.clone().requires_grad_()
    for row in range(len(cost)):
        (pull,) = torch.autograd.grad(loss(batch._replace(said=said))[row], said)
        if torch.cat([pull[:row], pull[row + 1 :]]).any():
            return False
    return True


def _cost(said_s: Float[Tensor, "b 2"], batch: Spans) -> Float[Tensor, "b"]:
    """The weighted sum of the terms, for answers in seconds."""
    lasts_s = batch.lasts_s[:, None]
    terms = TDIOU(said_s / lasts_s, batch.truth_s / lasts_s)
    return torch.stack([TDIOU.weights[name] * term for name, term in terms.items()]).sum(0)
