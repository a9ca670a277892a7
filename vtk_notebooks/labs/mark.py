"""Mark: what stands beside an answer, and what to think about next."""

from dataclasses import dataclass
from types import EllipsisType
from typing import Literal

State = Literal["open", "right", "wrong"]

_SAID: dict[State, str] = {"open": "Not answered yet.", "right": "Right.", "wrong": "Not yet."}


@dataclass(frozen=True)
class Mark:
    """The outcome of one check.

    Args:
        state: "open" while there is no answer, then "right" or "wrong".
        why: what was found in the answer.
        hint: what to look at; "" where nothing is left to do.
    """

    state: State
    why: str
    hint: str = ""

    @property
    def right(self) -> bool:
        """Whether the exercise is done."""
        return self.state == "right"

    def __repr__(self) -> str:
        lines = [f"{_SAID[self.state]} {self.why}"]
        return "\n".join([*lines, f"Hint: {self.hint}"] if self.hint else lines)


def is_open(answer: object) -> bool:
    """Whether three dots still stand where an answer should."""
    if isinstance(answer, dict):
        return any(map(is_open, answer.values()))
    if isinstance(answer, tuple):
        return any(map(is_open, answer))
    return isinstance(answer, EllipsisType)


def unanswered(what: str) -> Mark:
    """The mark of three dots."""
    return Mark("open", f"Put {what} where the dots are.")


def right(why: str) -> Mark:
    """The mark of a right answer."""
    return Mark("right", why)


def wrong(why: str, hint: str) -> Mark:
    """The mark of a wrong one."""
    return Mark("wrong", why, hint)
