"""Scores: all that the model card says, measured; beside the blind answers, with intervals.

python -m vtk_notebooks.tiny.scores        (or `make eval-tiny`)
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models.adapters.qwen3_vl import Qwen3VL
from vtk_notebooks.moment import Moment, tiou
from vtk_notebooks.registry import build
from vtk_notebooks.spans import all_ious
from vtk_notebooks.statistics.estimate import Estimate
from vtk_notebooks.statistics.paired import compare
from vtk_notebooks.tiny.describe import described, f1
from vtk_notebooks.tiny.exam import Change, Mark, examine, paper
from vtk_notebooks.tiny.films import EXAM, lesson_film
from vtk_notebooks.tiny.prompts import Prompter
from vtk_notebooks.tiny.questions import Lesson, lessons
from vtk_notebooks.tiny.shelf import shelf
from vtk_notebooks.tokens import Tokens

IOU = 0.5
TRIED = (
    "uniform",
    "spatial_pool",
    "temporal_pool",
    "bipartite_merge",
    "run_length",
    "in_layer_merge",
)
"""Compressors on the card, each at a quarter of the tokens."""


class Blind(NamedTuple):
    """Answers of someone who knows what films there are, but has not looked.

    Args:
        span: the one span that is right most often.
        answers: to each question, word for word, what is true most often.
        kinds: to each kind of question likewise, for questions never met.
    """

    span: Moment
    answers: Mapping[str, str]
    kinds: Mapping[str, str]

    def score(self, lesson: Lesson) -> float:
        """As `Mark.score`."""
        if lesson.span_s is not None:
            return tiou(self.span, Moment(*lesson.span_s))
        said = self.answers.get(lesson.question, self.kinds.get(lesson.kind, ""))
        return float(said == lesson.answer)


def blind(films: int = 4000) -> Blind:
    """Learnt from as many of the films that the model learnt from."""
    asked = list[Lesson]()
    for seed in range(films):
        rng = np.random.default_rng(seed)
        asked += lessons(lesson_film(seed).film.scene, rng)
    spans = np.array([x.span_s for x in asked if x.span_s])
    grid = [(a, b) for a in np.arange(0, 16, 0.5) for b in np.arange(a + 0.5, 16.5, 0.5)]
    hits = (all_ious(spans, np.array(grid)) >= IOU).mean(0)
    counts: dict[str, Counter[str]] = {}
    kinds: dict[str, Counter[str]] = {}
    for x in asked:
        counts.setdefault(x.question, Counter())[x.answer] += 1
        kinds.setdefault(x.kind, Counter())[x.answer] += 1
    best = [{k: c.most_common(1)[0][0] for k, c in d.items()} for d in (counts, kinds)]
    start_s, end_s = grid[int(np.argmax(hits))]
    return Blind(Moment(float(start_s), float(end_s)), best[0], best[1])


def summary(marks: Sequence[Mark]) -> dict[str, Estimate]:
    """R@1 at IoU 0.5 and mean IoU of moments, accuracy of answers by kind and over all kinds."""
    spans = [m for m in marks if m.lesson.span_s is not None]
    rest = [m for m in marks if m.lesson.span_s is None]
    out = {
        "R1@0.5": _mean(spans, [float(m.score >= IOU) for m in spans]),
        "mIoU": _mean(spans, [m.score for m in spans]),
        "QA": _mean(rest, [m.score for m in rest]),
    }
    for kind in dict.fromkeys(m.lesson.kind for m in rest):
        some = [m for m in rest if m.lesson.kind == kind]
        out[f"QA {kind}"] = _mean(some, [m.score for m in some])
    return out


def _mean(marks: Sequence[Mark], values: list[float]) -> Estimate:
    return Estimate.mean(values, [m.film for m in marks])


def changes() -> dict[str, Change]:
    """What is done to the video's tokens, by the name that the card gives it."""
    out: dict[str, Change] = {"frames shuffled": shuffled}
    for keep in (0.5, 0.25, 0.125, 0.03125):
        out[f"random tokens, {256 * keep:.0f} of 256 kept"] = build(
            "compressor", "random_tokens"
        ).at(keep)
    for name in TRIED:
        out[f"{name}, 25% kept"] = build("compressor", name).at(0.25)
    return out


