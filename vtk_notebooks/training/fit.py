"""Fit: train a head on films whose moments are known, in seconds, the same way every time."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from vtk_notebooks.arrays import generator
from vtk_notebooks.errors import SpaceError, VtkError
from vtk_notebooks.heads.univtg import Batch, Kernel, UniVTG, collate
from vtk_notebooks.objectives.univtg import Labels, UniVTGLoss, from_intervals
from vtk_notebooks.training.planted import Example


def fit_head(
    head: UniVTG,
    films: Sequence[Example],
    steps: int = 200,
    *,
    seed: int = 0,
    batch: int = 16,
    rate: float = 4e-3,
    objective: UniVTGLoss | None = None,
    losses: list[float] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> UniVTG:
    """The head, trained in place.

    Args:
        head: as `UniVTG.new` makes it, or a trained one.
        films: with their moments; all in the head's space.
        steps: of AdamW, with a rate that falls to 0 along a cosine.
        seed: of the order in which films are drawn.
        batch: films in a step.
        rate: the first learning rate.
        objective: the loss; UniVTG's weights by default.
        losses: the loss of every step is appended to it, for a curve.
        progress: told the steps done, and of how many.
    """
    _check(head, films)
    shelf, loss = _Shelf.of(films), objective or UniVTGLoss()
    kernel, draw = head.kernel.train(), generator(seed)
    optimiser = torch.optim.AdamW(kernel.parameters(), rate, weight_decay=1e-4)
    fall = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(1, steps))
    with _one_thread():
        for step in range(steps):
            rows = torch.randperm(len(films), generator=draw)[:batch]
            value = _loss(kernel, shelf.take(rows), loss)
            optimiser.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_(kernel.parameters(), 1.0)
            optimiser.step()
            fall.step()
            if losses is not None:
                losses.append(value.item())
            if progress:
                progress(step + 1, steps)
    kernel.eval()
    return head


@contextmanager
def _one_thread() -> Iterator[None]:
    """So small a network is slower on many threads, and tens of times so on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _check(head: UniVTG, films: Sequence[Example]) -> None:
    if not films:
        raise VtkError("fit_head", "one or more films", "none", "Make some with `planted`.")
    for film in films:
        if film.query.space != head.space:
            raise SpaceError("fit_head", f"films in {head.space!r}", film.query.space)


class _Shelf(NamedTuple):
    """All films as padded tensors, made once; a step takes some rows."""

    batch: Batch
    centres: Float[Tensor, "b t"]
    labels: Labels

    @classmethod
    def of(cls, films: Sequence[Example]) -> "_Shelf":
        made = [_labelled(film) for film in films]
        pad = partial(pad_sequence, batch_first=True)
        stacked = Labels(*(pad(list(part)) for part in zip(*(m[1] for m in made), strict=True)))
        batch = collate([(film.tokens, film.query) for film in films])
        return cls(batch, pad([m[0] for m in made]), stacked)

    def take(self, rows: Int[Tensor, "r"]) -> "_Shelf":
        batch = Batch(*(x[rows] for x in self.batch))
        return _Shelf(batch, self.centres[rows], Labels(*(x[rows] for x in self.labels)))


def _labelled(film: Example) -> tuple[Float[Tensor, "t"], Labels]:
    """Clip centres as parts of the film, and what is true of each."""
    ends_s = film.tokens.ends_s()
    centres_s = ((film.tokens.times_s + ends_s) / 2).float()
    length_s = ends_s[-1].item()
    return centres_s / length_s, from_intervals(film.moments, centres_s, length_s)


def _loss(kernel: Kernel, some: _Shelf, objective: UniVTGLoss) -> Float[Tensor, ""]:
    out = kernel(*some.batch)
    span = some.centres[..., None] + out.offset
    mask = some.batch.video_mask
    return objective(out.foreground, span, out.video, out.text, some.labels, mask)["total"]
