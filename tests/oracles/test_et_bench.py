"""E.T. Bench's scores of made responses, as a copy of its released script computes them."""

import numpy as np
import pytest

from vtk_notebooks.answers.spans import released_spans
from vtk_notebooks.metrics.questions.et_bench import THRESHOLDS, Answered, EtBench, score

NAMES = {"tvg": "F1", "tem": "mRec", "tal": "F1", "evs": "F1", "vhd": "F1", "rvq": "Acc"}


@pytest.fixture
def case(oracle):
    return oracle("reference_values/et_bench_synthetic_expected.json")


def spans_of(target) -> tuple:
    """Pairs, whether there is one, a list of them, or a list for each annotator."""
    array = np.array(target)
    return tuple(map(tuple, array.reshape(-1, 2).tolist()))


def answered(task, rows) -> list[Answered]:
    if task == "rvq":
        return [Answered(task, r["a"], (), (), tuple(r["o"]), r["p"]) for r in rows]
    return [Answered(task, r["a"], spans_of(r["tgt"])) for r in rows]


@pytest.mark.parametrize("task", NAMES)
def test_a_task_scores_what_the_script_scores(task, case):
    expected = case["expected"][task]
    samples = answered(task, case["samples"][task])
    numbers = EtBench("upstream")(samples, lambda a, b: float(a == b))
    [name] = [n for n in numbers if n.startswith(task.upper())]
    assert numbers[name] / 100 == pytest.approx(expected[NAMES[task]], abs=6e-6)
    assert numbers["Failed"] / 100 * len(samples) == pytest.approx(expected["Failed"])
    assert len(samples) == expected["Total"]


@pytest.mark.parametrize("task", ["tvg", "tem", "tal"])
def test_each_threshold_scores_what_the_script_scores(task, case):
    kind = "Rec" if task == "tem" else "F1"
    rows = [score(s, "upstream")[kind] for s in answered(task, case["samples"][task])]
    label = "R" if task == "tem" else "F1"
    for threshold, value in zip(THRESHOLDS, np.mean(rows, axis=0), strict=True):
        assert value == pytest.approx(case["expected"][task][f"{label}@{threshold}"], abs=6e-6)


def test_spans_are_read_as_the_script_reads_them(case):
    for text, spans in case["expected"]["tvg_format"].items():
        assert released_spans(text) == [tuple(span) for span in spans or []]
