"""QVHighlights: moment retrieval and highlight detection, all 104 numbers as they are published.

After "QVHighlights: Detecting Moments and Highlights in Videos via Natural Language Queries" (Lei
et al., 2021, arXiv:2107.09609). Numbers are nested and rounded to two decimals as in the evaluator
that comes with the data. A file may predict moments, saliency or both; numbers of what it does not
predict are left out.

A query without a prediction counts as 0. `upstream` leaves it out, as the authors' script does when
it is told not to insist on all (`match_number=False`).
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from vtk_notebooks.blind import middle_third, prior_span, whole_film
from vtk_notebooks.data import Sample, read
from vtk_notebooks.data.json.highlights import CLIP_S
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.moments.highlight_map import LEVELS, HighlightMap
from vtk_notebooks.metrics.moments.moment_map import ALL, LENGTHS_S, THRESHOLDS, MomentMap
from vtk_notebooks.moment import Moment
from vtk_notebooks.scoring.asked import asked
from vtk_notebooks.scoring.report import Report
from vtk_notebooks.scoring.scorer import Mode, Scorer
from vtk_notebooks.spans import Stretch
from vtk_notebooks.statistics import Estimate

BRIEF = (
    *("MR-full-R1@0.5", "MR-full-R1@0.7", "MR-full-mAP", "MR-full-mAP@0.5", "MR-full-mAP@0.75"),
    *("MR-long-mAP", "MR-middle-mAP", "MR-short-mAP"),
    *(f"HL-min-{name}-{number}" for name, _ in LEVELS for number in ("mAP", "Hit1")),
)
"""What papers report of all the numbers, in published order."""
_DIFFERS = "queries without a prediction are left out"
_PRIOR = "the prior span is a blind answer that knows the median of these very truths"


def score(pred: Path, truth: Path | None, mode: Mode) -> Report:
    """Predicted moments and saliency of each query against what people said."""
    assert truth is not None  # noqa: S101 the scorer says that it needs one
    return evaluate(SCORER.name, list(read(truth, "qvhighlights")), pred, mode)


def evaluate(name: str, queries: Sequence[Sample], pred: Path, mode: Mode) -> Report:
    """The report on a file of predictions, for the scorer of that name."""
    said = {str(s.id): s for s in read(pred, "qvhighlights")}
    silent = [q for q in queries if str(q.id) not in said]
    notes = [_PRIOR]
    if silent:
        what = "left out" if mode == "upstream" else "counted as 0"
        notes.append(f"{len(silent)} of {len(queries)} queries have no prediction: {what}")
    strange = len(said) - (len(queries) - len(silent))
    if strange:
        notes.append(f"{strange} predictions are for queries that the truth does not have")
    if mode == "upstream":
        queries = [q for q in queries if str(q.id) in said]
    answers = [said.get(str(q.id)) for q in queries]
    windows = [() if a is None else a.spans for a in answers]
    saliency = [_scores(a) for a in answers]
    if not any(windows) and not any(map(len, saliency)):
        hint = "Lines have qid, pred_relevant_windows, pred_saliency_scores."
        raise VtkError(f"score {name}", f"predictions in {pred}", "none for these queries", hint)
    rated = ratings(queries) if any(map(len, saliency)) else []
    blind = {
        said_by: numbers(queries, rated, *_blind(queries, answer, windows, saliency))
        for said_by, answer in _answers(queries).items()
    }
    told = numbers(queries, rated, windows, saliency)
    known = any(windows) and any(q.moments for q in queries)
    one_by_one = asked({pred.stem: windows}, queries) if known else None
    return Report(name, mode, told, len(queries), blind, notes=tuple(notes), asked=one_by_one)


def numbers(
    queries: Sequence[Sample],
    rated: Sequence[Float[np.ndarray, "_ a"]],
    windows: Sequence[Sequence[Stretch]],
    saliency: Sequence[Sequence[float | int]],
) -> dict[str, Any]:
    """The numbers as published, of what is there at all.

    Args:
        queries: with their true moments.
        rated: their `ratings`; not needed without saliency.
        windows: for each query, as listed.
        saliency: for each query, a score for each clip.
    """
    films, flat = [q.film for q in queries], dict[str, Estimate]()
    if any(windows):
        flat |= MomentMap()(windows, [q.spans for q in queries], films)
    if any(map(len, saliency)):
        flat |= HighlightMap()(saliency, rated, films)
    return nested({name: value.rounded(2) for name, value in flat.items()})


def nested(flat: Mapping[str, Estimate]) -> dict[str, Any]:
    """Numbers by name in the shape of the published file."""
    out: dict[str, Any] = {"brief": {name: flat[name] for name in BRIEF if name in flat}}
    for level, _ in LEVELS:
        head = f"HL-min-{level}"
        if f"{head}-mAP" in flat:
            out[head] = {f"HL-{n}": flat[f"{head}-{n}"] for n in ("mAP", "Hit1")}
    for split in (ALL, *(name for name, _, _ in LENGTHS_S)):
        head = f"MR-{split}"
        if f"{head}-mAP" in flat:
            precision = {f"{m:g}": flat[f"{head}-mAP@{m:g}"] for m in THRESHOLDS}
            recall = {f"{m:g}": flat[f"{head}-R1@{m:g}"] for m in THRESHOLDS}
            out[split] = {"MR-mAP": {**precision, "average": flat[f"{head}-mAP"]}, "MR-R1": recall}
    return out


def ratings(queries: Sequence[Sample]) -> list[Float[np.ndarray, "c a"]]:
    """What each annotator gave to each whole clip of a query's film; 0 where nobody rated."""
    found = [
        np.zeros((_clips(q), 1)) if q.saliency is None else q.saliency.array(_clips(q))
        for q in queries
    ]
    annotators = max((r.shape[1] for r in found), default=1)
    return [r if r.shape[1] == annotators else np.repeat(r, annotators, axis=1) for r in found]


