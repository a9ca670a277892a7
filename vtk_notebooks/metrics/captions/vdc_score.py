"""VDC score: long descriptions judged by short questions.

After "AuroraCap: Efficient, Performant Video Detailed Captioning and a New Benchmark" (Chai et al.,
2024, arXiv:2410.03051). Divide: a film's true description becomes question and answer pairs, once
(the benchmark gives 20 per description; `ask_for_pairs` makes others). Conquer: a judge answers
each question from the predicted description alone, then says of that answer whether it means the
right one, yes or no, and how much so, 0 to 5. `Acc` is the percentage of yes, `Score` the mean of
the numbers; both per film, then over films.

What differs: the judge is injected, any function from a prompt to a reply, and the prompts are our
own words, so numbers do not compare with those of the paper's judge (Llama-3.1-8B); one judge does
both steps, as there. A reply without a verdict, or without a number, counts as no and 0 and is
counted in `unread`; a film that was not described counts as 0 without a question. The released
script leaves out films with a reply it cannot read, and films whose answers are all wrong, which
raises both numbers: `upstream` does the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from vtk_notebooks.answers import rating, yes_no
from vtk_notebooks.errors import VtkError
from vtk_notebooks.judge import Judge
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate

BEST = 5
"""Of the numbers a judge may give."""


class Pair(NamedTuple):
    """A short question about a film and its right answer, made from its true description."""

    question: str
    answer: str


@register(
    "metric",
    "vdc_score",
    title="VDCscore",
    paper="AuroraCap: Efficient, Performant Video Detailed Captioning and a New Benchmark",
    year=2024,
    arxiv="2410.03051",
    atlas=("auroracap",),
)
@dataclass(frozen=True)
class VDCScore:
    """Acc in percent, Score from 0 to 5, and the percentage of replies that could not be read.

    Args:
        mode: "strict" counts every film, "upstream" leaves out those the released script loses.
    """

    mode: Literal["strict", "upstream"] = "strict"

    def __call__(
        self, said: Sequence[str], pairs: Sequence[Sequence[Pair]], judge: Judge
    ) -> dict[str, Estimate]:
        """Numbers by name; nan where no film is left.

        Args:
            said: a predicted description per film.
            pairs: of each film, one or more.
            judge: answers from a description, and compares answers; see `answer_prompt`.
        """
        if len(said) != len(pairs) or not len(said) or not all(map(len, pairs)):
            got = f"{len(said)} descriptions for the questions of {len(pairs)} films"
            raise VtkError("vdc_score", "a description, and one or more questions, each", got)
        films = [judged(s, p, judge) for s, p in zip(said, pairs, strict=True)]
        acc = np.array([np.mean([m.right for m in film]) for film in films])
        score = np.array([np.mean([m.score for m in film]) for film in films])
        unread = [np.mean([not m.read for m in film]) for film in films]
        if self.mode == "upstream":
            kept = (acc > 0) & (score > 0) & (np.array(unread) == 0)
            acc, score = (np.where(kept, x, np.nan) for x in (acc, score))
        return {
            "Acc": Estimate.mean(acc, scale=100),
            "Score": Estimate.mean(score),
            "unread": Estimate.mean(unread, scale=100),
        }

    @classmethod
    def example(cls) -> tuple[list[str], list[list[Pair]], Judge]:
        """A film, two questions, and a judge whom every answer pleases."""
        pairs = [Pair("Who speaks?", "a man"), Pair("What is red?", "the wall")]
        return ["A man speaks before a red wall."], [pairs], lambda prompt: "yes, score: 5"


class Mark(NamedTuple):
    """What a judge makes of one answer, and whether that could be read."""

    right: bool
    score: float
    read: bool


def judged(said: str, pairs: Sequence[Pair], judge: Judge) -> list[Mark]:
    """The marks of one description; an empty one gets none, and the judge is not asked."""
    if not said.strip():
        return [Mark(False, 0.0, read=True)] * len(pairs)
    marks = []
    for pair in pairs:
        reply = judge(match_prompt(pair, judge(answer_prompt(said, pair.question)).strip()))
        right, score = yes_no(reply), rating(reply, 0, BEST)
        if right is None or score is None:
            marks.append(Mark(False, 0.0, read=False))
        else:
            marks.append(Mark(right, score, read=True))
    return marks


def answer_prompt(said: str, question: str) -> str:
    """What the judge is asked first: the question, with nothing but the description to go by."""
    return (
        "Answer the question from this description of a video alone, in one short phrase. If it "
        f'does not tell, reply "not told".\nDescription: {said}\nQuestion: {question}'
    )


def match_prompt(pair: Pair, answer: str) -> str:
    """What the judge is asked then: whether the answer means the right one."""
    return (
        "Do the two answers mean the same? Other words for the same thing are fine. Reply with "
        f"yes or no and a whole number from 0 (not at all) to {BEST} (fully), such as "
        '"yes, score: 4".\n'
        f"Question: {pair.question}\nRight answer: {pair.answer}\nAnswer: {answer}"
    )


def ask_for_pairs(description: str, judge: Judge, many: int = 20) -> list[Pair]:
    """Questions and answers that a judge makes of a true description; as many as it wrote well."""
    reply = judge(
        f"Write {many} short questions about a video, each with its short answer, that this "
        'description answers. Write each as two lines, "Q: ..." and "A: ...".\n'
        f"Description: {description}"
    )
    found = re.findall(r"(?m)^\W*Q\d*\s*[:.]\s*(\S.*?)\s*\n\W*A\d*\s*[:.]\s*(\S.*?)\s*$", reply)
    return [Pair(question, answer) for question, answer in found]
