"""Referred reasoning: accuracy by length of film and by what a question refers to.

After "LongVideoBench: A Benchmark for Long-context Interleaved Video-Language Understanding" (Wu et
al., 2024, arXiv:2407.15754). A question first points at a moment ("when the man in red speaks of
...") and then asks about it; films last up to 15, 60, 600 and 3600 seconds, and questions fall into
17 categories such as S2E (from a scene to an event). Numbers are shares. How frames and subtitles
are put in one order for the model is `vtk_notebooks.blocks.interleave`.

What follows the paper: the groups and the accuracy. `upstream` repeats the scorer that the authors
point to (in lmms-eval): it takes the last of the letters it finds in brackets, else before a blank
(so that "CIA " holds an A), else before a dot; in longer responses the choices' own words; and when
it finds nothing it guesses. It adds every question to "Overall" twice, which changes no accuracy,
only the count.
What differs: `strict` reads without guessing. The guesses of `upstream` are drawn from a seed here,
so that they come out the same again; the script's do not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Int

from vtk_notebooks.answers import letter_index
from vtk_notebooks.answers.choices import Choices, marked
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.statistics.groups import by_group


@register(
    "metric",
    "referred_reasoning",
    title="LongVideoBench",
    paper="LongVideoBench: A Benchmark for Long-context Interleaved Video-Language Understanding",
    year=2024,
    arxiv="2407.15754",
    atlas=("longvideobench",),
)
@dataclass(frozen=True)
class LongVideoBench:
    """Accuracy overall, by duration group and by question category, as shares.

    Args:
        mode: "strict" reads responses without guessing, "upstream" as the common script does.
        seed: of the guesses in upstream mode.
    """

    mode: Literal["strict", "upstream"] = "strict"
    seed: int = 0

    def __call__(
        self,
        responses: Sequence[str | None],
        answers: Sequence[int],
        duration_groups: Sequence[int | str],
        categories: Sequence[str],
        choices: int | Sequence[Choices] = 5,
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name: "Overall", "15", "60", "600", "3600", each category, "unread".

        Args:
            responses: free text; None where there is none.
            answers: numbers of the right choices, from 0.
            duration_groups: 15, 60, 600 or 3600: the most seconds that films of the group last.
            categories: such as "S2E".
            choices: of each question, or how many all of them have; at most five.
            films: of each question; intervals then draw whole films.
        """
        found = marked(responses, answers, choices, self._read)
        values = found.right
        if self.mode == "upstream":
            guess = self._guesses(choices, len(values)) == np.asarray(answers)
            values = np.where(found.unread, guess, values)
        lengths = by_group(values, [str(g) for g in duration_groups], films)
        return {
            "Overall": Estimate.mean(values, films),
            **{g: lengths[g] for g in sorted(lengths, key=lambda g: (len(g), g))},
            **by_group(values, categories, films),
            "unread": Estimate.mean(found.unread, films),
        }

    @classmethod
    def example(cls) -> tuple[list[str], list[int], list[int], list[str]]:
        """Three questions on two lengths of film, all answered right."""
        return ["A", "(C)", "The answer is E."], [0, 2, 4], [15, 3600, 3600], ["S2E", "T2A", "T2A"]

    def _read(self, text: str, choices: Choices) -> int | None:
        return (letter_index if self.mode == "strict" else upstream_letter)(text, choices)

    def _guesses(self, choices: int | Sequence[Choices], n: int) -> Int[np.ndarray, "q"]:
        offered = [choices] * n if isinstance(choices, int) else choices
        many = [c if isinstance(c, int) else len(c) for c in offered]
        return np.random.default_rng(self.seed).integers(0, many)


def upstream_letter(text: str, choices: Choices) -> int | None:
    """What the common script reads before it guesses, from 0."""
    for mark in ",.!?;:'":
        text = text.strip(mark)
    said = f" {text} "
    for places in _places(said, choices):
        if places:
            return max(places, key=lambda number: places[number])
    return None


def _places(said: str, choices: Choices) -> Iterator[dict[int, int]]:
    """For each way to look, the surest first: which choices are found, and where last."""
    letters = [
        chr(ord("A") + i) for i in range(choices if isinstance(choices, int) else len(choices))
    ]
    for found, last in (("({})", "({})"), ("{} ", " {} "), ("{}.", " {} ")):
        yield {
            i: said.rfind(last.format(x)) for i, x in enumerate(letters) if found.format(x) in said
        }
    texts = () if isinstance(choices, int) or len(said.split()) <= 5 else choices
    low = said.lower()
    yield {i: low.rfind(text.lower()) for i, text in enumerate(texts) if text.lower() in low}
