"""Multiple choice: how often the right letter is named, over all questions and by kind.

A baseline of our own, against which the published ways to count can be seen. A response is read
without guessing (`vtk_notebooks.answers.letter_index`); one that cannot be read counts as wrong and
is counted once more under "unread", so that a model that cannot be understood and one that does
not know can be told apart. Intervals are Wilson's, or the bootstrap's over films where questions
share them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vtk_notebooks.answers.choices import Choices, marked
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.statistics.groups import by_group


@register("metric", "multiple_choice", title="Multiple choice", paper="baseline")
@dataclass(frozen=True)
class MultipleChoice:
    """Accuracy and share of unread responses, in percent."""

    def __call__(
        self,
        responses: Sequence[str | None],
        answers: Sequence[int],
        choices: int | Sequence[Choices] = 4,
        groups: Mapping[str, Sequence[str]] | None = None,
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name: "accuracy", "unread", and "task counting" for a group of kind "task".

        Args:
            responses: free text; None where there is none.
            answers: numbers of the right choices, from 0.
            choices: of each question, or how many all of them have.
            groups: kinds of labels, each with one label per question.
            films: of each question; intervals then draw whole films.
        """
        right, unread = marked(responses, answers, choices)
        grouped = {
            f"{kind} {label}": share
            for kind, labels in (groups or {}).items()
            for label, share in by_group(right, labels, films, scale=100).items()
        }
        return {
            "accuracy": Estimate.mean(right, films, scale=100),
            "unread": Estimate.mean(unread, films, scale=100),
            **grouped,
        }

    @classmethod
    def example(cls) -> tuple[list[str], list[int], int, dict[str, list[str]]]:
        """Three questions of two kinds, all answered right, each in other words."""
        responses = ["B", "The answer is (a).", "It is a dog, so D."]
        return responses, [1, 0, 3], 4, {"task": ["counting", "order", "order"]}
