"""Choices: responses to multiple-choice questions, marked."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from vtk_notebooks.answers.letters import letter_index
from vtk_notebooks.errors import VtkError

Choices = Sequence[str] | int
"""The texts that a question offers, or how many there are."""
Reader = Callable[[str, Choices], int | None]
"""From a response to the number of the choice that it names, from 0; None where it cannot tell."""


class Marked(NamedTuple):
    """One number per question.

    Args:
        right: 1 where the right choice was named, else 0.
        unread: 1 where no choice could be read, else 0; such a response is not right.
    """

    right: Float[np.ndarray, "q"]
    unread: Float[np.ndarray, "q"]

    def answered_only(self) -> Float[np.ndarray, "q"]:
        """`right`, with nan where nothing could be read: what some scripts average."""
        return np.where(self.unread, np.nan, self.right)


def marked(
    responses: Sequence[str | None],
    answers: Sequence[int],
    choices: int | Sequence[Choices],
    read: Reader = letter_index,
) -> Marked:
    """Whether each response names the right choice.

    Args:
        responses: free text; None where there is none.
        answers: numbers of the right choices, from 0.
        choices: of each question, or how many all of them have.
        read: how a choice is read from a response.
    """
    offered = [choices] * len(responses) if isinstance(choices, int) else choices
    if not len(responses) or not len(responses) == len(answers) == len(offered):
        got = f"{len(responses)} responses, {len(answers)} answers, {len(offered)} lists of choices"
        hint = "Give None where nothing was answered."
        raise VtkError("multiple choice", "one of each for one or more questions", got, hint)
    for answer, choice in zip(answers, offered, strict=True):
        if isinstance(choice, str):
            raise VtkError("multiple choice", "a list of choices per question", repr(choice))
        many = choice if isinstance(choice, int) else len(choice)
        if not 0 <= answer < many:
            raise VtkError("multiple choice", f"a right answer in 0..{many - 1}", answer)
    named = numbers(responses, offered, read)
    return Marked((named == np.asarray(answers)).astype(float), (named < 0).astype(float))


def numbers(
    responses: Sequence[str | None], choices: Sequence[Choices], read: Reader = letter_index
) -> Int[np.ndarray, "q"]:
    """The choice that each response names, -1 for none."""
    pairs = zip(responses, choices, strict=True)
    named = (None if text is None else read(text, choice) for text, choice in pairs)
    return np.array([-1 if n is None else n for n in named], dtype=int)


def first_character(text: str, choices: Choices) -> int | None:
    """The reader of many released scripts: the first character is the answer, whatever follows."""
    many = choices if isinstance(choices, int) else len(choices)
    number = ord(text[0]) - ord("A") if text else -1
    return number if 0 <= number < many else None


def lettered(choices: Sequence[str]) -> list[str]:
    """A choice per line with its letter: "A. a dog"."""
    return [f"{chr(ord('A') + i)}. {choice}" for i, choice in enumerate(choices)]


def rotations(choices: Sequence[str], answer: int) -> list[tuple[tuple[str, ...], int]]:
    """The same question as often as it has choices, with the right one in each place once.

    Who always says the same letter is right exactly once.
    """
    n = len(choices)
    if not 0 <= answer < n:
        raise VtkError("rotations", f"a right answer in 0..{n - 1}", answer)
    turned = (tuple(choices[(i + k) % n] for i in range(n)) for k in range(n))
    return [(turn, (answer - k) % n) for k, turn in enumerate(turned)]
