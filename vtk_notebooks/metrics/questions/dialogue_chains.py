"""Dialogue chains: questions that lean on each other while a film plays, rated by a judge.

After "SVBench: A Benchmark with Temporal Multi-Turn Dialogues for Streaming Video Understanding"
(Yang et al., 2025, arXiv:2502.10810).

What follows the paper: a film has chains of questions, one chain at a time of it, and links from
questions of one chain to questions of the next. A dialogue goes through every question of a chain,
a stream moves along with the film and jumps over links. A judge rates the whole of it, from 0 to
10, for semantic accuracy (SA), contextual coherence (CC), logical consistency (LC), temporal
understanding (TU), informational completeness (IC) and overall (OS); here times ten.
What differs: TU may be -1, "no question is about time", and such a rating is left out of the mean
of TU; the released parser drops the sign and reads 1 (`upstream`). A reply without a rating, and a
talk without any answer, count as 0 and are reported. The judge's prompt is in our own words.
What could not be verified: that a stream stays in its chain with a chance of 0.8 and otherwise
jumps, and how ratings are averaged; both are from memory. "AVG" is the mean of both OS.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

import numpy as np
from jaxtyping import Float

from vtk_notebooks.answers import named_ratings
from vtk_notebooks.errors import VtkError
from vtk_notebooks.judge import Judge
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate

CRITERIA: Mapping[str, str] = MappingProxyType(
    {
        "SA": "Semantic Accuracy",
        "CC": "Contextual Coherence",
        "LC": "Logical Consistency",
        "TU": "Temporal Understanding",
        "IC": "Informational Completeness",
        "OS": "Overall Evaluation",
    }
)
Step = tuple[int, int]
"""Number of a chain, and of a question in it."""


@dataclass(frozen=True)
class Turn:
    """One question, when it is asked, what is right and what was said."""

    question: str
    answer: str
    at_s: float | int = 0.0
    said: str | None = None


@dataclass(frozen=True)
class Talk:
    """Turns in the order in which they were taken, in one film."""

    turns: tuple[Turn, ...]
    film: str = ""


@register(
    "metric",
    "dialogue_chains",
    title="SVBench",
    paper=(
        "SVBench: A Benchmark with Temporal Multi-Turn Dialogues for Streaming Video Understanding"
    ),
    year=2025,
    arxiv="2502.10810",
    atlas=("svbench",),
)
@dataclass(frozen=True)
class DialogueChains:
    """Mean ratings from 0 to 100 as "Dialogue SA", ..., "Streaming OS", "AVG", and "unread".

    Args:
        mode: "upstream" reads ratings without their sign, as the released parser does.
    """

    mode: Literal["strict", "upstream"] = "strict"

    def __call__(
        self, dialogues: Sequence[Talk], streams: Sequence[Talk], judge: Judge
    ) -> dict[str, Estimate]:
        """Numbers by name; those of an empty list are not there.

        Args:
            dialogues: talks that go through all questions of a chain.
            streams: talks that move along with a film, see `streaming_walk`.
            judge: asked once for each talk in which anything was said.
        """
        talks = [*dialogues, *streams]
        if not talks or not all(talk.turns for talk in talks):
            raise VtkError("DialogueChains", "one or more talks of one or more turns", talks)
        values, unread = ratings(talks, judge, signed=self.mode == "strict")
        films = [talk.film for talk in talks]
        first = np.arange(len(talks)) < len(dialogues)
        kinds = {"Dialogue": first, "Streaming": ~first}
        out = {
            f"{kind} {name}": Estimate.mean(np.where(here, row, np.nan), films)
            for kind, here in kinds.items()
            for name, row in zip(CRITERIA, values, strict=True)
            if here.any()
        }
        if len(dialogues) and len(streams):
            overall = np.stack([np.where(here, values[-1], np.nan) for here in kinds.values()])
            out["AVG"] = Estimate.of_means(overall, lambda means: means.mean(0), films)
        return {**out, "unread": Estimate.mean(unread, films, scale=100)}

    @classmethod
    def example(cls) -> tuple[list[Talk], list[Talk], Judge]:
        """One dialogue and one stream of right answers, and a judge that finds nothing amiss."""
        turns = (
            Turn("Who comes?", "a dog", 2.0, "a dog"),
            Turn("And then?", "a cat", 5.0, "a cat"),
        )
        reply = "\n".join(f"{name}: 10" for name in CRITERIA.values())
        return [Talk(turns, "a film")], [Talk(turns[1:], "a film")], lambda prompt: reply


def ratings(
    talks: Sequence[Talk], judge: Judge, *, signed: bool = True
) -> tuple[Float[np.ndarray, "6 n"], Float[np.ndarray, "n"]]:
    """Ratings of each talk from 0 to 100, nan where they do not apply, and 1 where one is missing.

    Args:
        talks: nobody is asked about a talk without any answer: its ratings are 0 and missing.
        judge: whose replies hold a line for each criterion.
        signed: -1 does not apply; else it is read as 1.
    """
    rows, missing = [], []
    for talk in talks:
        reply = judge(judge_prompt(talk)) if any(turn.said for turn in talk.turns) else ""
        read = named_ratings(reply, list(CRITERIA.values()), -1, 10)
        found = {name: read[heading] for name, heading in CRITERIA.items()}
        found = {n: abs(v) if v is not None and not signed else v for n, v in found.items()}
        known = [None if v == -1 and n != "TU" else v for n, v in found.items()]
        rows.append([math.nan if v == -1 else 10 * (v or 0.0) for v in known])
        missing.append(float(None in known))
    return np.array(rows).T, np.array(missing)


def judge_prompt(talk: Talk) -> str:
    """What the judge is asked about one talk."""
    turns = "\n".join(
        f"[{turn.at_s:g} s] Question: {turn.question}\n"
        f"Right answer: {turn.answer}\nAnswer: {turn.said or '(none)'}"
        for turn in talk.turns
    )
    lines = "\n".join(f"{heading}: <number>" for heading in CRITERIA.values())
    return (
        "Rate how well the answers to questions about a film, asked while it played, agree with "
        "the right ones. Rate each criterion from 0 (not at all) to 10 (fully); if no question is "
        "about time or order, Temporal Understanding is -1. Reply in these lines alone:\n"
        f"{lines}\n\n{turns}"
    )


def dialogue_walk(lengths: Sequence[int]) -> list[Step]:
    """Every question of every chain, in order.

    Args:
        lengths: number of questions in each chain.
    """
    return [(chain, turn) for chain, many in enumerate(lengths) for turn in range(many)]


def streaming_walk(
    lengths: Sequence[int],
    links: Mapping[Step, Sequence[int]],
    stay: float | int = 0.8,
    seed: int = 0,
) -> list[Step]:
    """One way along a film: on in a chain, or over a link into the next one; never back.

    At the end of a chain a link of its last question is taken, or else the next chain's first
    question.

    Args:
        lengths: number of questions in each chain.
        links: from a question to the questions of the next chain that lean on it.
        stay: chance to go on in a chain where a link leads out of it.
        seed: of the draws.
    """
    _check(lengths, links, stay)
    draw, path, here = np.random.default_rng(seed), list[Step](), (0, 0)
    while here[0] < len(lengths):
        path.append(here)
        chain, turn = here
        out = links.get(here, ())
        last = turn + 1 == lengths[chain]
        leave = last or (out and draw.random() >= stay)
        here = (chain + 1, int(draw.choice(out)) if out else 0) if leave else (chain, turn + 1)
    return path


def talked(
    path: Sequence[Step],
    chains: Sequence[Sequence[Turn]],
    answer: Callable[[Turn, Sequence[Turn]], str],
    film: str = "",
) -> Talk:
    """What a model says along a path; it hears its own earlier answers, never the right ones.

    Args:
        path: steps through the chains.
        chains: turns whose right answers are known.
        answer: from a turn and the turns before it to what is said.
        film: name of the film.
    """
    said: list[Turn] = []
    for chain, turn in path:
        asked = chains[chain][turn]
        heard = [replace(t, answer="") for t in said]
        said.append(replace(asked, said=answer(replace(asked, answer=""), heard)))
    return Talk(tuple(said), film)


def _check(lengths: Sequence[int], links: Mapping[Step, Sequence[int]], stay: float | int) -> None:
    odd = [
        (here, to)
        for here, found in links.items()
        for to in found
        if not (0 <= here[0] < len(lengths) - 1 and 0 <= here[1] < lengths[here[0]])
        or not 0 <= to < lengths[here[0] + 1]
    ]
    if odd or not 0 <= stay <= 1 or not all(many > 0 for many in lengths):
        expected = "chains of one or more questions, links into the next chain, stay in [0, 1]"
        raise VtkError("streaming_walk", expected, f"{list(lengths)}, {odd}, stay={stay}")
