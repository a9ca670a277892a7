import json

import pytest

from vtk_notebooks.scoring import score


def truth_of(qid):
    return {
        "qid": qid, "query": "?", "duration": 8, "vid": "F", "relevant_clip_ids": [1],
        "saliency_scores": [[4, 4, 4]], "relevant_windows": [[2, 4]],
    }  # fmt: skip


@pytest.fixture
def files(tmp_path):
    """Three queries; one answered right, one wrong, one not at all."""
    truth, pred = tmp_path / "truth.jsonl", tmp_path / "pred.json"
    truth.write_text("".join(json.dumps(truth_of(qid)) + "\n" for qid in (1, 2, 3)))
    said = [(1, [0.0, 0.9, 0.0, 0.0]), (2, [0.5, 0.1, 0.0, 0.0])]
    rows = [{"qid": q, "query": "?", "vid": "v_F.mp4", "pred_saliency_scores": s} for q, s in said]
    pred.write_text(json.dumps(rows))
    return pred, truth


def test_a_query_without_a_prediction_counts_as_zero(files):
    report = score("timechat-vhd", *files)
    assert (report.format, report.n) == ("timechat-vhd", 3)
    assert report.numbers["HL-min-VeryGood"] == {"HL-mAP": 50.0, "HL-Hit1": 33.33}
    assert "1 of 3 queries have no prediction: counted as 0" in report.notes


def test_upstream_leaves_it_out(files):
    report = score("timechat-vhd", *files, mode="upstream")
    assert report.n == 2
    assert report.numbers["HL-min-VeryGood"] == {"HL-mAP": 75.0, "HL-Hit1": 50.0}
    assert "1 of 3 queries have no prediction: left out" in report.notes


def test_there_are_no_numbers_of_moments(files):
    assert list(score("timechat-vhd", *files).numbers) == [
        "brief", "HL-min-Fair", "HL-min-Good", "HL-min-VeryGood",
    ]  # fmt: skip
