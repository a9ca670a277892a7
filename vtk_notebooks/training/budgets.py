"""Budgets: what a head learns if it is told less, or told it wrongly, in one call.

The budgets are those of moment retrieval: "full", intervals; "glance", one instant inside each of
them, around which a moment of half the film is taken (`blocks.grounding.labels.from_points`);
"none", nothing at all, so the head stays as it was drawn. Noise moves both ends of what is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import build, maker, unknown
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.training.planted import Example
from vtk_notebooks.training.train import train_head

BUDGETS = ("full", "glance", "none")


@dataclass(frozen=True)
class Budget:
    """What came of one budget.

    Args:
        labels: one of `BUDGETS`.
        noise: standard deviation of each end, in parts of the moment's length.
        scores: R@1 and mIoU on held-out films, in percent, with intervals.
    """

    labels: str
    noise: float
    scores: dict[str, Estimate]


def label_budgets(
    name: str,
    films: Sequence[Example],
    held_out: Sequence[Example],
    *,
    labels: Sequence[str] = BUDGETS,
    noises: Sequence[float] = (0.0,),
    hidden: int = 32,
    steps: int = 200,
    seed: int = 0,
) -> list[Budget]:
    """Train a head anew for every budget and every noise, and ask it for films it never saw.

    Args:
        name: of a registered head that learns.
        films: to learn from, all of one space.
        held_out: to be asked for, with their true moments.
        labels: some of `BUDGETS`.
        noises: in parts of a moment's length; "none" is tried once.
        hidden: channels inside the head.
        steps: of training.
        seed: of weights, order, glances and noise.
    """
    if not films or not held_out:
        raise VtkError("label_budgets", "films to learn from and others to ask for", "none")
    for each in labels:
        if each not in BUDGETS:
            raise unknown("label_budgets", "budget", each, BUDGETS)
    space, width = films[0].query.space, films[0].query.vector.shape[0]
    done = []
    for each in labels:
        for noise in noises if each != "none" else (0.0,):
            head: TrainedHead = maker("head", name).new(space, width, hidden=hidden, seed=seed)  # pyright: ignore
            if each != "none":
                told = [retold(film, each, noise, seed + i) for i, film in enumerate(films)]
                train_head(head, told, steps, seed=seed)
            said = [head(film.tokens, film.query) for film in held_out]
            truths = [film.moments for film in held_out]
            scores = build("metric", "recall", at=(1,))(said, truths)
            done.append(Budget(each, noise, scores))
    return done


def retold(film: Example, labels: str, noise: float, seed: int) -> Example:
    """The film with what a budget tells of its moments.

    Args:
        film: with its true moments.
        labels: "full" or "glance".
        noise: standard deviation of each end, in parts of the moment's length.
        seed: of glance and noise.
    """
    draw, lasts_s = generator(seed), film.tokens.duration_s
    told = []
    for moment in film.moments:
        start_s, end_s = moment.start_s, moment.end_s
        if labels == "glance":
            at_s = start_s + moment.duration_s * torch.rand((), generator=draw).item()
            start_s, end_s = at_s - lasts_s / 4, at_s + lasts_s / 4
        moved_s = (noise * moment.duration_s * torch.randn(2, generator=draw)).tolist()
        low_s, high_s = sorted((start_s + moved_s[0], end_s + moved_s[1]))
        low_s = min(max(low_s, 0.0), lasts_s - 1e-3)
        told.append(Moment(low_s, min(max(high_s, low_s + 1e-3), lasts_s)))
    return film._replace(moments=tuple(told))
