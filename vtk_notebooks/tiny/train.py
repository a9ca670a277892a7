"""Train: vtk-tiny from nothing, in stages that can be interrupted and gone on with.

    python -m vtk_notebooks.tiny.train --out out/vtk-tiny

Stage 1 teaches the tower (`seeing`), stage 2 shows it many films once (`shelf`), stage 3 teaches
the language model on what it saw (`speaking`). Whatever is finished lies in the folder; a second
call goes on from there, and makes the same weights as one that was never interrupted.
"""

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from vtk_notebooks.atomic import replacing
from vtk_notebooks.models.adapters import Record
from vtk_notebooks.models.adapters.qwen3_vl import Qwen3VL
from vtk_notebooks.tiny.build import SETTINGS, build
from vtk_notebooks.tiny.prompts import Prompter
from vtk_notebooks.tiny.seeing import learn_to_see, settle
from vtk_notebooks.tiny.shelf import Shelf, shelf
from vtk_notebooks.tiny.speaking import learn_to_speak, optimiser_of

RECORD = Record("vtk-tiny", "", "qwen3_vl", "float32", "cpu", "sdpa", 0)
"""Of a model that is still being made."""


@dataclass(frozen=True)
class Plan:
    """How long to learn.

    Args:
        seed: of everything.
        seeing: steps of the tower, cycle by cycle.
        films: on the shelf, for each number of events.
        speaking: steps of the language model.
        every: steps between two checkpoints.
        threads: of torch.
    """

    seed: int = 0
    seeing: tuple[int, ...] = (1600, 1200)
    films: int = 2400
    speaking: int = 5600
    every: int = 250
    threads: int = 2


def train(
    out: Path,
    plan: Plan | None = None,
    tell: Callable[[str], object] = print,
    log_every: int = 50,
) -> tuple[Any, Prompter]:
    """The trained model and its prompter; checkpoints and `log.jsonl` lie in the folder.

    Args:
        out: folder, made if it is not there; what is finished in it is not done again.
        plan: how long to learn.
        tell: told every line of the log.
        log_every: steps whose mean is one line.
    """
    plan = plan or Plan()
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(plan.threads)
    model, words = build(plan.seed)
    log = Log(out / "log.jsonl", tell, log_every)
    _see(model, plan, out / "tower.safetensors", log)
    prompter = Prompter(Qwen3VL(model, SETTINGS, words, RECORD))
    shelves = {
        events: shelf(model, range(10**7 * events, 10**7 * events + plan.films), events=events)
        for events in range(1, 6)
    }
    log("shelf", 0, {"films": 5.0 * plan.films}, once=True)
    _speak(model, prompter, shelves, plan, out, log)
    return model, prompter


class Log:
    """A line of JSON for every so many steps, and for people."""

    def __init__(self, path: Path, tell: Callable[[str], object], every: int) -> None:
        self.path, self.tell, self.every, self.start_s = path, tell, every, time.monotonic()
        self.means: dict[str, list[float]] = {}

    def __call__(self, stage: str, step: int, facts: dict[str, float], once: bool = False) -> None:
        """One step's facts; a line is their mean over several steps, or `once` what is given."""
        for name, value in facts.items():
            if value == value:
                self.means.setdefault(name, []).append(value)
        if not once and (step + 1) % self.every:
            return
        line = {"stage": stage, "step": step, "s": round(time.monotonic() - self.start_s, 1)}
        line |= {k: round(sum(v) / len(v), 4) for k, v in self.means.items()}
        self.means = {}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self.tell(json.dumps(line))


def _see(model: Any, plan: Plan, file: Path, log: Log) -> None:
    tower = model.model.visual
    if not file.is_file():
        for cycle, steps in enumerate(plan.seeing):
            right = learn_to_see(
                model, steps, seed=plan.seed + cycle, first=10**6 * cycle, form=1 + 2 * cycle,
                tell=lambda s, f: log("seeing", s, f),
            )  # fmt: skip
            log("seen", cycle, right, once=True)
        settle(tower)
        with replacing(file) as part:
            save_file({k: v.contiguous() for k, v in tower.state_dict().items()}, part)
    tower.load_state_dict(load_file(file))
    tower.eval().requires_grad_(False)


def _speak(
    model: Any, prompter: Prompter, shelves: dict[int, Shelf], plan: Plan, out: Path, log: Log
) -> None:
    language, state = model.model.language_model, out / "speaking.pt"
    optimiser = optimiser_of(model)
    first = 0
    if state.is_file():
        saved = torch.load(state, weights_only=True)
        language.load_state_dict(saved["language"])
        optimiser.load_state_dict(saved["optimiser"])
        first = saved["step"]

    def tell(step: int, facts: dict[str, float]) -> None:
        log("speaking", step, facts)
        if (step + 1) % plan.every == 0:
            kept = {"language": language.state_dict(), "optimiser": optimiser.state_dict()}
            with replacing(state) as part:
                torch.save({**kept, "step": step + 1}, part)

    learn_to_speak(
        model, prompter, shelves, plan.speaking, first=first, seed=plan.seed,
        optimiser=optimiser, tell=tell,
    )  # fmt: skip


def main() -> None:
    """The command."""
    from argparse import ArgumentParser

    from vtk_notebooks.tiny.card import LOG
    from vtk_notebooks.tiny.curve import kept_curve
    from vtk_notebooks.tiny.keep import keep

    parser = ArgumentParser(description="Train vtk-tiny from nothing, or go on where it stopped.")
    parser.add_argument("--out", type=Path, default=Path("out/vtk-tiny"))
    parser.add_argument("--threads", type=int, default=Plan.threads)
    asked = parser.parse_args()
    model, prompter = train(asked.out, replace(Plan(), threads=asked.threads))
    folder = keep(model, prompter.adapter.tokenizer, asked.out / "model")
    shutil.copy(asked.out / "log.jsonl", folder / LOG)
    kept_curve(asked.out / "log.jsonl", folder / "curve.svg")
    print(f"Kept in {folder}. What it can do: python -m vtk_notebooks.tiny.scores {folder}")


if __name__ == "__main__":
    main()
