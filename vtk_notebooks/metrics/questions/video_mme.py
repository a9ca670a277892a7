"""Video-MME: accuracy by length of film, field and kind of task, with and without subtitles.

After "Video-MME: The First-Ever Comprehensive Evaluation Benchmark of Multi-modal LLMs in Video
Analysis" (Fu et al., 2024, arXiv:2405.21075): 900 films, 300 each that are short, medium and long,
with three questions of four choices each; accuracy in percent, and the same questions asked again
of a model that also reads the subtitles.

What follows the paper: the groups, and that both settings stand side by side. `upstream` repeats
the released script: it takes away phrases such as "The answer is" and then takes the first of A, B,
C and D; commas are missing between four of its phrases, so that those are never taken away and
"Best option: C" is read as B, "Answer: D" as A; and questions from which nothing is read leave the
denominator.
What differs: `strict` reads without guessing and counts what it cannot read as wrong. "gain" is
ours: with subtitles minus without, question by question, so that its interval is a paired one. The
script's demand for exactly 300 films of a length is not made.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vtk_notebooks.answers import letter_index
from vtk_notebooks.answers.choices import Choices, Marked, marked
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.statistics.groups import by_group

DURATIONS = ("short", "medium", "long")


@register(
    "metric",
    "video_mme",
    title="Video-MME",
    paper="Video-MME: The First-Ever Comprehensive Evaluation Benchmark of Multi-modal LLMs in "
    "Video Analysis",
    year=2024,
    arxiv="2405.21075",
    atlas=("video_mme",),
)
@dataclass(frozen=True)
class VideoMME:
    """Accuracy in percent, as the paper's tables have it.

    Args:
        mode: "strict" reads responses without guessing, "upstream" as the released script does.
    """

    mode: Literal["strict", "upstream"] = "strict"

    def __call__(
        self,
        responses: Sequence[str | None],
        answers: Sequence[int],
        durations: Sequence[str],
        domains: Sequence[str] | None = None,
        sub_categories: Sequence[str] | None = None,
        task_types: Sequence[str] | None = None,
        *,
        with_subtitles: Sequence[str | None] | None = None,
        choices: int | Sequence[Choices] = 4,
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name: "overall", "short", "domain Knowledge", "unread", ...

        With subtitles also "overall w/ subs" and "overall gain", and so on.

        Args:
            responses: free text, of a model that sees frames only; None where there is none.
            answers: numbers of the right choices, from 0.
            durations: "short", "medium" or "long".
            domains: one of six fields per question.
            sub_categories: one of 30 parts of those fields.
            task_types: one of 12 kinds of questions.
            with_subtitles: responses to the same questions by the same model, given subtitles.
            choices: of each question, or how many all of them have.
            films: of each question; intervals then draw whole films.
        """
        odd = sorted(set(durations) - set(DURATIONS))
        if odd:
            raise VtkError("VideoMME", f"durations out of {', '.join(DURATIONS)}", odd)
        labels = {"": durations, "domain ": domains, "sub-category ": sub_categories}
        labels |= {"task ": task_types}
        groups = {kind: group for kind, group in labels.items() if group is not None}
        told = [responses] if with_subtitles is None else [responses, with_subtitles]
        found = [marked(said, answers, choices, self._read) for said in told]
        columns = {"": self._values(found[0])}
        if with_subtitles is not None:
            columns[" w/ subs"] = self._values(found[1])
            columns[" gain"] = columns[" w/ subs"] - columns[""]
        numbers = {
            f"{name}{column}": share
            for column, values in columns.items()
            for name, share in _grouped(values, groups, films)
        }
        ends = dict(zip(columns, found, strict=False))
        unread = {f"unread{k}": Estimate.mean(v.unread, films, scale=100) for k, v in ends.items()}
        return {**numbers, **unread}

    @classmethod
    def example(cls) -> tuple[list[str], list[int], list[str], list[str]]:
        """Three questions on films of three lengths, all answered right."""
        domains = ["Knowledge", "Life Record", "Knowledge"]
        return ["A", "C. a red car", "The answer is D"], [0, 2, 3], list(DURATIONS), domains

    def _read(self, text: str, choices: Choices) -> int | None:
        return letter_index(text, choices) if self.mode == "strict" else upstream_letter(text)

    def _values(self, found: Marked) -> np.ndarray:
        return found.right if self.mode == "strict" else found.answered_only()


_PHRASES = (
    "The best answer is",
    "The correct answer is",
    "The answer is",
    "The answer",
    "The best option isThe correct option is",
    "Best answer:Best option:",
)
"""What the released script takes away; the last two were meant as two phrases each."""


def upstream_letter(text: str) -> int | None:
    """The first of A, B, C and D that is left, from 0."""
    for phrase in _PHRASES:
        text = text.replace(phrase, "")
    found = re.search("[ABCD]", text)
    return None if found is None else "ABCD".index(found[0])


def _grouped(
    values: np.ndarray, groups: dict[str, Sequence[str]], films: Sequence[str] | None
) -> Iterator[tuple[str, Estimate]]:
    yield "overall", Estimate.mean(values, films, scale=100)
    for kind, labels in groups.items():
        shares = by_group(values, labels, films, scale=100)
        for label in sorted(shares, key=lambda x: DURATIONS.index(x) if x in DURATIONS else 0):
            yield f"{kind}{label}", shares[label]
