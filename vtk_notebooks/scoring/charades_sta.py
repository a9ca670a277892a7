"""Charades-STA: R@k at IoU .3, .5 and .7, and mIoU, beside what blind answers reach.

After "TALL: Temporal Activity Localization via Language Query" (Gao et al., 2017,
arXiv:1705.02101). Predictions are JSON Lines as for QVHighlights, a line per query: `qid` is the
number of the query's line from 0, `pred_relevant_windows` its moments, best first. A query without
a prediction counts as missed. Durations are not in the file of truths, so only the blind answer
that needs none stands beside: with the end of a film's last annotation as its length, "the whole
film" would have seen the truth (R1@0.5 of 25 % on the test set; with real lengths it has 0.4).
"""

import math
from pathlib import Path

from vtk_notebooks.blind import first_seconds
from vtk_notebooks.data import read
from vtk_notebooks.metrics.moments.recall import Recall
from vtk_notebooks.scoring.asked import asked
from vtk_notebooks.scoring.report import Report
from vtk_notebooks.scoring.scorer import Mode, Scorer


def score(pred: Path, truth: Path | None, mode: Mode) -> Report:
    """Predicted moments of each query against its true one."""
    assert truth is not None  # noqa: S101 the scorer says that it needs one
    queries = [s for s in read(truth, "charades_sta") if s.moments]
    said = {str(s.id): s.spans for s in read(pred, "qvhighlights")}
    films = [s.film for s in queries]
    truths = [list(s.moments) for s in queries]
    recall = Recall()
    answers = [list(said.get(str(s.id), ())) for s in queries]
    blind = {"first 8 s": recall([[first_seconds(math.inf)]] * len(queries), truths, films)}
    silent = sum(not a for a in answers)
    notes = (f"{silent} of {len(queries)} queries have no prediction: missed",) if silent else ()
    numbers = recall(answers, truths, films)
    one_by_one = asked({pred.stem: answers}, queries) if queries else None
    return Report(SCORER.name, mode, numbers, len(queries), blind, notes=notes, asked=one_by_one)


SCORER = Scorer(
    name="charades-sta",
    pred="JSON Lines with qid (line number from 0) and pred_relevant_windows",
    truth="the txt file of Charades-STA",
    score=score,
)
