"""Retrieve then reason: a hint points to a scene of a film, a question asks about it.

After "Vript: A Video Is Worth Thousands of Words" (Yang et al., 2024, arXiv:2406.06040), whose
Vript-RR asks multiple-choice questions of that kind and reports the accuracy.

What differs: the released script takes the first capital in brackets, "(B)", whatever else is said,
and leaves out questions without a reply. Here a reply may name its choice in any way that leaves no
doubt (see `answers.letter_index`), one that names a letter and quotes another choice counts as
unread, and no reply is wrong. `upstream` does as the script does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vtk_notebooks.answers import letter_index
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate


@register(
    "metric",
    "retrieve_reason",
    title="Vript-RR",
    paper="Vript: A Video Is Worth Thousands of Words",
    year=2024,
    arxiv="2406.06040",
    atlas=("vript",),
)
@dataclass(frozen=True)
class RetrieveReason:
    """Accuracy in percent, of replies to multiple-choice questions.

    Args:
        upstream: read the first capital in brackets, leave out questions without a reply.
    """

    upstream: bool = False

    def __call__(
        self,
        replies: Sequence[str | None],
        answers: Sequence[int],
        choices: Sequence[Sequence[str] | int],
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name: "acc", and "unread", the percentage of such replies.

        Args:
            replies: to each question; None where there is none.
            answers: number of the right choice, from 0.
            choices: the texts of each question's choices, or how many it has.
            films: of each question; intervals then draw whole films.
        """
        if not len(replies) == len(answers) == len(choices) or not len(replies):
            got = f"{len(replies)}, {len(answers)} and {len(choices)}"
            raise VtkError("RetrieveReason", "a reply, an answer and choices per question", got)
        said = [self.read(r, c) for r, c in zip(replies, choices, strict=True)]
        right = np.array([s == a for s, a in zip(said, answers, strict=True)], dtype=float)
        unread = np.array([s is None for s in said], dtype=float)
        if self.upstream:
            right[[r is None for r in replies]] = np.nan
        return {
            "acc": Estimate.mean(right, films, scale=100),
            "unread": Estimate.mean(unread, films, scale=100),
        }

    def read(self, reply: str | None, choices: Sequence[str] | int) -> int | None:
        """Which choice a reply names, from 0."""
        if reply is None:
            return None
        if not self.upstream:
            return letter_index(reply, choices)
        found = re.search(r"\(([A-Z])\)", reply)
        return ord(found[1]) - ord("A") if found else None

    @classmethod
    def example(cls) -> tuple[list[str], list[int], list[int]]:
        """Two questions with four choices each, both answered right."""
        return ["(A) A yellow trophy.", "(D)"], [0, 3], [4, 4]
