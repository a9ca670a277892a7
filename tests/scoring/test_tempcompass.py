import json

import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.scoring import score

QUESTION = "Where to?\nA. leftwards\nB. rightwards"


@pytest.fixture
def file(tmp_path):
    def write(films, **names):
        path = tmp_path / "pred.json"
        path.write_text(json.dumps(films))
        return path

    return write


def row(said, answer="B. rightwards", question=QUESTION, **more):
    return {"question": question, "answer": answer, "prediction": said, **more}


def test_numbers_are_by_aspect_and_over_all_questions(file):
    films = {
        "7": {"direction": [row("B"), row("A")], "speed": [row("**B**")]},
        "7_reverse": {"direction": [row(None)]},
    }
    report = score("tempcompass", file(films))
    assert report.n == 4
    assert report.numbers["direction"] == pytest.approx(100 / 3)
    assert (report.numbers["speed"], report.numbers["avg"]) == (100, 50)
    assert report.unread == 25
    assert report.notes[-1] == "1 answers are matched by no rule: wrong"
    assert report.beside["always B"]["avg"] == 100
    assert score("tempcompass", file(films), mode="upstream").unread == 50


def test_films_of_one_source_stand_or_fall_together(file):
    parts = ("", "_reverse", "_concat_0", "_concat_1")
    films = {f"7{part}": {"order": [row("B")]} for part in parts}
    films |= {f"8{part}": {"order": [row("A")]} for part in parts}
    avg = score("tempcompass", file(films)).numbers["avg"]
    assert (avg.low, avg, avg.high) == (0, 50, 100)


def test_a_judge_in_the_file_rates_what_no_rule_matches(file):
    def rated(said, reply):
        asked = {"question": QUESTION, "gt-answer": "B. rightwards", "video-llm-prediction": said}
        return asked | {"match_success": False, "chatgpt-response": reply, "rating": 0}

    films = {"7": {"order": [rated("to the right", "Correct"), rated("up", "Incorrect")]}}
    report = score("tempcompass", file(films))
    assert (report.numbers["avg"], report.numbers["match_rate"]) == (50, 0)
    assert "whose replies the file holds" in report.notes[-1]


def test_yes_and_no_and_captions_are_known_by_their_looks(file):
    words = {"7": {"order": [row("Yes", "yes", "Is it?")]}}
    lines = "Which?\nCaption A: It sits.\nCaption B: It runs."
    captions = {"7": {"order": [row("Caption B", "Caption B: It runs.", lines)]}}
    for films, name in ((words, "yes_no"), (captions, "caption_matching")):
        report = score("tempcompass", file(films))
        assert report.numbers["avg"] == 100
        assert report.notes == (f"format {name}",)


@pytest.mark.parametrize(
    "rows",
    [[row("B"), row("Yes", "yes", "Is it?")], [row("A car.", "A car stops.", "Describe it.")]],
)
def test_mixed_formats_and_descriptions_are_refused(file, rows):
    with pytest.raises(VtkError, match="one by one"):
        score("tempcompass", file({"7": {"order": rows}}))
