"""Ends: how each question ended, finer than `misses`, so that one can look at the film.

`misses` says that the place is wrong; here that is one of three. The answer still touches the true
moment, but lies before it or after it: early, late. Or it does not: elsewhere. Where the film's
shots are known, an answer elsewhere that shares no shot with the truth is in the wrong scene.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float, Int

from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.moments.misses import KINDS, MissTable

ENDS = ("hit", "too long", "too short", "early", "late", "elsewhere", "not found")
"""How a question can end, from best to worst."""
SCENE_ENDS = (*ENDS, "wrong scene")
"""The same where shots are known; last, because such an answer misleads, and none does not."""


def ends(table: MissTable, cuts_s: Sequence[Sequence[float]] | None = None) -> Int[np.ndarray, "q"]:
    """How each question ended, as a number into `ENDS`; into `SCENE_ENDS` with cuts.

    Args:
        table: of the questions.
        cuts_s: for each question, when new shots of its film begin, as `video.find_cuts` gives
            them; none where nobody knows.
    """
    said, true = table.answers_s, table.truths_s
    touches = (said[:, 0] < true[:, 1]) & (said[:, 1] > true[:, 0])
    before = said.sum(1) < true.sum(1)  # by the middles; nan is never before
    where = np.where(touches, np.where(before, "early", "late"), "elsewhere")
    if cuts_s is not None:
        if len(cuts_s) != len(table):
            got = f"cuts for {len(cuts_s)} of {len(table)} questions"
            raise VtkError("ends", "the cuts of each question's film", got)
        where = np.where(_apart(said, true, cuts_s), "wrong scene", where)
    named = np.array(KINDS)[table.kind]
    named = np.where(named == "wrong place", where, named)
    return np.array([SCENE_ENDS.index(name) for name in named])


def _apart(
    said: Float[np.ndarray, "q 2"],
    true: Float[np.ndarray, "q 2"],
    cuts_s: Sequence[Sequence[float]],
) -> Bool[np.ndarray, "q"]:
    """Whether no shot holds some of both; a stretch that ends at a cut is not in the shot after."""
    shots = [
        (_shots(a, cuts), _shots(b, cuts)) for a, b, cuts in zip(said, true, cuts_s, strict=True)
    ]
    return np.array([a[1] < b[0] or b[1] < a[0] for a, b in shots], dtype=bool)


def _shots(span_s: Float[np.ndarray, "2"], cuts_s: Sequence[float]) -> tuple[int, int]:
    """Numbers of the first and of the last shot that a stretch lies in."""
    cuts = np.sort(np.asarray(cuts_s, dtype=float))
    start_s, end_s = span_s
    return int(np.searchsorted(cuts, start_s, "right")), int(np.searchsorted(cuts, end_s, "left"))
