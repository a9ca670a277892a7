"""Proactive timing: does a model speak up by itself, and at the right second?

After "StreamingBench: Assessing the Gap for MLLMs to Achieve Streaming Video Understanding" (Lin et
al., 2024, arXiv:2411.03628), proactive output: "when the scoreboard shows 3 points, output "3"".
A model is asked every second whether it is time, from one second after the instruction until four
seconds after the right time; it is on time when it speaks at most two seconds off, and right when
it then also says what it was told to. Numbers are shares, as in its script.

What follows the paper: the above. `upstream` repeats the released script: what counts is the last
line of the dialogue, also that of a model that never spoke (which lies four seconds late and so is
never on time), and what was to be said may stand inside anything: "3" is said by "13".
What differs: `strict` asks whether the model spoke at all, and for whole words, in upper or lower
case. "early", "late" and "silent" are ours and say where the rest went: with "time_accuracy" they
add up to 1.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate

LAST_POLL_S = 4.0
"""How long after the right time a model is asked for the last time."""


@register(
    "metric",
    "proactive_timing",
    title="Proactive output",
    paper="StreamingBench: Assessing the Gap for MLLMs to Achieve Streaming Video Understanding",
    year=2024,
    arxiv="2411.03628",
    atlas=("streamingbench",),
)
@dataclass(frozen=True)
class ProactiveTiming:
    """Shares of instructions: followed on time, and with the right words as well.

    Args:
        within_s: how far off is still on time.
        mode: "strict" or "upstream", see above.
    """

    within_s: float = 2.0
    mode: Literal["strict", "upstream"] = "strict"

    def __call__(
        self,
        said_s: Sequence[float | int | None],
        said: Sequence[str | None],
        right_s: Sequence[float | int],
        right: Sequence[str],
        films: Sequence[str] | None = None,
    ) -> dict[str, Estimate]:
        """Numbers by name: "time_accuracy", "answer_accuracy", "early", "late", "silent".

        Args:
            said_s: when the model spoke up, in seconds of film; None where it never did.
            said: what it said then.
            right_s: when it should have.
            right: what it should have said.
            films: of each instruction; intervals then draw whole films.
        """
        if not len(right_s) or not len(said_s) == len(said) == len(right_s) == len(right):
            got = f"{len(said_s)} times and {len(said)} texts for {len(right_s)} instructions"
            raise VtkError("ProactiveTiming", "a time and a text for each instruction", got)
        off_s = np.array([np.nan if t is None else t for t in said_s], float) - np.array(right_s)
        on_time = np.abs(off_s) <= self.within_s  # false for nan
        says = whole_words if self.mode == "strict" else inside
        fits = np.array([says(w, t or "") for w, t in zip(right, said, strict=True)])
        shares = {
            "time_accuracy": on_time,
            "answer_accuracy": on_time & fits,
            "early": off_s < -self.within_s,
            "late": off_s > self.within_s,
            "silent": np.isnan(off_s),
        }
        return {name: Estimate.mean(values, films) for name, values in shares.items()}

    @classmethod
    def example(cls) -> tuple[list[float], list[str], list[float], list[str]]:
        """Two instructions followed, one a second late, which is still on time."""
        return [29.0, 58.0], ["3", "It is 20 now."], [29.0, 57.0], ["3", "20"]


def whole_words(wanted: str, said: str) -> bool:
    """Whether these words are said, as words, in whatever case and white space."""
    wanted, said = (" ".join(text.lower().split()) for text in (wanted, said))
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", said) is not None


def inside(wanted: str, said: str) -> bool:
    """The released test: the same characters stand somewhere."""
    return wanted in said
