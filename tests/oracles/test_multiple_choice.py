"""Answers to four published benchmarks of multiple choice, scored as their authors' code does."""

import json
import os
from pathlib import Path

import pytest

from vtk_notebooks.data import parse_clock
from vtk_notebooks.metrics import LongVideoBench, VNBench
from vtk_notebooks.scoring import score

HOME = Path(os.environ.get("VTK_ORACLES") or Path(__file__).parents[3] / "shared/oracles")
MODES = pytest.mark.parametrize("mode", ["strict", "upstream"])


@MODES
def test_vnbench_gives_llava_onevision_what_its_script_gives(mode, oracle):
    oracle("vnbench/llava_ov_7b_results.jsonl")
    report = score("vnbench", HOME / "vnbench/llava_ov_7b_results.jsonl", mode=mode)
    assert report.n == 1350
    assert report.numbers["Overall"] == pytest.approx(0.5177777778, abs=1e-10)
    assert report.numbers["single try"] == pytest.approx(0.6281481, abs=1e-7)
    fruits = "ret_insert1" if mode == "upstream" else "ret_insert2"
    assert report.numbers[fruits] == pytest.approx(131 / 150)


def test_no_constant_letter_passes_the_four_tries_of_vnbench(oracle):
    rows = [json.loads(row) for row in oracle("vnbench/llava_ov_7b_results.jsonl").splitlines()]
    answers = ["ABCD".index(row["gt"]) for row in rows]
    films, tasks = [r["video_path"] for r in rows], [r["task_type"] for r in rows]
    for letter in "ABCD":
        numbers = VNBench()([letter] * len(rows), answers, films, tasks)
        assert numbers["Overall"] < 0.0040  # chance is 1 in 256
        assert numbers["single try"] == pytest.approx(0.25, abs=0.005)


@MODES
def test_always_a_on_ovbench(mode, oracle, tmp_path):
    questions = {f: oracle(f"ovbench/{f}.json") for f in ("ava", "coin", "hirest", "tao")}
    pred = tmp_path / "pred.json"
    pred.write_text(json.dumps({f: ["A"] * len(rows) for f, rows in questions.items()}))
    report = score("ovbench", pred, HOME / "ovbench", mode=mode)
    assert report.n == 7005
    assert report.numbers["micro"] == pytest.approx(30.4354, abs=5e-5)
    assert report.numbers["macro"] == pytest.approx(27.7171, abs=5e-5)
    assert sum(" " in name for name in report.numbers) == 46


@MODES
@pytest.mark.parametrize(("name", "right"), [("real", 625), ("sqa", 63)])
def test_always_a_on_streamingbench(mode, name, right, oracle, tmp_path):
    records = oracle(f"streamingbench/questions_{name}.json")
    for question in _questions(records):
        question["model"] = "A"
    numbers = score("streamingbench", _written(tmp_path, records), mode=mode).numbers
    assert numbers["total"]["correct"] == right
    assert numbers["total"]["accuracy"] == {"real": 0.25, "sqa": 0.252}[name]


@MODES
def test_a_proactive_answer_up_to_four_seconds_off(mode, oracle, tmp_path):
    records = oracle("streamingbench/questions_proactive.json")
    for i, question in enumerate(_questions(records)):
        time_s = (parse_clock(question["ground_truth_time_stamp"]) or 0) + i % 9 - 4
        said = question["ground_truth_output"] if i % 2 == 0 else "nothing of the kind"
        entry = {"role": "assistant", "content": said, "time": time_s, "cost": 0}
        question["model"] = {"answered": time_s, "dialog_history": [entry]}
    report = score("streamingbench", _written(tmp_path, records), mode=mode)
    numbers = report.numbers["Proactive Output"]
    assert numbers["total"] == 250
    assert (numbers["time_correct"], numbers["answer_correct"]) == (140, 70)
    [blind] = report.beside.values()
    assert blind["Proactive Output"]["time_accuracy"] == 131 / 250  # without seeing the film


@MODES
def test_longvideobench_is_added_up_as_the_common_script_does(mode, oracle):
    made = oracle("reference_values/longvideobench_synthetic_expected.json")
    rows, expected = made["records"], made["expected"]
    numbers = LongVideoBench(mode=mode)(
        [row["parsed_pred"] for row in rows],
        ["ABCDE".index(row["answer"]) for row in rows],
        [row["duration_group"] for row in rows],
        [row["question_category"] for row in rows],
    )
    assert {name: round(float(numbers[name]), 5) for name in expected} == {
        name: cell["acc"] for name, cell in expected.items()
    }
    overall = expected.pop("Overall")
    assert overall["num"] == 2 * numbers["Overall"].n  # the script counts each question twice
    assert {name: numbers[name].n for name in expected} == {
        name: cell["num"] for name, cell in expected.items()
    }


def _questions(records):
    """Questions of a file, whether its records lie in dialogues or not."""
    for record in records:
        for part in record if isinstance(record, list) else [record]:
            yield from part["questions"]


def _written(folder, records):
    path = folder / "results.json"
    path.write_text(json.dumps(records))
    return path
