import json

import numpy as np
import pytest

from vtk_notebooks.data import AnnotationWarning
from vtk_notebooks.errors import VtkError
from vtk_notebooks.scoring import score

FILM = {"duration": 40, "query": "?", "vid": "F_0.0_40.0"}


def truth_of(qid, start, end):
    """A query on a film of twenty clips, whose moment all annotators rate very good."""
    clips = list(range(start // 2, end // 2))
    return {
        "qid": qid, **FILM, "relevant_clip_ids": clips,
        "saliency_scores": [[4, 4, 4]] * len(clips), "relevant_windows": [[start, end]],
    }  # fmt: skip


def said_of(qid, start, end):
    scores = [1.0 if start // 2 <= clip < end // 2 else 0.0 for clip in range(20)]
    return {
        "qid": qid, "query": "?", "vid": FILM["vid"],
        "pred_relevant_windows": [[start, end, 0.9]], "pred_saliency_scores": scores,
    }  # fmt: skip


@pytest.fixture
def files(tmp_path):
    """Writes lines of truths and of predictions."""

    def write(truths, said):
        paths = tmp_path / "pred.jsonl", tmp_path / "truth.jsonl"
        for path, rows in zip(paths, (said, truths), strict=True):
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return paths

    return write


TRUTHS = [truth_of(1, 0, 8), truth_of(2, 10, 36)]
BOTH = [said_of(1, 0, 8), said_of(2, 10, 36)]


def test_numbers_are_nested_as_published(files):
    told = json.loads(score("qvhighlights", *files(TRUTHS, BOTH)).json())
    del told["about"]
    assert list(told) == [
        "brief", "HL-min-Fair", "HL-min-Good", "HL-min-VeryGood", "full", "long", "middle", "short",
    ]  # fmt: skip
    assert list(told["full"]["MR-mAP"]) == [
        "0.5", "0.55", "0.6", "0.65", "0.7", "0.75", "0.8", "0.85", "0.9", "0.95", "average",
    ]  # fmt: skip
    assert told["full"]["MR-R1"]["0.95"] == told["short"]["MR-mAP"]["average"] == 100
    assert told["HL-min-Good"] == {"HL-mAP": 100, "HL-Hit1": 100}
    assert told["brief"]["HL-min-Good-Hit1"] == told["brief"]["MR-full-mAP@0.75"] == 100
    assert told["long"]["MR-mAP"]["0.5"] is None


def test_numbers_have_two_decimals(files):
    numbers = score("qvhighlights", *files([*TRUTHS, truth_of(3, 0, 40)], BOTH)).numbers
    assert numbers["brief"]["MR-full-R1@0.5"] == 66.67
    assert numbers["brief"]["MR-full-R1@0.5"].n == 3


def test_a_query_without_a_prediction_counts_as_zero_and_upstream_leaves_it_out(files):
    paths = files(TRUTHS, BOTH[:1])
    strict, upstream = (score("qvhighlights", *paths, mode=m) for m in ("strict", "upstream"))
    assert (strict.n, strict.numbers["brief"]["MR-full-mAP"]) == (2, 50)
    assert strict.numbers["brief"]["HL-min-Fair-Hit1"] == 50
    assert (upstream.n, upstream.numbers["brief"]["MR-full-mAP"]) == (1, 100)
    assert "1 of 2 queries have no prediction: counted as 0" in strict.notes
    assert "1 of 2 queries have no prediction: left out" in upstream.notes


def test_a_prediction_for_an_unknown_query_is_passed_over_and_told_of(files):
    report = score("qvhighlights", *files(TRUTHS, [*BOTH, said_of(9, 0, 8)]))
    assert report.numbers["brief"]["MR-full-mAP"] == 100
    assert "1 predictions are for queries that the truth does not have" in report.notes


@pytest.mark.parametrize(
    ("part", "left"), [("pred_saliency_scores", "HL-"), ("pred_relevant_windows", "MR-")]
)
def test_what_a_file_does_not_predict_is_left_out(part, left, files):
    said = [{k: v for k, v in row.items() if k not in ("vid", part)} | FILM for row in BOTH]
    report = score("qvhighlights", *files(TRUTHS, said))
    assert report.numbers["brief"]
    assert not [name for name in report.numbers["brief"] if name.startswith(left)]
    assert list(report.beside["whole film"]) == list(report.numbers)


def test_blind_answers_stand_beside(files):
    beside = score("qvhighlights", *files(TRUTHS, BOTH)).beside
    assert list(beside) == ["whole film", "middle third", "prior span"]
    whole, third = beside["whole film"], beside["middle third"]
    assert whole["full"]["MR-R1"]["0.65"] == 50  # 26 of 40 seconds
    assert whole["HL-min-Fair"]["HL-mAP"] == pytest.approx(50 * (4 + 13) / 20)
    assert third["brief"]["HL-min-Fair-Hit1"] == 50  # its first clip lies in the second moment


def test_a_query_that_nobody_rated_has_clips_all_the_same(files):
    unrated = {**truth_of(3, 0, 8), "relevant_clip_ids": [], "saliency_scores": []}
    numbers = score("qvhighlights", *files([*TRUTHS, unrated], [*BOTH, said_of(3, 0, 8)])).numbers
    assert numbers["HL-min-Fair"] == {"HL-mAP": 66.67, "HL-Hit1": 66.67}


def test_an_inverted_window_is_a_wrong_answer(files):
    said = {**BOTH[0], "pred_relevant_windows": [[8, 0, 0.9], [0, 8, 0.8]]}
    with pytest.warns(AnnotationWarning, match="inverted"):
        numbers = score("qvhighlights", *files(TRUTHS[:1], [said])).numbers
    assert numbers["brief"]["MR-full-mAP"] == 50
    assert numbers["brief"]["MR-full-R1@0.5"] == 0


def test_a_file_that_predicts_nothing_is_refused(files):
    nothing = {**BOTH[0], "pred_relevant_windows": [], "pred_saliency_scores": []}
    with pytest.raises(VtkError, match="pred_relevant_windows"):
        score("qvhighlights", *files(TRUTHS, [nothing]))


def test_the_published_number_of_numbers(files):
    numbers = score("qvhighlights", *files(TRUTHS, BOTH)).numbers
    flat = [v for part in numbers.values() for v in part.values()]
    assert sum(len(v) if isinstance(v, dict) else np.size(v) for v in flat) == 104
