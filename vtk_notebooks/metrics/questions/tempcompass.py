"""TempCompass: does a model see what happens over time? Five aspects, four formats of answer.

After "TempCompass: Do Video LLMs Really Understand Videos?" (Liu et al., 2024, arXiv:2403.00476),
whose films come in pairs that differ only in time (reversed, slowed, in another order).

What follows the paper: an answer is matched by rule; what no rule matches goes to a judge, and
without one counts as wrong and as not matched; a description (`captioning`) is always judged, by
asking which choice it supports. Scores are percent of questions, not of films.
What differs: in `strict` mode the rules are ours (`vtk_notebooks.answers`), which need a judge for
fewer answers and never guess. `upstream` repeats the released rules: a letter alone or with a dot
or a bracket; whatever starts with "yes" or "no", so that "nothing" is a no; a line, its sentence or
its label, character by character, so that a blank at the end needs a judge. The judge's prompts are
our own words in both modes, so a live judge may rate otherwise than the one of the paper.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from vtk_notebooks.answers import label_index, letter_index, verdict, yes_no
from vtk_notebooks.errors import VtkError
from vtk_notebooks.judge import Judge
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.statistics.groups import by_group

Task = Literal["multi-choice", "yes_no", "caption_matching", "captioning"]
ASPECTS = ("action", "direction", "speed", "order", "attribute_change")


@dataclass(frozen=True)
class Asked:
    """One question and what was said to it.

    Args:
        question: with its choices, as the model read it.
        answer: the right one: "yes" or "no", or one of the choices.
        said: the response; None or "" where there was none.
        choices: the lines of the question that can be chosen.
        aspect: of time, see `ASPECTS`.
        film: or group of films, whose questions stand or fall together.
    """

    question: str
    answer: str
    said: str | None
    choices: tuple[str, ...] = ()
    aspect: str = "action"
    film: str = ""


@register(
    "metric",
    "tempcompass",
    title="TempCompass",
    paper="TempCompass: Do Video LLMs Really Understand Videos?",
    year=2024,
    arxiv="2403.00476",
    atlas=("tempcompass",),
)
@dataclass(frozen=True)
class TempCompass:
    """Accuracy by aspect and "avg" over all questions, and "match_rate"; in percent.

    Args:
        task: format of the answers.
        mode: "strict" reads answers with our rules, "upstream" with those released.
    """

    task: Task = "multi-choice"
    mode: Literal["strict", "upstream"] = "strict"

    def __call__(self, asked: Sequence[Asked], judge: Judge | None = None) -> dict[str, Estimate]:
        """Numbers by name; an aspect nobody asked about has none.

        Args:
            asked: questions of one format.
            judge: for answers that no rule matches; see `judge_prompt`.
        """
        if not len(asked) or (self.task == "captioning" and judge is None):
            expected = "one or more questions, and a judge for captioning"
            raise VtkError("TempCompass", expected, f"{len(asked)} of {self.task}")
        found = [matched(self.task, one, self.mode, judge) for one in asked]
        last = None if self.task == "captioning" else judge  # of a description it was asked already
        right = [judged(one, last) if r is None else r for one, r in zip(asked, found, strict=True)]
        films = [one.film for one in asked]
        read = [r is not None for r in found]
        return {
            **by_group(right, [one.aspect for one in asked], films, scale=100),
            "avg": Estimate.mean(right, films, scale=100),
            "match_rate": Estimate.mean(read, films, scale=100),
        }

    @classmethod
    def example(cls) -> tuple[list[Asked]]:
        """A film and its reverse, one question to both, both answered right."""
        choices = ("A. leftwards", "B. rightwards")
        question = "\n".join(["Where does the car go?", *choices])
        said = {"car": "A", "car_reverse": "B. rightwards"}
        return (
            [
                Asked(question, right, said[film], choices, "direction", film)
                for film, right in zip(said, choices, strict=True)
            ],
        )


def matched(
    task: Task, one: Asked, mode: str = "strict", judge: Judge | None = None
) -> bool | None:
    """Whether an answer is right, by rule; None where no rule matches it."""
    said = (one.said or "").replace("</s>", "")
    if not said:
        return None
    if task != "yes_no" and one.answer not in one.choices:
        raise VtkError("TempCompass", f"one of {one.choices} as the answer", repr(one.answer))
    if task == "captioning":
        chosen = letter_index(judge(_support_prompt(one)), one.choices) if judge else None
        return None if chosen is None else one.choices[chosen] == one.answer
    return (_STRICT if mode == "strict" else _UPSTREAM)[task](said, one)


def judged(one: Asked, judge: Judge | None) -> bool:
    """What a judge says of an answer that no rule matched; no judge and no word count as wrong."""
    if judge is None or not one.said:
        return False
    return verdict(judge(judge_prompt(one))) is True


def judge_prompt(one: Asked) -> str:
    """What the judge is asked about one answer."""
    return (
        "Is the answer to a question about a video correct? Compare it with the right answer, and "
        'reply with one word: "Correct" or "Incorrect".\n'
        f"Question: {one.question}\nRight answer: {one.answer}\nAnswer: {one.said}"
    )


def _support_prompt(one: Asked) -> str:
    return (
        "Answer a question from a description alone. If the description does not tell, say so; "
        "else reply with the letter of one choice.\n"
        f"Description: {one.said}\nQuestion: {one.question}"
    )


def _letter(said: str, one: Asked) -> bool | None:
    chosen = letter_index(said, one.choices)
    return None if chosen is None else one.choices[chosen] == one.answer


def _word(said: str, one: Asked) -> bool | None:
    means = yes_no(said)
    return None if means is None else means == (one.answer.lower() == "yes")


def _line(said: str, one: Asked) -> bool | None:
    chosen = label_index(said, one.choices)
    return None if chosen is None else one.choices[chosen] == one.answer


def _released_letter(said: str, one: Asked) -> bool | None:
    found = re.match(r"[A-D](?=\Z|[.)])", said)
    return True if said == one.answer else None if not found else found[0] == one.answer[0]


def _released_word(said: str, one: Asked) -> bool | None:
    found = re.match("yes|no", said.lower())
    return None if not found else found[0] == one.answer


def _released_line(said: str, one: Asked) -> bool | None:
    labels, sentences = zip(*(line.partition(": ")[::2] for line in one.choices), strict=True)
    ways = (
        (one.choices, said),
        (sentences, said),
        (sentences, said.partition(") ")[2]),
        (labels, said.replace(".", "")),
        ([label.split(" ")[-1] for label in labels], said.replace(".", "")),
    )
    chosen = next((words.index(text) for words, text in ways if text and text in words), None)
    return None if chosen is None else one.choices[chosen] == one.answer


_Rules = Mapping[str, Callable[[str, Asked], bool | None]]
_STRICT: _Rules = MappingProxyType(
    {"multi-choice": _letter, "yes_no": _word, "caption_matching": _line}
)
_UPSTREAM: _Rules = MappingProxyType(
    {
        "multi-choice": _released_letter,
        "yes_no": _released_word,
        "caption_matching": _released_line,
    }
)
