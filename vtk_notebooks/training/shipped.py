"""Shipped: the trainings behind the weights that come with the package, so that demos answer at
once. `python benchmarks/heads.py --write` runs them all; films are made, seeds are fixed.
"""  # noqa: D205

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.registry import build, maker, unknown
from vtk_notebooks.training.combined import combined
from vtk_notebooks.training.planted import Example, planted
from vtk_notebooks.training.train import Trained, train_head

UNSEEN = 100_000
"""Seeds from here on are of films that no training sees; held-out films begin half way there."""


@dataclass(frozen=True)
class Plan:
    """How a head for one feature space is trained.

    Args:
        space: that it is for.
        width: of the space.
        hidden: channels inside the head.
        films: with planted moments, by the seeds from 0 on.
        steps: of training.
        rate: the first learning rate.
        objectives: names of those that take the place of the head's own; none keeps them.
        pairs: films ask for pairs of things, unseen films for pairs that are held out.
    """

    space: str
    width: int
    hidden: int
    films: int = 512
    steps: int = 400
    rate: float = 4e-3
    objectives: tuple[str, ...] = ()
    pairs: bool = False

    def made(self, seed: int) -> Example:
        """A film of the space."""
        if self.pairs:
            return combined(seed, unseen=seed >= UNSEEN, width=self.width, space=self.space)
        return planted(seed, width=self.width, space=self.space)


_MADE, _CONSE = Plan("made", 32, 32), Plan("conse", 384, 64, rate=1e-3)
_G2L = ("geodesic_contrastive", "shapley_interaction")
PLANS = MappingProxyType(
    {
        "made": _MADE,
        "conse": _CONSE,
        "made_pairs": replace(_MADE, pairs=True),
        "made_g2l": replace(_MADE, steps=200, objectives=_G2L),
        "conse_g2l": replace(_CONSE, steps=200, objectives=_G2L),
        "conse_vdi": replace(_CONSE, steps=200, objectives=("univtg", "dynamic_injection")),
    }
)
"""By the name of the weights: for the space of made films, and for that of the bundled encoder
that words share; some with other objectives than a head's own."""


def train_shipped(
    name: str, plan: str, *, seed: int = 0, progress: Callable[[int, int], None] | None = None
) -> Trained[TrainedHead]:
    """A registered head, trained as the shipped one was; equal seeds give equal weights.

    Args:
        name: of a head that learns.
        plan: a key of `PLANS`.
        seed: of weights and order.
        progress: told the steps done, and of how many.
    """
    if plan not in PLANS:
        raise unknown("train_shipped", "plan", plan, PLANS)
    how = PLANS[plan]
    fresh = maker("head", name).new(how.space, how.width, hidden=how.hidden, seed=seed)  # pyright: ignore
    return train_head(
        fresh,
        [how.made(i) for i in range(how.films)],
        how.steps,
        seed=seed,
        rate=how.rate,
        objectives=[build("objective", o) for o in how.objectives] or None,
        held_out=[how.made(UNSEEN // 2 + i) for i in range(64)],
        progress=progress,
    )


def shipped_file(name: str, plan: str) -> Path:
    """Where those weights lie: a head finds them by the plan's name."""
    import vtk_notebooks.heads

    folder = Path(vtk_notebooks.heads.__path__[0]) / "weights"
    return folder / f"{name}-{plan}.safetensors"
