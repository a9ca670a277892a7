"""OVBench: questions about the past, the present and the future of a film that still runs.

After "Online Video Understanding: A Comprehensive Benchmark and Memory-Augmented Method" (Huang et
al., 2025, arXiv:2501.00584): multiple-choice questions in 46 cells, a cell being a kind of question
in one of the four sources (AVA, COIN, HiREST, TAO). The published average is the macro one, over
cells; cells have between 7 and 601 questions, so the micro one, over questions, differs. In
percent. `upstream` repeats the released reader: a letter with a dot at the start, or else the
first of A to E that stands as a word, in upper or lower case, so that the article of "It is a
choice, C" is read as answer A; empty responses leave the denominator.
What differs: `strict` reads without guessing; what it cannot read is wrong. The average over kinds
of question ("PastMemory", ...) is over their cells.
What could not be verified: how the paper's table rounds and merges its columns.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vtk_notebooks.answers import letter_index
from vtk_notebooks.answers.choices import Choices, marked
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.statistics.groups import by_group, macro


@register(
    "metric",
    "ovbench",
    title="OVBench",
    paper="Online Video Understanding: A Comprehensive Benchmark and Memory-Augmented Method",
    year=2025,
    arxiv="2501.00584",
    atlas=("videochat_online",),
)
@dataclass(frozen=True)
class OVBench:
    """Macro and micro accuracy, that of each kind of question and of each cell, in percent.

    Args:
        mode: "strict" reads responses without guessing, "upstream" as the released script does.
    """

    mode: Literal["strict", "upstream"] = "strict"

    def __call__(
        self,
        responses: Sequence[str | None],
        answers: Sequence[int],
        sources: Sequence[str],
        types: Sequence[str],
        choices: int | Sequence[Choices] = 4,
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name: "macro", "micro", "unread", "PastMemory", "ava PastMemory-4", ...

        Args:
            responses: free text; None where there is none.
            answers: numbers of the right choices, from 0.
            sources: "ava", "coin", "hirest" or "tao".
            types: of question, such as "PastMemory-4"; with the source it makes a cell.
            choices: of each question, or how many all of them have.
            films: of each question; intervals then draw whole films.
        """
        found = marked(responses, answers, choices, self._read)
        if not len(sources) == len(types) == len(responses):
            got = f"{len(sources)} sources and {len(types)} types for {len(responses)} responses"
            raise VtkError("OVBench", "a source and a type for each response", got)
        values = found.right
        if self.mode == "upstream":
            values = np.where([not text for text in responses], np.nan, values)
        cells = [f"{source} {kind}" for source, kind in zip(sources, types, strict=True)]
        kinds = np.array([kind.rsplit("-", 1)[0] for kind in types])
        return {
            "macro": macro(values, cells, clusters=films, scale=100),
            "micro": Estimate.mean(values, films, scale=100),
            "unread": Estimate.mean(found.unread, films, scale=100),
            **{
                str(k): macro(
                    np.where(kinds == k, values, np.nan), cells, clusters=films, scale=100
                )
                for k in np.unique(kinds)
            },
            **by_group(values, cells, films, scale=100),
        }

    @classmethod
    def example(cls) -> tuple[list[str], list[int], list[str], list[str], list[list[str]]]:
        """Two questions of one source and one of another, all answered right."""
        choices = [["yes", "no"], ["left", "right", "still"], ["yes", "no"]]
        types = ["Hallucination-1", "SpatialPerception-2", "Hallucination-1"]
        return ["A", "C. still", "no"], [0, 2, 1], ["ava", "ava", "tao"], types, choices

    def _read(self, text: str, choices: Choices) -> int | None:
        return letter_index(text, choices) if self.mode == "strict" else upstream_letter(text)


_MARKS = ';/[]"{}()=+\\_-><@`,?!'


def upstream_letter(text: str) -> int | None:
    """What the released reader takes for the answer, from 0; None where it finds no letter.

    Each mark of punctuation goes, or becomes a blank if it touches none anywhere in the text and
    there is no number such as 1,000; dots go unless a digit follows.
    """
    text = text.strip()
    if re.fullmatch(r"[A-E]\.\s*.+", text, re.IGNORECASE):
        return "abcde".index(text[0].lower())
    text = re.sub(r"[\n\t]", " ", text)
    together = re.search(r"\d,\d", text) is not None
    glued = [m for m in _MARKS if together or f"{m} " in text or f" {m}" in text]
    text = text.translate({ord(m): None if m in glued else " " for m in _MARKS})
    found = re.search(r"\b[A-E]\b", re.sub(r"\.(?!\d)", "", text), re.IGNORECASE)
    return None if found is None else "abcde".index(found[0].lower())
