"""Lab 3: say where. Its made films, its line-up of answers, and the checks of its exercises.

No answer is written down here: the best blind answer is searched for, heads are asked for films
they never saw, names come from the errors, and the broken promise from what the loss returns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch

from vtk_notebooks.blind import BLIND
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.heads import UniVTG
from vtk_notebooks.labs.crossed import PROMISES as PROMISES
from vtk_notebooks.labs.crossed import Loss, Spans, holds
from vtk_notebooks.labs.crossed import crossed as crossed
from vtk_notebooks.labs.crossed import mended as mended
from vtk_notebooks.labs.line_up import confused, some_wrong
from vtk_notebooks.labs.mark import Mark, is_open, right, unanswered, wrong
from vtk_notebooks.metrics.moments.misses import KINDS, Misses, MissTable
from vtk_notebooks.moment import Moment, tiou
from vtk_notebooks.statistics.paired import Comparison, compare
from vtk_notebooks.training import Example, planted

LASTS_S, WIDTH = 16.0, 32
"""Of made films: seconds, and channels of a token."""
NEAR = 0.97
"""Part of the best blind answer's mean IoU that is enough."""
MARGIN = 0.2
"""Of IoU, by which a head beats a blind answer if it saw the film."""
LINE_UP = ("the head", "whole film", "middle third", "film backwards", "a third of it")
"""Who answers in exercise 3; the last two change what the head said."""


def films(many: int, first: int = 0) -> list[Example]:
    """Made films with a planted moment, numbered from `first` on."""
    return [planted(first + i, width=WIDTH) for i in range(many)]


@cache
def held_out() -> tuple[Example, ...]:
    """Films for the checks: learn from others."""
    return tuple(films(48, 20_000))


def ious(said: Sequence[Moment | None], asked: Sequence[Example] | None = None) -> list[float]:
    """Of each answer with the true moment of its film; 0 where there is none."""
    asked = held_out() if asked is None else asked
    pairs = zip(said, asked, strict=True)
    return [tiou(m, film.moments[0]) if m else 0.0 for m, film in pairs]


def first_answers(head: TrainedHead, asked: Sequence[Example] | None = None) -> list[Moment | None]:
    """What a head says first, film by film."""
    asked = held_out() if asked is None else asked
    return [next(iter(head(film.tokens, film.query)), None) for film in asked]


# -- 1: without looking ----------------------------------------------------------------------


@cache
def best_blind() -> tuple[Moment, float]:
    """One answer for all films, to half a second, and its mean IoU on many of them."""
    true = np.array([[m.start_s, m.end_s] for film in films(256) for m in film.moments])
    marks = np.arange(0, LASTS_S + 0.5, 0.5)
    start, end = (
        x[np.triu_indices(len(marks), 1)] for x in np.meshgrid(marks, marks, indexing="ij")
    )
    inter = np.minimum(end[:, None], true[:, 1]) - np.maximum(start[:, None], true[:, 0])
    inter = inter.clip(0)
    union = (end - start)[:, None] + np.diff(true)[:, 0] - inter
    mean = (inter / union).mean(1)
    best = int(mean.argmax())
    return Moment(float(start[best]), float(end[best])), float(mean[best])


def check_blind(answer: object) -> Mark:
    """Exercise 1: one moment for all films that overlaps the true ones most.

    Args:
        answer: a `Moment`, in seconds of a film of `LASTS_S`.
    """
    if is_open(answer):
        return unanswered("a Moment(start_s, end_s)")
    if not isinstance(answer, Moment) or not 0 <= answer.start_s < answer.end_s <= LASTS_S:
        return wrong(f"{answer!r} is no moment of a film of {LASTS_S:g} s.", "Moment(2.0, 5.0)")
    asked = films(256)
    mean = float(np.mean(ious([answer] * len(asked), asked)))
    best, most = best_blind()
    if mean >= NEAR * most:
        return right(f"Mean IoU {mean:.3f}; {best.start_s:g} to {best.end_s:g} s has {most:.3f}.")
    hint = "It overlaps every moment, and is too long for all of them."
    if abs(answer.start_s + answer.end_s - LASTS_S) > LASTS_S / 8:
        hint = "Which second of the film lies in a moment most often? Put it in the middle."
    elif answer.duration_s < best.duration_s:
        hint = "So short an answer often misses. How long may it be before that costs more?"
    return wrong(f"Mean IoU {mean:.3f}; another answer has {most:.3f}.", hint)


# -- 2: beat it ------------------------------------------------------------------------------


def beside_blind(head: TrainedHead) -> Comparison:
    """How much better a head is than the best of the blind answers, on `held_out` films."""
    blind = [b(LASTS_S) for b in BLIND.values()] + [best_blind()[0]]
    each = [ious([m] * len(held_out())) for m in blind]
    return compare(max(each, key=np.mean), ious(first_answers(head)))


