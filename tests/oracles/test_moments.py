"""Published files of moment retrieval and highlight detection, scored to the last decimal."""

import json

import pytest

from vtk_notebooks.data import AnnotationWarning, Span
from vtk_notebooks.metrics import Misses, Recall
from vtk_notebooks.scoring import score

LEVELS = ("Fair", "Good", "VeryGood")


@pytest.fixture
def copy(oracle, tmp_path):
    """A published file, where a scorer can read it."""

    def copied(name):
        path, content = tmp_path / name.replace("/", "-"), oracle(name)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return copied


@pytest.fixture
def truth(copy):
    return copy("qvhighlights/highlight_val_release.jsonl")


@pytest.fixture
def spans(oracle):
    """Predicted spans and true ones of each query."""

    def read(name, key):
        rows = map(json.loads, oracle(f"qvhighlights/{name}.jsonl").splitlines())
        return {row["qid"]: [Span(*span) for span in row[key]] for row in rows}

    said = read("sample_val_preds", "pred_relevant_windows")
    truths = read("highlight_val_release", "relevant_windows")
    return [said[qid] for qid in truths], list(truths.values())


def test_all_104_published_numbers_of_qvhighlights_are_equal(copy, truth, oracle):
    told = score("qvhighlights", copy("qvhighlights/sample_val_preds.jsonl"), truth).as_dict()
    assert told.pop("about")["n"] == 1550
    published = oracle("qvhighlights/sample_val_preds_metrics_raw.json")
    assert told == published
    assert list(told) == list(published)


def test_univtg_s_further_numbers_on_the_same_file_are_equal(spans):
    numbers = Recall()(*spans)
    assert {name: round(float(value), 2) for name, value in numbers.items()} == {
        "R1@0.3": 67.48, "R1@0.5": 53.94, "R1@0.7": 34.84,
        "R5@0.3": 91.48, "R5@0.5": 75.03, "R5@0.7": 47.74, "mIoU": 49.21,
    }  # fmt: skip


def test_asking_for_more_than_the_threshold_would_lose_the_published_ties(spans):
    assert round(float(Recall(strict=True)(*spans)["R1@0.5"]), 2) == 51.48


def test_every_query_of_qvhighlights_ends_in_one_way(spans):
    table = Misses().table(*spans)
    assert len(table) == 1550
    assert table.counts()["hit"] == 836  # R1@0.5 of 53.94 %
    assert table.counts()["not found"] == 0


@pytest.mark.parametrize("name", ["inference_hl_val_test_code_preds", "univtg_val_preds"])
def test_other_published_files_score_sanely(name, copy, truth):
    path = copy(f"qvhighlights/{name}.jsonl")
    if name == "univtg_val_preds":
        with pytest.warns(AnnotationWarning, match="17 x inverted span"):
            report = score("qvhighlights", path, truth)
    else:
        report = score("qvhighlights", path, truth)
    brief = {name: float(value) for name, value in report.numbers["brief"].items()}
    assert len(brief) == 14
    for blind in report.beside.values():
        assert all(brief[n] > blind["brief"][n] for n in brief)
    assert brief["MR-full-mAP@0.5"] > brief["MR-full-mAP"] > brief["MR-full-mAP@0.75"] - 5
    assert brief["MR-long-mAP"] > brief["MR-short-mAP"]
    levels = [brief[f"HL-min-{level}-mAP"] for level in LEVELS]
    assert levels == sorted(levels, reverse=True)


def test_timechat_s_highlights_score_as_published_where_silent_queries_are_left_out(copy, truth):
    pred = copy("timechat/vhd_example_pred_file.json")
    upstream = score("timechat-vhd", pred, truth, "upstream")
    assert upstream.n == 1463
    published = {"Fair": (28.8, 24.61), "Good": (22.8, 23.17), "VeryGood": (13.24, 18.87)}
    for level, (precision, hit) in published.items():
        numbers = upstream.numbers[f"HL-min-{level}"]
        assert (numbers["HL-mAP"], numbers["HL-Hit1"]) == (precision, hit)
    strict = score("timechat-vhd", pred, truth)
    assert strict.n == 1550
    assert "87 of 1550 queries have no prediction: counted as 0" in strict.notes
    fair = strict.numbers["HL-min-Fair"]
    assert fair["HL-Hit1"] == pytest.approx(24.61 * 1463 / 1550, abs=0.01)
    assert fair["HL-mAP"] == pytest.approx(28.8 * 1463 / 1550, abs=0.01)


def test_timechat_s_grounding_scores_as_published_over_its_500_predictions(copy):
    pred, truth = (
        copy("timechat/tvg_example_pred_file.json"),
        copy("timechat/tvg_example_gt_file.json"),
    )
    upstream = score("timechat-tvg", pred, truth, "upstream")
    assert upstream.n == 500
    assert [upstream.numbers[f"R1@{m}"] for m in ("0.3", "0.5", "0.7")] == pytest.approx(
        [9, 3.4, 1.4]
    )
    assert upstream.unread == pytest.approx(56)  # 280 of 500 are empty
    strict = score("timechat-tvg", pred, truth)
    assert strict.n == 3720
    assert strict.numbers["R1@0.3"] == pytest.approx(100 * 45 / 3720)
    assert strict.notes == ("3220 of 3720 queries have no prediction: missed",)