def _clips(query: Sample) -> int:
    return int((query.duration_s or 0) / CLIP_S)


def _scores(answer: Sample | None) -> list[float | int]:
    """A prediction's score for each clip."""
    if answer is None or answer.saliency is None:
        return []
    return [row[0] for row in answer.saliency.scores]


def _answers(queries: Sequence[Sample]) -> dict[str, Callable[[float], Moment]]:
    """Blind answers by name."""
    true = [(m, q.duration_s) for q in queries if q.duration_s for m in q.moments]
    prior = prior_span([m for m, _ in true], [float(d) for _, d in true])
    return {"whole film": whole_film, "middle third": middle_third, "prior span": prior}


def _blind(
    queries: Sequence[Sample],
    answer: Callable[[float], Moment],
    windows: Sequence[Sequence[Stretch]],
    saliency: Sequence[Sequence[float | int]],
) -> tuple[list[list[Moment]], list[list[float]]]:
    """A blind answer to what was predicted: one window, and 1 for each clip that lies in it."""
    said = [answer(float(q.duration_s or CLIP_S)) for q in queries]
    clips = [_clips(q) for q in queries]
    start, end = np.array([(m.start_s, m.end_s) for m in said]).T[..., None]
    middle = (np.arange(max(clips)) + 0.5) * CLIP_S
    inside = ((start <= middle) & (middle < end)).astype(float).tolist()
    scored, listed = any(map(len, saliency)), any(windows)
    return (
        [[m] if listed else [] for m in said],
        [row[:n] if scored else [] for row, n in zip(inside, clips, strict=True)],
    )


SCORER = Scorer(
    name="qvhighlights",
    pred="JSON Lines with qid, pred_relevant_windows and pred_saliency_scores, or one of the two",
    truth="highlight_val_release.jsonl, or another file of its shape",
    score=score,
    differs=_DIFFERS,
)