def check_beaten(answer: object) -> Mark:
    """Exercise 2: a head that beats every blind answer by `MARGIN`, interval and all.

    Args:
        answer: a head for made films.
    """
    if is_open(answer):
        return unanswered("a head that was trained")
    if not isinstance(answer, TrainedHead):
        return wrong(f"{type(answer).__name__} is no head.", "train_head(...).head is one.")
    if answer.space != "made":
        return wrong(f"It reads {answer.space!r}.", 'UniVTG.new("made", 32) reads made films.')
    won = beside_blind(answer).difference
    told = f"{float(won):+.3f} IoU, from {won.low:+.3f} to {won.high:+.3f}."
    if won.low >= MARGIN:
        return right(f"{told} That is not chance.")
    if won.high <= 0:
        return wrong(told, "A blind answer is better. Was it trained at all?")
    return wrong(told, "More steps, or more films; its loss curve says which.")


# -- 3: read the errors ----------------------------------------------------------------------


@dataclass(frozen=True)
class Blind:
    """How questions ended, without the names of who answered.

    Args:
        tables: by letter.
        names: who is behind each letter.
    """

    tables: Mapping[str, MissTable]
    names: Mapping[str, str]

    def __repr__(self) -> str:
        rows = ["   " + "".join(f"{kind:>13}" for kind in KINDS)]
        for letter, table in self.tables.items():
            rows.append(f"{letter:3}" + "".join(f"{n:13}" for n in table.counts().values()))
        return "\n".join(rows)


def blinded(seed: int = 3) -> Blind:
    """Errors of the line-up on `held_out` films, shuffled, letters for names."""
    said = [m or Moment(0.0, LASTS_S) for m in first_answers(UniVTG("made"))]
    thirds = [(m.duration_s / 3, m) for m in said]
    back = [Moment(max(0.0, LASTS_S - m.end_s), LASTS_S - m.start_s) for m in said]
    every = [
        *(said, [BLIND["whole film"](LASTS_S)] * len(said)),
        *([BLIND["middle third"](LASTS_S)] * len(said), back),
        [Moment(m.start_s + third_s, m.end_s - third_s) for third_s, m in thirds],
    ]
    truths = [film.moments for film in held_out()]
    order = np.random.default_rng(seed).permutation(len(LINE_UP)).tolist()
    names = {letter: LINE_UP[i] for letter, i in zip("ABCDE", order, strict=True)}
    ended = {
        name: Misses().table([[m] for m in answers], truths)
        for name, answers in zip(LINE_UP, every, strict=True)
    }
    return Blind({letter: ended[name] for letter, name in names.items()}, names)


def check_who(answer: object, blind: Blind) -> Mark:
    """Exercise 3: who is behind each letter.

    Args:
        answer: a name of `LINE_UP` for each letter.
        blind: of `blinded`.
    """
    off = confused(answer, blind.names, LINE_UP)
    if isinstance(off, Mark):
        return off
    if not off:
        return right("Each of them errs in its own way.")
    hint = "Whose answers can only be too long, and whose only too short?"
    if off == {"middle third", "film backwards"}:
        hint = "Both have the wrong place often. Who says what is as long as the true moment?"
    return some_wrong(off, LINE_UP, hint)


# -- 4: the broken promise -------------------------------------------------------------------


def check_broken(answer: object, loss: Loss) -> Mark:
    """The broken invariant: which promise, and a batch that shows it.

    Args:
        answer: a name of `PROMISES` and a batch, as `Spans.of` makes it.
        loss: who is asked.
    """
    if is_open(answer):
        return unanswered("the name of a promise and a batch")
    if not isinstance(answer, tuple) or len(answer) != 2 or answer[0] not in PROMISES:
        return wrong("It takes a promise and a batch.", f"Promises: {', '.join(PROMISES)}.")
    promise, batch = answer
    if not isinstance(batch, Spans) or not len(batch.lasts_s) or not _true(batch):
        hint = "lab.Spans.of((start, end, true start_s, true end_s, length_s), ...)"
        return wrong("That is no batch of films with a moment in each.", hint)
    try:
        if holds(promise, loss, batch):
            hint = "One film says little about a batch. How do films of one batch differ?"
            return wrong(f"{promise!r} holds there: {PROMISES[promise]}.", hint)
    except RuntimeError:
        hint = "What crashes is found on the first day. Which batch does it let through?"
        return wrong(f"It crashes on {len(batch.lasts_s)} films.", hint)
    here = ", ".join(f"{v:.3f}" for v in loss(batch).tolist())
    alone = ", ".join(f"{loss(batch.take(i)).item():.3f}" for i in range(len(batch.lasts_s)))
    return right(f"{PROMISES[promise]}; but these cost {here} in company and {alone} alone.")


def _true(batch: Spans) -> bool:
    start_s, end_s = batch.truth_s.unbind(1)
    inside = (start_s >= 0) & (start_s < end_s) & (end_s <= batch.lasts_s)
    return bool(inside.all() and torch.isfinite(batch.said).all())
