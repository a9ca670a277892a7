"""Exam: what vtk-tiny says about films it has never seen, marked.

An answer is right if every word of it is the model's most likely one after the words before it;
that is the answer which `adapter.answer` gives, and many are computed at once. A span is spoken
word by word: its end is what follows the start that the model itself said.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from vtk_notebooks.moment import Moment, tiou
from vtk_notebooks.tiny.prompts import IGNORE, Prompter, logits
from vtk_notebooks.tiny.questions import Lesson, lessons
from vtk_notebooks.tiny.shelf import Shelf
from vtk_notebooks.tiny.watch import spans
from vtk_notebooks.tiny.words import CLOCK_S, TIME
from vtk_notebooks.tokens import Tokens

Change = Callable[[Tokens], Tokens]


@dataclass(frozen=True)
class Mark:
    """One lesson and how it was answered.

    Args:
        film: its place on the shelf.
        lesson: with the true answer.
        score: 1 for an answer that is right word for word, else 0; of a span, its IoU.
    """

    film: int
    lesson: Lesson
    score: float


def paper(shelf: Shelf, seed: int = 0, held_out: bool = False) -> list[list[Lesson]]:
    """For each film one question of each kind that there is something to ask about."""
    rng = np.random.default_rng(seed)
    return [list(_one_each(lessons(scene, rng, held_out), rng)) for scene in shelf.scenes]


def _one_each(some: list[Lesson], rng: np.random.Generator) -> Iterator[Lesson]:
    kinds: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in some:
        if lesson.kind != "describe":
            kinds[lesson.kind].append(lesson)
    for found in kinds.values():
        yield found[rng.integers(len(found))]


def examine(
    model: Any,
    prompter: Prompter,
    shelf: Shelf,
    asked: Sequence[Sequence[Lesson]],
    change: Change | None = None,
    *,
    films: int = 16,
) -> list[Mark]:
    """The whole paper, answered and marked.

    Args:
        model: and
        prompter: that lays out its sequences.
        shelf: of films as its tower sees them.
        asked: lessons of each film.
        change: of the video's tokens, a compressor for example; none leaves them whole.
        films: in one pass.
    """
    marks = list[Mark]()
    for first in range(0, len(asked), films):
        rows = range(first, min(first + films, len(asked)))
        tokens = [prompter.tokens(shelf.tokens[row]) for row in rows]
        tokens = [change(one) for one in tokens] if change else tokens
        some = [list(asked[row]) for row in rows]
        starts = _best(model, prompter, tokens, some, change is None)
        halves = [
            [x._replace(answer=f"{s[0]} {TIME.vocab[0]}") for x, s in zip(f, g, strict=True)
             if x.kind == "when"]
            for f, g in zip(some, starts, strict=True)
        ]  # fmt: skip
        ends = _best(model, prompter, tokens, halves, change is None)
        for row, film, said, end in zip(rows, some, starts, ends, strict=True):
            later = iter(end)
            for lesson, words in zip(film, said, strict=True):
                if lesson.kind == "when":
                    marks.append(Mark(row, lesson, _iou(lesson, (words[0], next(later)[1]))))
                else:
                    right = " ".join(words) == f"{lesson.answer} <|im_end|>"
                    marks.append(Mark(row, lesson, float(right)))
    return marks


def _iou(lesson: Lesson, words: tuple[str, str]) -> float:
    found = spans(" ".join(words), CLOCK_S)
    return tiou(found[0], Moment(*lesson.span_s)) if found and lesson.span_s else 0.0


@torch.inference_mode()
def _best(
    model: Any, prompter: Prompter, tokens: list[Tokens], some: list[list[Lesson]], whole: bool
) -> list[list[list[str]]]:
    """For each film and lesson the most likely word at each place of the answer."""
    if not any(some):
        return [[] for _ in some]
    batch = prompter.batch(tokens, some, whole)
    scores = logits(model, batch)
    rows = (batch.targets != IGNORE).sum(1).tolist()
    names = prompter.adapter.tokenizer.convert_ids_to_tokens
    out = list[list[list[str]]]()
    for lessons_, ids in zip(some, scores.argmax(-1).split(rows), strict=True):
        sizes = [len(lesson.answer.split()) + 1 for lesson in lessons_]
        out.append([names(run.tolist()) for run in ids.split(sizes)])
    return out
