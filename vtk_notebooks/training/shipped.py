"""Shipped: the trainings behind the weights that come with the package, so that demos answer at
once. `python benchmarks/heads.py --write` runs them all; films are made, seeds are fixed.
"""  # noqa: D205

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from vtk_notebooks.blocks.trained_head import TrainedHead
from vtk_notebooks.registry import maker, unknown
from vtk_notebooks.training.planted import Example, planted
from vtk_notebooks.training.train import Trained, train_head

UNSEEN = 100_000
"""Seeds from here on are of films that no training sees; held-out films begin half way there."""


@dataclass(frozen=True)
class Plan:
    """How a head for one feature space is trained.

    Args:
        width: of the space.
        hidden: channels inside the head.
        films: with planted moments, by the seeds from 0 on.
        steps: of training.
        rate: the first learning rate.
    """

    width: int
    hidden: int
    films: int = 512
    steps: int = 400
    rate: float = 4e-3

    def made(self, seed: int, space: str) -> Example:
        """A film of the space."""
        return planted(seed, width=self.width, space=space)


PLANS = MappingProxyType({"made": Plan(32, 32), "conse": Plan(384, 64, rate=1e-3)})
"""By feature space: that of made films, and that of the bundled encoder that words share."""


def train_shipped(
    name: str, space: str, *, seed: int = 0, progress: Callable[[int, int], None] | None = None
) -> Trained[TrainedHead]:
    """A registered head, trained as the shipped one was; equal seeds give equal weights.

    Args:
        name: of a head that learns.
        space: a key of `PLANS`.
        seed: of weights and order.
        progress: told the steps done, and of how many.
    """
    if space not in PLANS:
        raise unknown("train_shipped", "space", space, PLANS)
    plan = PLANS[space]
    head: TrainedHead = maker("head", name).new(space, plan.width, hidden=plan.hidden, seed=seed)  # pyright: ignore
    films = [plan.made(i, space) for i in range(plan.films)]
    held_out = [plan.made(UNSEEN // 2 + i, space) for i in range(64)]
    return train_head(
        head, films, plan.steps, seed=seed, rate=plan.rate, held_out=held_out, progress=progress
    )


def shipped_file(name: str, space: str) -> Path:
    """Where those weights lie: a head finds them by the name of their space."""
    import vtk_notebooks.heads

    folder = Path(vtk_notebooks.heads.__path__[0]) / "weights"
    return folder / f"{name}-{space}.safetensors"
