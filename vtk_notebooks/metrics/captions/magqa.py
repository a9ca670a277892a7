"""MAGQA: one question, many answers, each good only while its stretch of film lasts.

After "VideoLLM Knows When to Speak: Enhancing Time-Sensitive Video Comprehension with Video-Text
Duet Interaction Format" (Wang et al., 2024, arXiv:2411.17991). A model may reply whenever it likes.
Every reply that falls into the stretch of a true answer, ends included, is rated against it by a
judge from 1 to 5; an answer's score is the mean of its ratings, 1 where nothing was said; the
in-span score of a question is the mean over its answers, and the figure that over questions. The
number of replies stands beside it, all of them and different ones, since who talks more hits more.

What differs: the judge is injected, and its prompt is in our own words without the six examples of
the released one, so numbers do not compare with those of the paper's judges (Llama-3.1-70B,
GPT-4o). A rating that cannot be read counts as 1, as published, and in `unread`. A question without
any reply counts as 1, as the released script fills up with 1; a reply without a time (-1), which
the script lets fall into every stretch, is given that way with `at_s=None`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vtk_notebooks.answers import rating
from vtk_notebooks.errors import VtkError
from vtk_notebooks.judge import Judge
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.text.captions import Caption

WORST, BEST = 1, 5
"""Of the ratings."""


Rate = Callable[[str], float | None]
"""From a prompt to the rating a judge gave; None where it could not be read."""


class Reply(NamedTuple):
    """What a model said, and when; None where it gave no time, which fits every stretch."""

    at_s: float | int | None
    text: str


@dataclass(frozen=True)
class Asked:
    """A question to a film, and what it was answered.

    Args:
        question: as the model read it.
        answers: the true ones, each with its stretch; one or more.
        replies: the model's, in any order; may be none.
        film: whose questions stand or fall together.
    """

    question: str
    answers: Sequence[Caption]
    replies: Sequence[Reply] = ()
    film: str = ""


@register(
    "metric",
    "magqa",
    title="MAGQA in-span score",
    paper="VideoLLM Knows When to Speak: Enhancing Time-Sensitive Video Comprehension with "
    "Video-Text Duet Interaction Format",
    year=2024,
    arxiv="2411.17991",
    atlas=("mmduet",),
)
@dataclass(frozen=True)
class MAGQA:
    """The in-span score, 1 to 5, replies per question, and the percentage of ratings not read."""

    def __call__(self, asked: Sequence[Asked], judge: Judge) -> dict[str, Estimate]:
        """Numbers by name; "turns_dedup" counts equal replies once.

        Args:
            asked: one or more questions, each with one or more answers.
            judge: rates a reply; see `rating_prompt`. The same question is put to it once.
        """
        if not len(asked) or not all(len(one.answers) for one in asked):
            raise VtkError("magqa", "questions with one or more answers each", f"{len(asked)}")
        seen: dict[str, float | None] = {}

        def rate(prompt: str) -> float | None:
            if prompt not in seen:
                seen[prompt] = rating(judge(prompt), WORST, BEST)
            return seen[prompt]

        films = [one.film or str(i) for i, one in enumerate(asked)]
        ratings = [[in_span(one, answer, rate) for answer in one.answers] for one in asked]
        scores = [np.mean([_score(r) for r in each]) for each in ratings]
        unread = [r is None for each in ratings for one in each for r in one]
        return {
            "in_span_score": Estimate.mean(scores, films),
            "turns": Estimate.mean([len(one.replies) for one in asked], films),
            "turns_dedup": Estimate.mean([len({r.text for r in a.replies}) for a in asked], films),
            "unread": Estimate.mean(unread or [False], scale=100),
        }

    @classmethod
    def example(cls) -> tuple[list[Asked], Judge]:
        """Two answers, each given while it holds, and a judge whom every reply pleases."""
        answers = [Moment(0.0, 4.0, text="He saws."), Moment(6.0, 9.0, text="He sands the board.")]
        replies = [Reply(2.0, "He saws."), Reply(8.0, "He sands it.")]
        return [Asked("What is he doing?", answers, replies)], lambda prompt: "5"


def in_span(one: Asked, answer: Caption, rate: Rate) -> list[float | None]:
    """The ratings of all replies that fall into an answer's stretch."""
    fitting = [r for r in one.replies if r.at_s is None or answer.start_s <= r.at_s <= answer.end_s]
    return [rate(rating_prompt(one.question, answer.text, r.text)) for r in fitting]


def rating_prompt(question: str, answer: str, reply: str) -> str:
    """What the judge is asked about one reply."""
    return (
        f"How right is this answer to a question about a video? Reply with a whole number from "
        f"{WORST} (wrong, or beside the point) to {BEST} (right and complete).\n"
        f"Question: {question}\nRight answer: {answer}\nAnswer: {reply}"
    )


def _score(ratings: Sequence[float | None]) -> float:
    """The mean rating of one answer; silence, and what could not be read, are the worst."""
    return float(np.mean([WORST if r is None else r for r in ratings or [None]]))
