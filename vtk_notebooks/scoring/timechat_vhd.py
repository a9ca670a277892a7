"""TimeChat's highlight detection: QVHighlights' own numbers, for saliency read out of free text.

After "TimeChat: A Time-sensitive Multimodal Large Language Model for Long Video Understanding"
(Ren et al., 2023, arXiv:2312.02051), whose evaluator is that of QVHighlights with one change: it
leaves out the queries for which no prediction is in the file, 87 of 1550 in the published example,
which lifts every number. `upstream` does the same; `strict` counts them as 0.
"""

from pathlib import Path

from vtk_notebooks.data import read
from vtk_notebooks.scoring.qvhighlights import evaluate
from vtk_notebooks.scoring.report import Report
from vtk_notebooks.scoring.scorer import Mode, Scorer


def score(pred: Path, truth: Path | None, mode: Mode) -> Report:
    """Predicted saliency of each query against what people said."""
    assert truth is not None  # noqa: S101 the scorer says that it needs one
    return evaluate(SCORER.name, list(read(truth, "qvhighlights")), pred, mode)


SCORER = Scorer(
    name="timechat-vhd",
    pred="a JSON list with qid and pred_saliency_scores",
    truth="highlight_val_release.jsonl of QVHighlights",
    score=score,
    differs="queries without a prediction are left out",
)
