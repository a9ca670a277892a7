"""Streaming accuracy: multiple-choice questions put to a film that still runs.

After "StreamingBench: Assessing the Gap for MLLMs to Achieve Streaming Video Understanding" (Lin et
al., 2024, arXiv:2411.03628): four choices each, by kind of task, about what has been seen up to the
second in which the question is put (real-time, omni-source), or leaning on the questions before it
(sequential). Numbers are shares, as in its script. `upstream` repeats that script: the first
character of a response is its answer, so that "(B)" or "The answer is B" is wrong, and
questions without a response leave the denominator.
What differs: `strict` reads without guessing and counts what it cannot read as wrong. Where a
response is an empty text, the script stops with an error for real-time questions and leaves
sequential ones out; `upstream` leaves out both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vtk_notebooks.answers import letter_index
from vtk_notebooks.answers.choices import Choices, first_character, marked
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.statistics.groups import by_group


@register(
    "metric",
    "streaming_accuracy",
    title="StreamingBench",
    paper="StreamingBench: Assessing the Gap for MLLMs to Achieve Streaming Video Understanding",
    year=2024,
    arxiv="2411.03628",
    atlas=("streamingbench",),
)
@dataclass(frozen=True)
class StreamAccuracy:
    """Accuracy over all questions and by kind of task, as shares.

    Args:
        mode: "strict" reads responses without guessing, "upstream" as the released script does.
    """

    mode: Literal["strict", "upstream"] = "strict"

    def __call__(
        self,
        responses: Sequence[str | None],
        answers: Sequence[int],
        task_types: Sequence[str],
        choices: int | Sequence[Choices] = 4,
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name: "total", each task type, "unread".

        Args:
            responses: free text; None where there is none.
            answers: numbers of the right choices, from 0.
            task_types: such as "Object Recognition".
            choices: of each question, or how many all of them have.
            films: of each question; intervals then draw whole films.
        """
        found = marked(responses, answers, choices, self._read)
        values = found.right
        if self.mode == "upstream":
            values = np.where([not text for text in responses], np.nan, values)
        return {
            "total": Estimate.mean(values, films),
            **by_group(values, task_types, films),
            "unread": Estimate.mean(found.unread, films),
        }

    @classmethod
    def example(cls) -> tuple[list[str], list[int], list[str]]:
        """Three questions of two tasks, all answered right."""
        return ["B", "A. a red car", "D"], [1, 0, 3], ["Counting", "Counting", "Clips Summarize"]

    def _read(self, text: str, choices: Choices) -> int | None:
        return (letter_index if self.mode == "strict" else first_character)(text, choices)
