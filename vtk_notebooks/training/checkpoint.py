"""Checkpoint: a training as one file, from which it goes on as if it had never stopped."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from vtk_notebooks.atomic import replacing
from vtk_notebooks.errors import WeightsError

State = dict[str, Tensor]


@dataclass
class Progress:
    """Where a training stands.

    Args:
        step: steps done.
        curve: value of every term of the loss, and "total", in each step.
        held_out: loss on held-out films, by the number of steps done.
        best: weights with the lowest of those; empty before the first.
    """

    step: int = 0
    curve: dict[str, list[float]] = field(default_factory=dict)
    held_out: dict[int, float] = field(default_factory=dict)
    best: State = field(default_factory=dict)

    def note(self, terms: Mapping[str, Tensor]) -> None:
        """One more step, with these terms."""
        self.step += 1
        for name, term in terms.items():
            self.curve.setdefault(name, []).append(term.item())

    def worse_for(self) -> int:
        """How many of the last looks at held-out films were no better than one before them."""
        values = list(self.held_out.values())
        return len(values) - 1 - values.index(min(values)) if values else 0


def write(
    file: Path,
    progress: Progress,
    kernel: torch.nn.Module,
    optimiser: torch.optim.Optimizer,
    plan: dict[str, Any],
) -> None:
    """All of a training, whole or not at all.

    Args:
        file: safetensors.
        progress: where it stands.
        kernel: as it is now.
        optimiser: with its moments.
        plan: what it was asked for, which must be the same when it goes on.
    """
    from safetensors.torch import save_file

    state = {f"now.{k}": v for k, v in kernel.state_dict().items()}
    state |= {f"best.{k}": v for k, v in progress.best.items()}
    for i, row in optimiser.state_dict()["state"].items():
        state |= {f"optimiser.{i}.{k}": v for k, v in row.items()}
    numbers = {"step": progress.step, "curve": progress.curve, "held_out": progress.held_out}
    state = {k: v.detach().clone().contiguous() for k, v in state.items()}
    with replacing(file) as part:
        save_file(state, part, {"progress": json.dumps(numbers), "plan": json.dumps(plan)})


def read(
    file: Path, kernel: torch.nn.Module, optimiser: torch.optim.Optimizer, plan: dict[str, Any]
) -> Progress:
    """Where a training stood; network and optimiser are put back to it.

    Args:
        file: that `write` wrote.
        kernel: of the same shape.
        optimiser: of that network.
        plan: what is asked for now.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(file), "pt") as f:
            meta = {k: json.loads(v) for k, v in (f.metadata() or {}).items()}
            state = {k: f.get_tensor(k) for k in f.keys()}  # noqa: SIM118
        if meta["plan"] != json.loads(json.dumps(plan)):
            raise KeyError(f"a plan of {meta['plan']}")
        kernel.load_state_dict(_below(state, "now."))
        rows: dict[int, State] = {}
        for key, value in _below(state, "optimiser.").items():
            number, _, name = key.partition(".")
            rows.setdefault(int(number), {})[name] = value
        optimiser.load_state_dict({**optimiser.state_dict(), "state": rows})
        numbers = meta["progress"]
        held_out = {int(k): v for k, v in numbers["held_out"].items()}
        return Progress(numbers["step"], numbers["curve"], held_out, _below(state, "best."))
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        hint = "Name another file, or remove this one to begin anew."
        expected = f"a checkpoint of this training ({plan})"
        raise WeightsError("train_head", expected, f"{str(file)!r}: {error}", hint) from error


def _below(state: State, prefix: str) -> State:
    return {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}
