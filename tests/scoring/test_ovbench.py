import json

import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.scoring import score


def question(answer, candidates=("left", "right", "still"), kind="PastMemory-1"):
    return {
        "middle_frame_timestamp": 8.0, "question": f"Where to, {answer}?", "answer": answer,
        "sub_answer_type": kind, "answer_type": kind.split("-")[0], "video": "v",
        "candidates": list(candidates), "start": 0.0, "end": 8.0,
    }  # fmt: skip


@pytest.fixture
def files(tmp_path):
    """Two question files, and a way to write responses to them."""
    truth = tmp_path / "questions"
    truth.mkdir()
    (truth / "coin.json").write_text(
        json.dumps([question("left"), question("right"), question("No", ("Yes", "No"), "Odd-2")])
    )
    (truth / "tao.json").write_text(json.dumps([question("still")]))

    def write(said):
        pred = tmp_path / "pred.json"
        pred.write_text(json.dumps(said))
        return pred, truth

    return write


def test_responses_are_matched_by_file_and_place(files):
    report = score("ovbench", *files({"coin": ["A", "A", "no"], "tao": ["C. still"]}))
    assert report.n == 4
    assert report.numbers["micro"] == 75
    assert report.numbers["coin PastMemory-1"] == 50
    assert report.numbers["macro"] == pytest.approx((50 + 100 + 100) / 3)


def test_a_file_without_responses_is_wrong_and_the_script_leaves_it_out(files):
    said = {"coin": ["A", "B", None]}
    strict = score("ovbench", *files(said))
    upstream = score("ovbench", *files(said), mode="upstream")
    assert (strict.numbers["micro"], strict.unread) == (50, 50)
    assert upstream.numbers["micro"] == 100
    assert strict.notes == ("2 of 4 questions have no response: not right",)
    assert upstream.notes == ("2 of 4 questions have no response: left out",)


def test_one_question_file_is_enough(files):
    pred, truth = files({"tao": ["The answer is C"]})
    assert score("ovbench", pred, truth / "tao.json").numbers["macro"] == 100


def test_always_the_same_letter_stands_beside(files):
    assert score("ovbench", *files({})).beside["always A"]["micro"] == 25


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ([], "a JSON object with lists for coin, tao"),
        ({"ava": ["A"]}, r"a JSON object with lists for coin, tao, got \['ava'\]"),
        ({"tao": "A"}, "pred.json, tao expects a list of texts"),
        ({"tao": ["A", "B"]}, "pred.json, tao expects 1 responses, got 2"),
    ],
)
def test_responses_that_do_not_fit_are_refused(files, said, match):
    with pytest.raises(VtkError, match=match):
        score("ovbench", *files(said))


def test_a_folder_without_questions_and_a_file_that_is_no_json_are_refused(files, tmp_path):
    pred, truth = files({})
    (tmp_path / "none").mkdir()
    with pytest.raises(VtkError, match=r"such as tao\.json"):
        score("ovbench", pred, tmp_path / "none")
    pred.write_text("{")
    with pytest.raises(VtkError, match="one JSON object"):
        score("ovbench", pred, truth)
