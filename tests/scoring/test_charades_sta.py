import json

import pytest

from vtk_notebooks.data import AnnotationWarning
from vtk_notebooks.scoring import score


@pytest.fixture
def files(tmp_path):
    """Three queries on two films, of which one is answered right, one wrong and one not at all."""
    truth, pred = tmp_path / "truth.txt", tmp_path / "pred.jsonl"
    truth.write_text("F1 0.0 8.0##someone sits.\nF1 4.0 20.0##someone eats.\nF2 0.0 6.0##a dog.\n")
    rows = [(0, [[0.0, 8.0, 0.9], [1.0, 2.0, 0.1]]), (1, [[0.0, 2.0, 0.5]])]
    lines = [
        {"qid": qid, "query": "?", "vid": "F", "pred_relevant_windows": spans}
        for qid, spans in rows
    ]
    pred.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return pred, truth


def test_queries_are_matched_by_line_and_a_missing_one_is_missed(files):
    report = score("charades-sta", *files)
    assert report.n == 3
    assert report.numbers["R1@0.5"] == pytest.approx(100 / 3)
    assert report.numbers["mIoU"] == pytest.approx(100 / 3)
    assert report.notes == ("1 of 3 queries have no prediction: missed",)


def test_only_a_blind_answer_that_needs_no_durations_stands_beside(files):
    beside = score("charades-sta", *files).beside
    assert list(beside) == ["first 8 s"]
    assert beside["first 8 s"]["R1@0.5"] == pytest.approx(200 / 3)


def test_an_odd_line_is_reported_and_the_rest_is_scored(files):
    pred, truth = files
    truth.write_text(truth.read_text() + "F3 9.0 1.0##inverted.\n")
    with pytest.warns(AnnotationWarning, match="inverted"):
        assert score("charades-sta", pred, truth).n == 3


def test_a_first_answer_that_is_no_stretch_of_film_is_wrong_and_not_passed_over(files):
    pred, truth = files
    line = {"qid": 0, "query": "?", "vid": "F", "pred_relevant_windows": [[8, 0, 1], [0, 8, 0.5]]}
    pred.write_text(json.dumps(line))
    with pytest.warns(AnnotationWarning, match="inverted"):
        numbers = score("charades-sta", pred, truth).numbers
    assert (numbers["R1@0.5"], numbers["R5@0.5"]) == (0, pytest.approx(100 / 3))
