"""Questions beside answers, whatever they came in, and how each question ended."""

import json

import numpy as np
import pytest

from vtk_notebooks.data import Sample, Span
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.scoring import ENDS, asked, ends, score
from vtk_notebooks.sweep import Question
from vtk_notebooks.sweep.row import row_from

TRUTH = Moment(10.0, 20.0, text="a dog runs")
CASES = {
    "hit": Moment(10.0, 20.0),
    "too long": Moment(5.0, 40.0),
    "too short": Moment(12.0, 14.0),
    "early": Moment(3.0, 11.0),
    "late": Moment(19.0, 29.0),
    "elsewhere": Moment(30.0, 40.0),
}


@pytest.mark.parametrize("end", ENDS)
def test_each_end_has_its_name(end):
    answers = [[CASES[end]] if end in CASES else []]
    found = ends(asked(answers, [[TRUTH]]).tables["answers"])
    assert [ENDS[n] for n in found] == [end]


def test_answers_that_only_touch_a_moment_are_elsewhere():
    found = ends(asked([[Moment(20.0, 30.0)]], [[TRUTH]]).tables["answers"])
    assert ENDS[found[0]] == "elsewhere"


def test_lists_go_by_order_and_a_moment_alone_is_a_list():
    both = asked({"a": [TRUTH, CASES["late"]], "b": [[], [TRUTH]]}, [TRUTH, TRUTH])
    assert both.texts == ("a dog runs", "a dog runs")
    assert both.tables["a"].iou.tolist() == [1.0, pytest.approx(1 / 19)]
    assert both.tables["b"].iou.tolist() == [0.0, 1.0]


def test_samples_are_matched_by_id_and_questions_without_a_truth_are_left_out():
    questions = [
        Sample(id="x", film="f", text="first", spans=(Span(0, 4),)),
        Sample(id="y", film="f", text="no truth"),
        Sample(id=3, film="g", text="third", spans=(Span(0, 4),)),
    ]
    said = [Sample(id="3", spans=(Span(0, 4),)), Sample(id="other", spans=(Span(0, 4),))]
    found = asked({"mine": said}, questions)
    assert (found.ids, found.films) == (("x", "3"), ("f", "g"))
    assert found.tables["mine"].iou.tolist() == [0.0, 1.0]


def test_a_span_that_is_no_number_is_no_answer():
    said = [Sample(id=0, spans=(Span(float("nan"), 4), Span(0, 4)))]
    found = asked(said, [Sample(id=0, spans=(Span(0, 4),))])
    assert found.tables["answers"].iou.tolist() == [1.0]


@pytest.mark.parametrize(
    ("predictions", "truths", "message"),
    [
        ([[TRUTH]], [[TRUTH], [TRUTH]], "1 for 2"),
        ([[TRUTH]], [Sample(id=0, text="when?")], "a true moment"),
        ({}, [[TRUTH]], "no model"),
    ],
)
def test_what_does_not_fit_is_refused(predictions, truths, message):
    with pytest.raises(VtkError, match=message):
        asked(predictions, truths)


def test_reports_of_moments_hold_their_questions(tmp_path):
    truth, pred = tmp_path / "charades_sta_test.txt", tmp_path / "mine.jsonl"
    truth.write_text("AAAAA 1.0 5.0##a person sits.\nBBBBB 2.0 9.0##they stand.\n")
    windows = [[2.0, 9.0, 0.5]]
    line = {"qid": 1, "query": "they stand.", "vid": "BBBBB", "pred_relevant_windows": windows}
    pred.write_text(json.dumps(line) + "\n")
    report = score("charades-sta", pred, truth)
    assert report.asked is not None
    assert report.asked.films == ("AAAAA", "BBBBB")
    assert report.asked.tables["mine"].iou.tolist() == [0.0, 1.0]
    assert "asked" not in report.json()
    files = asked(pred, truth)
    assert np.array_equal(files.tables["answers"].iou, [0.0, 1.0])


def test_a_row_of_a_sweep_knows_its_truth():
    record = {"moments": [(10.0, 20.0, 1.0, "")], "numbers": {}, "stages": 1}
    row = row_from(record, "recipe", "film", Question("when?", (TRUTH,)))
    assert row.truth == (TRUTH,)
