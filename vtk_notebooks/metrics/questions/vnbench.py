"""VNBench: needles in a haystack of film, right only when all four tries are.

After "Needle In A Video Haystack: A Scalable Synthetic Framework for Benchmarking Video MLLMs"
(Zhao et al., 2024, arXiv:2406.09367; later called "... Synthetic Evaluator ..."). Each question is
asked four times with its four options in another order, and counts when every try names the right
one, so that guessing scores 1 in 256. Finding (ret), ordering (ord) and counting (cnt) have three
tasks each, and "Overall" is the mean of their three means. Numbers are shares, as in its script.

What follows the paper: the above. `upstream` repeats the released script: the first character of a
response is its answer, a sample has to have four rows, and the numbers of ret_insert1 and
ret_insert2 change places (in the files, ret_insert1 asks for landmarks and ret_insert2 for fruits,
while ord_insert1 asks for fruits). An older script of theirs reads the first of A, B, C and D that
a response contains anywhere; it is not repeated here.
What differs: `strict` reads without guessing, leaves every task under its own name, and counts a
sample with fewer than four tries as wrong. "single try" and "unread" are reported besides.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from vtk_notebooks.answers import letter_index
from vtk_notebooks.answers.choices import Choices, first_character, marked
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.statistics.groups import by_group, macro


@register(
    "metric",
    "vnbench",
    title="VNBench",
    paper="Needle In A Video Haystack: A Scalable Synthetic Framework for Benchmarking Video MLLMs",
    year=2024,
    arxiv="2406.09367",
    atlas=("video_niah",),
)
@dataclass(frozen=True)
class VNBench:
    """Circular accuracy by task and kind of task, and overall, as shares of samples.

    Args:
        tries: how often each question is asked.
        mode: "strict" reads responses without guessing, "upstream" as the released script does.
    """

    tries: int = 4
    mode: Literal["strict", "upstream"] = "strict"

    def __call__(
        self,
        responses: Sequence[str | None],
        answers: Sequence[int],
        samples: Sequence[str],
        tasks: Sequence[str],
        choices: int | Sequence[Choices] = 4,
    ) -> dict[str, Estimate]:
        """Numbers by name: each task, "cnt", "ord", "ret", "Overall", "single try", "unread".

        Args:
            responses: free text, one per try; None where there is none.
            answers: numbers of the right choices, from 0, as this try orders them.
            samples: which sample is asked; its tries need not be neighbours.
            tasks: such as "ret_insert1"; what stands before the underscore is the kind.
            choices: of each try, or how many all of them have.
        """
        right, unread = marked(responses, answers, choices, self._read)
        task = _task_of(samples, tasks, len(right))
        if self.mode == "upstream" and set(Counter(samples).values()) != {self.tries}:
            hint = "In strict mode, a missing try is a wrong one."
            raise VtkError("VNBench", f"{self.tries} tries of each sample", "others", hint)
        whole = circular(right, samples, self.tries)
        names = [self._published(name) for name in task.values()]
        kinds = [name.split("_")[0] for name in names]
        return {
            **by_group(whole, names),
            **{k: macro(_where(kinds, k, whole), names) for k in sorted(set(kinds))},
            "Overall": macro(whole, names, kinds),
            "single try": Estimate.mean(right, samples),
            "unread": Estimate.mean(unread, samples),
        }

    @classmethod
    def example(cls) -> tuple[list[str], list[int], list[str], list[str]]:
        """A film with a needle to find and one with needles to count, right in every try."""
        samples, tasks = ["street"] * 4 + ["wood"] * 4, ["ret_edit1"] * 4 + ["cnt_edit1"] * 4
        return ["A", "B", "C", "D"] * 2, [0, 1, 2, 3] * 2, samples, tasks

    def _read(self, text: str, choices: Choices) -> int | None:
        return (letter_index if self.mode == "strict" else first_character)(text, choices)

    def _published(self, task: str) -> str:
        return _SWAPPED.get(task, task) if self.mode == "upstream" else task


_SWAPPED = {"ret_insert1": "ret_insert2", "ret_insert2": "ret_insert1"}
"""Whose numbers change places in the released script."""


def circular(
    right: Sequence[float | int] | np.ndarray, samples: Sequence[str], tries: int = 4
) -> Float[np.ndarray, "s"]:
    """1 for each sample of which all tries are right, and as many as there should be.

    Args:
        right: 1 or 0 for each try.
        samples: of which sample; results are in the order in which these first appear.
        tries: how many a sample should have; a missing one is a wrong one.
    """
    number = {sample: n for n, sample in enumerate(dict.fromkeys(samples))}
    index = np.array([number[sample] for sample in samples])
    hits, asked = np.bincount(index, weights=np.asarray(right)), np.bincount(index)
    return (hits == np.maximum(asked, tries)).astype(float)


def _task_of(samples: Sequence[str], tasks: Sequence[str], n: int) -> dict[str, str]:
    task = dict(zip(samples, tasks, strict=False))
    if not len(samples) == len(tasks) == n or len(set(zip(samples, tasks, strict=True))) > len(
        task
    ):
        got = f"{len(samples)} samples and {len(tasks)} tasks for {n} responses"
        raise VtkError("VNBench", "a sample for each response, and one task for each sample", got)
    return task


def _where(kinds: Sequence[str], kind: str, whole: Float[np.ndarray, "s"]) -> np.ndarray:
    return np.where(np.array(kinds) == kind, whole, np.nan)
