"""Train: any head that learns, on films whose moments are known, the same way every time.

It can be watched, stopped, gone on with, and stops by itself when films it does not train on get no
better. Equal films, heads, seeds and plans give equal weights, stopped in between or not.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

import torch
from torch import Tensor, nn

from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.errors import VtkError
from vtk_notebooks.protocols import GroundingLoss
from vtk_notebooks.training.checkpoint import Progress, read, write
from vtk_notebooks.training.planted import Example
from vtk_notebooks.training.shelf import Shelf

H = TypeVar("H", bound=TrainedHead)


@dataclass(frozen=True)
class Trained(Generic[H]):
    """What came of a training.

    Args:
        head: with the best weights on held-out films; the last ones where there were none.
        curve: value of every term of the loss, unweighted, and of "total", in each step.
        held_out: total loss on held-out films, by the number of steps done.
        stopped: why it ended.
        weights: how much each term counts in "total".
    """

    head: H
    curve: dict[str, list[float]]
    held_out: dict[int, float]
    stopped: Literal["done", "early", "interrupted"]
    weights: dict[str, float]


def train_head(
    head: H,
    films: Sequence[Example],
    steps: int = 200,
    *,
    epochs: int | None = None,
    seed: int = 0,
    batch: int = 16,
    rate: float = 4e-3,
    objectives: Sequence[GroundingLoss] | None = None,
    held_out: Sequence[Example] = (),
    look_every: int | None = None,
    patience: int = 5,
    checkpoint: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Trained[H]:
    """Train a head in place. Interrupting (Ctrl-C, the stop button) keeps the best so far.

    Args:
        head: as its class's `new` makes it, or a trained one.
        films: with their moments; all in the head's space.
        steps: of AdamW, with a rate that falls to 0 along a cosine.
        epochs: in place of steps: how often every film is seen.
        seed: of the order in which films come, and of what objectives draw.
        batch: films in a step.
        rate: the first learning rate.
        objectives: in place of the head's own, with weights of their own.
        held_out: films that are looked at, not trained on.
        look_every: steps between looks at them, and between writes; an epoch by default.
        patience: looks without anything better before it stops.
        checkpoint: file to write the training to; where it is there, training goes on from it.
        progress: told the steps done, and of how many.
    """
    an_epoch = -(-len(films) // batch)
    steps = steps if epochs is None else epochs * an_epoch
    if steps < 1 or batch < 1:
        raise VtkError("train_head", "one or more steps of one or more films", (steps, batch))
    shelf, others = Shelf.of(head, films, seed), Shelf.of(head, held_out) if held_out else None
    fit = _Fit(head, objectives, rate, steps, seed, batch)
    file = Path(checkpoint) if checkpoint else None
    if file and file.exists():
        fit.progress = read(file, fit.kernel, fit.optimiser, fit.plan)
    stopped: Literal["done", "early", "interrupted"] = "done"
    try:
        with _one_thread():
            while fit.progress.step < steps:
                if others and fit.progress.worse_for() >= patience:
                    stopped = "early"
                    break
                fit.step(shelf)
                now = fit.progress.step
                if now % (look_every or an_epoch) == 0 or now == steps:
                    fit.look(others)
                    if file:
                        write(file, fit.progress, fit.kernel, fit.optimiser, fit.plan)
                if progress:
                    progress(now, steps)
    except KeyboardInterrupt:
        stopped = "interrupted"
    if fit.progress.best:
        fit.kernel.load_state_dict(fit.progress.best)
    fit.kernel.eval()
    return Trained(head, fit.progress.curve, fit.progress.held_out, stopped, fit.weights())


class _Fit:
    """A training under way."""

    def __init__(
        self,
        head: TrainedHead,
        objectives: Sequence[GroundingLoss] | None,
        rate: float,
        steps: int,
        seed: int,
        batch: int,
    ) -> None:
        self.head, self.kernel = head, head.kernel.requires_grad_().train()
        self.objectives, self.progress = objectives, Progress()
        self.plan: dict[str, Any] = {"steps": steps, "seed": seed, "batch": batch, "rate": rate}
        self.optimiser = torch.optim.AdamW(self.kernel.parameters(), rate, weight_decay=1e-4)

    def step(self, shelf: Shelf) -> None:
        """One step down."""
        plan, now = self.plan, self.progress.step
        terms = self.terms(shelf.in_step(now, plan["batch"], plan["seed"]))
        for group in self.optimiser.param_groups:
            group["lr"] = plan["rate"] * (1 + math.cos(math.pi * now / plan["steps"])) / 2
        self.optimiser.zero_grad()
        terms["total"].backward()
        nn.utils.clip_grad_norm_(self.kernel.parameters(), 1.0)
        self.optimiser.step()
        self.progress.note(terms)

    @torch.no_grad()
    def look(self, others: Shelf | None) -> None:
        """How well the network does where it is not trained; the best one is kept."""
        if others is None:
            return
        self.kernel.eval()
        value = self.terms(others)["total"].item()
        self.kernel.train()
        if value < min(self.progress.held_out.values(), default=math.inf):
            self.progress.best = {k: v.clone() for k, v in self.kernel.state_dict().items()}
        self.progress.held_out[self.progress.step] = value

    def weights(self) -> dict[str, float]:
        """How much each term counts."""
        if self.objectives is None:
            return dict(self.head.loss_weights)
        return {name: weight for o in self.objectives for name, weight in o.weights.items()}

    def terms(self, some: Shelf) -> dict[str, Tensor]:
        """The terms of the loss, and "total", their weighted sum."""
        out = self.kernel(*some.batch)
        if self.objectives is None:
            terms = self.head.loss(out, some.targets)
        else:
            every = [o.terms(out, some.targets) for o in self.objectives]
            terms = {name: term for named in every for name, term in named.items()}
        weights = self.weights()
        total = torch.stack([weights[name] * term for name, term in terms.items()]).sum()
        return {**terms, "total": total}


@contextmanager
def _one_thread() -> Iterator[None]:
    """So small a network is slower on many threads, and tens of times so on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
