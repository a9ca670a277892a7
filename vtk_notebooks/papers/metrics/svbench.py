"""SVBench at work: chains of questions follow a film, and lean on what was seen long ago."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
from jaxtyping import Float, Int

from vtk_notebooks.metrics.questions.dialogue_chains import (
    CRITERIA,
    DialogueChains,
    Turn,
    dialogue_walk,
    streaming_walk,
    talked,
)
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("metric:dialogue_chains",)
TESTS = ("tests/metrics/questions/test_dialogue_chains.py",)
DIFFERS = (
    "Not the benchmark's films or questions, and no language model. Every quarter of the film has "
    "a chain of three questions, two of which lean on what was seen before; what is right is what "
    "ConSE sees in all frames so far. Who answers holds only six frames: the last ones, or as many "
    "spread over what was seen. The judge is a rule, which rates every criterion by the share of "
    "answers that agree."
)
PARTS, HELD, STREAMS = 4, 6, 16
Curve = Float[np.ndarray, "t"]
"""How well each of the frames in mind shows what is asked for."""

ASKED: Mapping[str, Callable[[Curve, Curve], str]] = MappingProxyType(
    {
        "Is it in view now?": lambda seen, _: _yes(seen[-1] > (seen.min() + seen.max()) / 2),
        "When was it seen best so far?": lambda seen, at_s: f"at {at_s[seen.argmax()]:.1f} s",
        "Is it seen better now than ever before?": lambda seen, _: _yes(
            int(seen.argmax()) == len(seen) - 1
        ),
    }
)
"""Questions of every chain, and how they are answered from the frames in mind and their times."""


def demo(film: Path, query: str) -> Demo:
    """Overall ratings of a memory of the last frames, and of one spread over all so far."""
    done = run(Recipe((Part("conse"),), frames=24, short_side=224, name="SVBench"), film, query)
    curve, times_s = done.saliency.numpy().astype(float), done.clip.times_s
    now = [len(curve) * (part + 1) // PARTS - 1 for part in range(PARTS)]
    chains = [
        [Turn(q, say(curve[: n + 1], times_s[: n + 1]), times_s[n]) for q, say in ASKED.items()]
        for n in now
    ]
    lengths = [len(chain) for chain in chains]
    links = {(part, 1): (1, 2) for part in range(PARTS - 1)}  # from "so far" to "so far", "before"
    paths = [streaming_walk(lengths, links, seed=seed) for seed in range(STREAMS)]
    whole = [[step for step in dialogue_walk(lengths) if step[0] == part] for part in range(PARTS)]
    numbers = {"stream_turns": float(np.mean([len(path) for path in paths]))}
    for name, held in (("last", last), ("spread", spread)):
        answer = answerer(curve, times_s, held)
        dialogues, streams = (
            [talked(path, chains, answer, film.name) for path in walks] for walks in (whole, paths)
        )
        scores = DialogueChains()(dialogues, streams, agreement)
        numbers |= {
            f"{name}_{kind.lower()}_percent": float(scores[f"{kind} OS"])
            for kind in ("Dialogue", "Streaming")
        }
    return demo_of(done, **numbers)


def last(frames: int) -> Int[np.ndarray, "k"]:
    """The frames that a sliding window holds of so many."""
    return np.arange(max(0, frames - HELD), frames)


def spread(frames: int) -> Int[np.ndarray, "k"]:
    """As many frames from the first to the last."""
    return np.unique(np.linspace(0, frames - 1, HELD).round().astype(int))


def answerer(
    curve: Curve, times_s: Curve, held: Callable[[int], np.ndarray]
) -> Callable[[Turn, Sequence[Turn]], str]:
    """Answers from the frames that are held when a question is asked."""

    def answer(turn: Turn, before: Sequence[Turn]) -> str:
        mind = held(int(np.searchsorted(times_s, turn.at_s, side="right")))
        return ASKED[turn.question](curve[mind], times_s[mind])

    return answer


def agreement(prompt: str) -> str:
    """A judge that rates every criterion by the share of answers that are word for word right."""
    pairs = re.findall(r"Right answer: (.*)\nAnswer: (.*)", prompt)
    value = 10 * np.mean([right == said for right, said in pairs])
    return "\n".join(f"{heading}: {value:.2f}" for heading in CRITERIA.values())


def _yes(holds: bool | np.bool_) -> str:
    return "yes" if holds else "no"
