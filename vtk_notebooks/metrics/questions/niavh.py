"""NIAVH: how well a needle is told of, by the film's length and by how deep the needle lies.

The needle in a video haystack of "VideoLLaMB: Long-context Video Understanding with Recurrent
Memory Bridges" (Wang et al., 2024, arXiv:2409.01071). A needle of one second is put into a film of
1 to 320 s, in 40 lengths, at 12 depths from its first to its last frame
(`curation.needle_insertion.niavh_grid`), and a judge rates each answer from 1 to 10. The numbers
are the mean rating over all cells, of each length and of each depth.

What differs: the judge (GPT-3.5 there) is the caller's; without one, `rated` gives 10 to the answer
that names the needle and 1 to any other. A rating that could not be read counts as 1 and is counted
in "unread". How the paper averages the cells could not be verified: each counts the same here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate

LEAST, MOST = 1, 10
"""Of a rating."""


def rated(answer: str, needle: str) -> int:
    """The best rating for an answer that names the needle as a word of its own, else the least."""
    said, wanted = (_words(text) for text in (answer, needle))
    n = len(wanted)
    found = n and any(said[i : i + n] == wanted for i in range(len(said) - n + 1))
    return MOST if found else LEAST


@register(
    "metric",
    "niavh",
    title="Needle in a video haystack (NIAVH)",
    paper="VideoLLaMB: Long-context Video Understanding with Recurrent Memory Bridges",
    year=2024,
    arxiv="2409.01071",
    atlas=("videollamb",),
)
@dataclass(frozen=True)
class Niavh:
    """Mean ratings from 1 to 10, and the percentage of ratings that could not be read."""

    def __call__(
        self, ratings: Sequence[float | int | None], cells: Sequence[tuple[float, float]]
    ) -> dict[str, Estimate]:
        """Numbers by name: "score", "length 320 s", "depth 0.50", "unread".

        Args:
            ratings: of each answer; None where there was none to be read.
            cells: the film's length in seconds and the needle's depth, from 0 to 1, of each.
        """
        if len(ratings) != len(cells) or not len(cells):
            got = f"{len(ratings)} ratings for {len(cells)} cells"
            raise VtkError("niavh", "one rating for each of one cell or more", got)
        read = [r for r in ratings if r is not None]
        wrong = [r for r in read if not LEAST <= r <= MOST]
        if wrong:
            raise VtkError("niavh", f"ratings from {LEAST} to {MOST}", wrong[0], "None for unread.")
        x = np.array([LEAST if r is None else r for r in ratings], dtype=float)
        lengths_s, depths = np.array(cells, dtype=float).T
        out = {"score": Estimate.mean(x)}
        for s in np.unique(lengths_s):
            out[f"length {s:g} s"] = Estimate.mean(x[lengths_s == s])
        for depth in np.unique(depths.round(2)):
            out[f"depth {depth:.2f}"] = Estimate.mean(x[depths.round(2) == depth])
        out["unread"] = Estimate.mean([r is None for r in ratings], scale=100)
        return out

    @classmethod
    def example(cls) -> tuple[list[int], list[tuple[float, float]]]:
        """Two lengths by two depths; the long film's late needle was missed."""
        return [10, 10, 10, 1], [(1.0, 0.0), (1.0, 1.0), (320.0, 0.0), (320.0, 1.0)]


def _words(text: str) -> list[str]:
    return "".join(c.lower() if c.isalnum() else " " for c in text).split()