def shuffled(tokens: Tokens) -> Tokens:
    """The same tokens, groups of frames in another order; labels stay where they are."""
    groups = 16
    order = torch.randperm(groups, generator=torch.Generator().manual_seed(0))
    x = tokens.x.unflatten(0, (groups, -1))[order].flatten(0, 1)
    return replace(tokens, x=x)


def harm(before: Sequence[Mark], after: Sequence[Mark]) -> dict[str, Estimate]:
    """What a change takes from the scores, film by film; below 0 where it hurts."""
    pairs = list(zip(before, after, strict=True))
    out = {}
    for name, is_span in (("R1@0.5", True), ("QA", False)):
        some = [(a, b) for a, b in pairs if (a.lesson.span_s is not None) == is_span]
        value = [[float(m.score >= IOU) for m in pair] for pair in some]
        films = [a.film for a, _ in some]
        made = compare([v[0] for v in value], [v[1] for v in value], films)
        out[name] = made.difference
    return out


def _described(adapter: Qwen3VL, seeds: range, held_out: bool) -> Estimate:
    films = [lesson_film(seed, held_out=held_out) for seed in seeds]
    return Estimate.mean([f1(described(adapter, film), film) for film in films], list(seeds))


def report(model: Any, prompter: Prompter, films: int = 400) -> dict[str, Any]:
    """Everything that the card says."""
    known = shelf(model, range(EXAM, EXAM + films))
    new = shelf(model, range(EXAM, EXAM + films), held_out=True)
    asked, asked_new = paper(known), paper(new, held_out=True)
    guess = blind()
    whole = examine(model, prompter, known, asked)
    met, unmet = summary(whole), summary(examine(model, prompter, new, asked_new))
    few = range(EXAM, EXAM + films // 4)
    met["described F1"] = _described(prompter.adapter, few, held_out=False)
    unmet["described F1"] = _described(prompter.adapter, few, held_out=True)
    out: dict[str, Any] = {
        "films": films,
        "held-out films": met,
        "held-out combinations": unmet,
        "blind": summary([Mark(m.film, m.lesson, guess.score(m.lesson)) for m in whole]),
        "changes": {},
    }
    for name, change in changes().items():
        marks = examine(model, prompter, known, asked, change)
        out["changes"][name] = {**summary(marks), "harm": harm(whole, marks)}
    with prompter.without_clock():
        marks = examine(model, prompter, known, asked)
    out["changes"]["no time labels"] = {**summary(marks), "harm": harm(whole, marks)}
    return out


def main() -> None:
    """The command: measure, and write the card beside the weights."""
    from argparse import ArgumentParser
    from pathlib import Path

    from vtk_notebooks.models.bundled import ROOT, TINY
    from vtk_notebooks.models.door import load
    from vtk_notebooks.tiny.card import card, kept_card

    parser = ArgumentParser(description="Examine vtk-tiny on films it has never seen.")
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / TINY)
    parser.add_argument("--films", type=int, default=400)
    parser.add_argument("--write", action="store_true", help="write README.md beside the weights")
    asked = parser.parse_args()
    adapter = load(asked.folder)
    if not isinstance(adapter, Qwen3VL):
        raise WeightsError(str(asked.folder), "a vtk-tiny", adapter.record.model_type)
    torch.set_num_threads(2)
    text = card(report(adapter.model, Prompter(adapter), asked.films), asked.folder)
    print(text)
    if asked.write:
        kept_card(text, asked.folder)


if __name__ == "__main__":
    main()
