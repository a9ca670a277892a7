"""QVHighlights' 104 numbers for 1,550 queries: ours against a loop, or against the original.

The loop is written here from the definitions in the paper (Lei et al., 2021, arXiv:2107.09609): a
query, a threshold and an answer at a time, plain Python. With `--original` it is the authors' own
evaluator that is asked, in a checkout of jayleicn/moment_detr (needs scikit-learn; it starts eight
processes, ours is one thread). Both sides start from parsed records and must give the same
numbers. Data are made, unless files are given.

    python benchmarks/metrics.py [--original CHECKOUT] [--files PREDICTIONS TRUTHS]
"""

import argparse
import contextlib
import io
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from vtk_notebooks.data import Sample, Span
from vtk_notebooks.data.record import Saliency
from vtk_notebooks.metrics.moments.highlight_map import LEVELS
from vtk_notebooks.metrics.moments.moment_map import ALL, LENGTHS_S, THRESHOLDS
from vtk_notebooks.scoring.qvhighlights import numbers, ratings
from vtk_notebooks.statistics import as_floats

QUERIES, CLIPS, ANSWERS = 1550, 75, 10
Rows = list[dict[str, Any]]


def made(draw: np.random.Generator) -> tuple[Rows, Rows]:
    """Predictions and truths in the shape of the published files; some answers are near."""
    said, truths = [], []
    for qid in range(QUERIES):
        edges = 2 * np.sort(draw.choice(CLIPS + 1, 2 * draw.integers(1, 5), replace=False))
        windows = edges.reshape(-1, 2).tolist()
        near = np.array(windows)[draw.integers(len(windows), size=ANSWERS)]
        near = (near + 2 * draw.integers(-4, 5, near.shape)).clip(0, 2 * CLIPS)
        near.sort(axis=1)
        scores = -np.sort(-draw.random(ANSWERS).round(2))
        clips = [c for a, b in windows for c in range(a // 2, b // 2)]
        rated = draw.integers(0, 5, (len(clips), 3)).tolist()
        head = {"qid": qid, "query": "?", "vid": f"film {qid // 2}", "duration": 2 * CLIPS}
        truth = {"relevant_windows": windows, "relevant_clip_ids": clips, "saliency_scores": rated}
        truths.append(head | truth)
        spans = [[*span, score] for span, score in zip(near.tolist(), scores, strict=True)]
        saliency = draw.normal(size=CLIPS).round(1).tolist()
        said.append(head | {"pred_relevant_windows": spans, "pred_saliency_scores": saliency})
    return said, truths


def samples(said: Rows, truths: Rows) -> tuple[list[Sample], list[Sample]]:
    """The same as our reader gives it."""
    by_qid = {row["qid"]: row for row in said}
    answers = []
    for row in (by_qid[t["qid"]] for t in truths):
        spans = tuple(Span(*span) for span in row["pred_relevant_windows"])
        clips = Saliency(tuple((s,) for s in row["pred_saliency_scores"]), 2.0)
        answers.append(Sample(row["qid"], spans=spans, saliency=clips))
    queries = []
    for row in truths:
        rows = tuple(tuple(r) for r in row["saliency_scores"])
        rated = Saliency(rows, 2.0, tuple(row["relevant_clip_ids"]))
        spans = tuple(Span(*span) for span in row["relevant_windows"])
        queries.append(Sample(row["qid"], row["vid"], row["duration"], spans=spans, saliency=rated))
    return answers, queries


def ours(answers: list[Sample], queries: list[Sample]) -> dict[str, Any]:
    saliency = [[row[0] for row in a.saliency.scores] for a in answers if a.saliency]
    return numbers(queries, ratings(queries), [a.spans for a in answers], saliency)


# -- the loop --------------------------------------------------------------------------------


def overlap(a: list[float], b: list[float]) -> float:
    return max(0.0, min(a[1], b[1]) - max(a[0], b[0])) / (max(a[1], b[1]) - min(a[0], b[0]) or 1)


def moment_ap(answers: list[list[float]], truths: list[list[float]], threshold: float) -> float:
    free, found, curve = list(truths), 0, []
    for rank, answer in enumerate(sorted(answers[:10], key=lambda a: -a[2]), 1):
        best = max(reversed(free), key=lambda t: overlap(answer, t), default=None)
        if best is not None and overlap(answer, best) >= threshold:
            free.remove(best)
            found += 1
        curve.append((found, found / rank))
    tops = [max((p for n, p in curve if n >= k), default=0.0) for k in range(1, len(truths) + 1)]
    return sum(tops) / len(truths)


def highlight_ap(scores: list[float], positive: list[bool]) -> float:
    points, seen, found = [], 0, 0
    order = sorted(range(len(positive)), key=lambda c: -scores[c])
    for place, clip in enumerate(order):
        seen, found = seen + 1, found + positive[clip]
        if place + 1 == len(order) or scores[order[place + 1]] != scores[clip]:
            points.append((found, found / seen))
    steps = sorted({n for n, _ in points} - {0})
    return sum(max(p for n, p in points if n >= k) for k in steps) / max(1, len(steps))


def loop(said: Rows, truths: Rows) -> dict[str, Any]:
    """The same numbers, but for the brief ones."""
    by_qid, out = {row["qid"]: row for row in said}, dict[str, Any]()
    for level, least in LEVELS:
        aps, hits = [], []
        for truth in truths:
            scores, clips = by_qid[truth["qid"]]["pred_saliency_scores"], truth["duration"] // 2
            full = [[0, 0, 0] for _ in range(clips)]
            for clip, row in zip(truth["relevant_clip_ids"], truth["saliency_scores"], strict=True):
                full[clip] = row
            fitted = (scores + [0.0] * clips)[:clips]
            aps += [highlight_ap(fitted, [r[a] >= least for r in full]) for a in range(3)]
            first = scores.index(max(scores))
            hits.append(first < clips and max(full[first]) >= least)
        out[f"HL-min-{level}"] = {"HL-mAP": percent(aps), "HL-Hit1": percent(hits)}
    for name, low, high in ((ALL, -1.0, 1e9), *LENGTHS_S):
        asked = []
        for truth in truths:
            kept = [w for w in truth["relevant_windows"] if low < w[1] - w[0] <= high]
            if kept:
                asked.append((by_qid[truth["qid"]]["pred_relevant_windows"], kept))
        precision = {m: [moment_ap(a, t, m) for a, t in asked] for m in THRESHOLDS}
        first = [max(overlap(a[0], w) for w in t) for a, t in asked]
        out[name] = {
            "MR-mAP": {f"{m:g}": percent(aps) for m, aps in precision.items()}
            | {"average": percent([ap for aps in precision.values() for ap in aps])},
            "MR-R1": {f"{m:g}": percent([iou >= m for iou in first]) for m in THRESHOLDS},
        }
    return out


def percent(values: list[Any]) -> float:
    return round(100 * sum(values) / len(values), 2)


# -- the original, and the clock ---------------------------------------------------------------


def original(checkout: Path) -> Callable[[Rows, Rows], dict[str, Any]]:
    sys.path.insert(0, str(checkout))
    from standalone_eval.eval import eval_submission  # type: ignore[import-not-found]

    def run(said: Rows, truths: Rows) -> dict[str, Any]:
        with contextlib.redirect_stdout(io.StringIO()):
            return dict(eval_submission(said, truths, verbose=False))

    return run


def best(work: Callable[[], dict[str, Any]], runs: int) -> tuple[float, float, dict[str, Any]]:
    """Seconds and processor seconds, its own and its children's, of the best of some runs."""
    walls, cpus, given = [], [], dict[str, Any]()
    for _ in range(runs):
        wall, cpu = time.perf_counter(), sum(os.times()[:4])
        given = work()
        walls.append(time.perf_counter() - wall)
        cpus.append(sum(os.times()[:4]) - cpu)
    return min(walls), min(cpus), given


def compare(told: dict[str, Any], expected: dict[str, Any]) -> None:
    """Stop where one number differs."""
    for part, value in expected.items():
        for name, number in value.items():
            if part in told and told[part][name] != number:
                sys.exit(f"{part} {name}: {told[part][name]} here, {number} there")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--original", type=Path, metavar="CHECKOUT")
    parser.add_argument("--files", type=Path, nargs=2, metavar=("PREDICTIONS", "TRUTHS"))
    given = parser.parse_args()
    if given.files:
        said, truths = ([json.loads(r) for r in p.read_text().splitlines()] for p in given.files)
    else:
        said, truths = made(np.random.default_rng(0))
    answers, queries = samples(said, truths)
    wall, cpu, told = best(lambda: ours(answers, queries), 20)
    peer, name = (original(given.original), "original") if given.original else (loop, "our loop")
    peer_wall, peer_cpu, expected = best(lambda: peer(said, truths), 3)
    compare(as_floats(told), expected)
    print(f"{len(truths)} queries, all numbers equal; best of 20 runs against best of 3")
    print(f"ours     {wall:7.3f} s  {cpu:7.3f} s of processor")
    print(f"{name} {peer_wall:7.3f} s  {peer_cpu:7.3f} s")
    print(f"ratio    {peer_wall / wall:7.0f}    {peer_cpu / cpu:7.0f}")


if __name__ == "__main__":
    main()
