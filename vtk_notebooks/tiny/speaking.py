"""Speaking: the second stage of training, the language model on films as the tower sees them.

Films begin with one event and grow to five; video is squeezed by a compressor drawn at random in
most steps, so that every one is fair to try on the trained model. Time tokens that are nearly right
are nearly as good: their targets are spread over neighbours.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.registry import build
from vtk_notebooks.tiny.prompts import IGNORE, Prompter, logits
from vtk_notebooks.tiny.questions import KINDS, Lesson, lessons
from vtk_notebooks.tiny.shelf import Shelf
from vtk_notebooks.tiny.words import TIME
from vtk_notebooks.tokens import Tokens

SQUEEZED_BY = (
    "spatial_pool",
    "temporal_pool",
    "random_tokens",
    "uniform",
    "bipartite_merge",
    "run_length",
    "pool_3d",
    "token_shuffle",
    "hierarchical_merge",
)
"""Compressors met in training."""

KEEPS = (0.5, 0.25, 0.25, 0.125)
SPREAD = 1.2
"""Standard deviation of a time target, in tokens."""


def squeezed(tokens: Sequence[Tokens], rng: np.random.Generator) -> list[Tokens]:
    """All films by one compressor drawn by lot."""
    name, keep = SQUEEZED_BY[rng.integers(len(SQUEEZED_BY))], KEEPS[rng.integers(len(KEEPS))]
    more = {"seed": int(rng.integers(2**31))} if name == "random_tokens" else {}
    compressor = build("compressor", name, **more).at(keep)
    return [compressor(one) for one in tokens]


def drawn(some: list[Lesson], count: int, rng: np.random.Generator) -> list[Lesson]:
    """That many lessons, every kind as likely; the description is always one of them."""
    kinds = {kind: [x for x in some if x.kind == kind] for kind in KINDS}
    open_ = [kind for kind in KINDS if kinds[kind] and kind != "describe"]
    picked = [kinds["describe"][0]]
    weights = np.array([3.0 if kind == "when" else 1.0 for kind in open_])
    for kind in rng.choice(open_, count - 1, p=weights / weights.sum()):
        picked.append(kinds[kind][rng.integers(len(kinds[kind]))])
    return picked


class TimeLoss:
    """Cross entropy, where a time token's target is spread over its neighbours."""

    def __init__(self, tokenizer: Any) -> None:
        self.first = tokenizer.convert_tokens_to_ids(TIME.vocab[0])  # the others follow it
        self.count = len(TIME.vocab)
        near = torch.arange(self.count).float()
        self.soft = (-((near[:, None] - near) ** 2) / (2 * SPREAD**2)).softmax(-1)

    def __call__(
        self, scores: Float[Tensor, "k v"], wanted: Int[Tensor, "k"]
    ) -> Float[Tensor, "k"]:
        """Of each word of an answer."""
        logs = scores.log_softmax(-1)
        plain = -logs.gather(1, wanted[:, None])[:, 0]
        time = wanted - self.first
        is_time = (time >= 0) & (time < self.count)
        soft = self.soft[time.clamp(0, self.count - 1)]
        spread = -(soft * logs[:, self.first : self.first + self.count]).sum(-1)
        return torch.where(is_time, spread, plain)


def optimiser_of(model: Any) -> torch.optim.AdamW:
    """For the language model's weights."""
    weights = model.model.language_model.requires_grad_(True).parameters()
    return torch.optim.AdamW(weights, weight_decay=0.02, betas=(0.9, 0.98))


def learn_to_speak(
    model: Any,
    prompter: Prompter,
    shelves: dict[int, Shelf],
    steps: int,
    *,
    first: int = 0,
    films: int = 10,
    asked: int = 12,
    optimiser: torch.optim.Optimizer,
    rate: float = 1.5e-3,
    seed: int = 0,
    tell: Callable[[int, dict[str, float]], None] | None = None,
) -> None:
    """Train the language model in place.

    Args:
        model: whose tower has learnt to see.
        prompter: lays out its sequences.
        shelves: number of events -> films.
        steps: in all.
        first: the step to go on from.
        films: in each step.
        asked: questions about each.
        optimiser: of `optimiser_of`, new or to go on with.
        rate: the highest learning rate.
        seed: of films, questions and compressors; each step has its own.
        tell: told each step and its losses by kind of word.
    """
    language = model.model.language_model.train()
    weights = list(language.parameters())
    loss_of = TimeLoss(prompter.adapter.tokenizer)
    for step in range(first, steps):
        done = step / steps
        for group in optimiser.param_groups:
            group["lr"] = rate * _pace(done)
        rng = np.random.default_rng((seed, step))
        most = 1 + min(4, int(done * 20))  # one event, then two, ... five from a fifth on
        tokens, some = list[Tokens](), list[list[Lesson]]()
        for _ in range(films):
            events = int(rng.integers(max(1, most - 3), most + 1))
            shelf = shelves[events]
            row = int(rng.integers(len(shelf.scenes)))
            tokens.append(prompter.tokens(shelf.tokens[row]))
            some.append(drawn(lessons(shelf.scenes[row], rng), asked, rng))
        is_whole = bool(rng.random() < 0.1 + 0.3 * done)
        tokens = tokens if is_whole else squeezed(tokens, rng)
        batch = prompter.batch(tokens, some, is_whole)
        wanted = batch.targets[batch.targets != IGNORE]
        each = loss_of(logits(model, batch), wanted)
        loss = each.mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        if tell:
            is_time = (wanted >= loss_of.first) & (wanted < loss_of.first + loss_of.count)
            parts = {"time": each[is_time].mean().item(), "words": each[~is_time].mean().item()}
            tell(step, {"loss": loss.item(), "whole": float(is_whole), **parts})
    model.eval()


def _pace(done: float) -> float:
    """Up for a twentieth, then down along a cosine to a fiftieth."""
    if done < 0.05:
        return max(0.02, done / 0.05)
    return 0.02 + 0.98 * 0.5 * (1 + float(np.cos(np.pi * (done - 0.05) / 0.95)))
