import json

import pytest

from vtk_notebooks.scoring import score

TRUTHS = {0: [0.0, 10.0], 1: [20.0, 30.0], 2: [5.0, 9.0], 3: [2.8, 10.4]}
SPANS = {"0": [[0.0, 10.0]], "1": [[29.0, 49.0]], "2": []}
TEXTS = {
    0: "The given query happens in 0.0 - 10.0 seconds.",
    1: "It starts at 00:00:20 and ends at 00:00:30.",
    2: "9 - 5 seconds",
    3: "I cannot see that.",
}


@pytest.fixture
def truth(tmp_path):
    path = tmp_path / "truth.json"
    rows = [
        {"image_id": "F.mp4", "caption": "?", "timestamp": span, "id": number}
        for number, span in TRUTHS.items()
    ]
    path.write_text(json.dumps({"annotations": rows}))
    return path


@pytest.fixture
def spans(tmp_path):
    """Three of the four queries answered: right, wrong, and with nothing that could be read."""
    path = tmp_path / "spans.json"
    rows = {q: {"timestamp": s, "query": "?", "vid": "F.mp4"} for q, s in SPANS.items()}
    path.write_text(json.dumps(rows))
    return path


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "texts.json"
    rows = [
        {"vname": "F.mp4", "generated_cap": said, "query": "?", "id": number}
        for number, said in TEXTS.items()
    ]
    path.write_text(json.dumps(rows))
    return path


def test_a_query_without_a_prediction_is_missed(spans, truth):
    report = score("timechat-tvg", spans, truth)
    assert (report.n, report.numbers["R1@0.3"]) == (4, 25)
    assert report.notes == ("1 of 4 queries have no prediction: missed",)


def test_upstream_asks_predicted_queries_only(spans, truth):
    report = score("timechat-tvg", spans, truth, "upstream")
    assert report.n == 3
    assert report.numbers["R1@0.7"] == pytest.approx(100 / 3)
    assert report.notes == ("1 of 4 queries have no prediction: left out",)


def test_what_could_not_be_read_is_counted(spans, texts, truth):
    assert score("timechat-tvg", spans, truth).unread == pytest.approx(100 / 3)
    assert score("timechat-tvg", texts, truth).unread == 25


def test_times_are_read_out_of_what_the_model_said(texts, truth):
    report = score("timechat-tvg", texts, truth)
    assert (report.n, report.numbers["R1@0.7"], report.notes) == (4, 50, ())


def test_upstream_turns_a_span_round_that_strict_leaves_wrong(texts, truth):
    assert score("timechat-tvg", texts, truth, "upstream").numbers["R1@0.7"] == 75


def test_an_exact_tie_at_the_threshold_is_a_hit(tmp_path, truth):
    path = tmp_path / "tie.json"
    path.write_text(json.dumps({"3": {"timestamp": [[0.0, 8.0]], "query": "?", "vid": "F.mp4"}}))
    assert score("timechat-tvg", path, truth).numbers["R1@0.5"] == 25


def test_the_blind_answer_that_needs_no_durations_stands_beside(spans, truth):
    beside = score("timechat-tvg", spans, truth).beside
    assert list(beside) == ["first 8 s"]
    assert beside["first 8 s"]["R1@0.5"] == 50


def test_a_prediction_for_an_unknown_query_is_passed_over_and_told_of(tmp_path, truth):
    path = tmp_path / "strange.json"
    rows = {q: {"timestamp": [[0.0, 1.0]], "query": "?", "vid": "F.mp4"} for q in "01239"}
    path.write_text(json.dumps(rows))
    report = score("timechat-tvg", path, truth)
    assert report.n == 4
    assert report.notes == ("1 predictions are for queries that the truth does not have",)
