"""Ends: how each question ended, finer than `misses`, so that one can look at the film.

`misses` says that the place is wrong; here that is one of three. The answer still touches the true
moment, but lies before it or after it: early, late. Or it does not: elsewhere.
"""

import numpy as np
from jaxtyping import Int

from vtk_notebooks.metrics.moments.misses import KINDS, MissTable

ENDS = ("hit", "too long", "too short", "early", "late", "elsewhere", "not found")
"""How a question can end, from best to worst."""


def ends(table: MissTable) -> Int[np.ndarray, "q"]:
    """How each question ended, as a number into `ENDS`."""
    said, true = table.answers_s, table.truths_s
    touches = (said[:, 0] < true[:, 1]) & (said[:, 1] > true[:, 0])
    before = said.sum(1) < true.sum(1)  # by the middles; nan is never before
    where = np.where(touches, np.where(before, "early", "late"), "elsewhere")
    named = np.array(KINDS)[table.kind]
    named = np.where(named == "wrong place", where, named)
    return np.array([ENDS.index(name) for name in named])
