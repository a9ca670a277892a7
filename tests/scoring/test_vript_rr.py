import csv

import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.scoring import score
from vtk_notebooks.scoring.vript_rr import choices_of

COLOURS = ["Red.", "Green.", "Blue.", "Yellow."]
META = str({"multiple_choice": COLOURS, "hint": "it's here"})


@pytest.fixture
def write(tmp_path):
    def write(*rows, columns=("id", "pred", "gt", "meta")):
        path = tmp_path / "pred.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([columns, *rows])
        return path

    return write


def test_the_right_answer_stands_beside_the_prediction(write):
    path = write(
        ("f1-Scene-001", "(C) Blue.", "(C) Blue.", META),
        ("f1-Scene-002", "It is\nBlue.", "(C) Blue.", META),
        ("f2-Scene-001", "(A) Blue.", "(A) Red.", META),
        ("f2-Scene-002", "", "(D) Yellow.", META),
    )
    strict, upstream = score("vript-rr", path), score("vript-rr", path, mode="upstream")
    assert (strict.n, strict.numbers["acc"], strict.unread) == (4, 50, 50)
    assert upstream.numbers["acc"] == pytest.approx(200 / 3)
    assert strict.beside["always C"]["acc"] == 50


def test_questions_about_one_film_stand_or_fall_together(write):
    rows = [(f"{f}-Scene-{k}", f"({a})", "(A) Red.", "") for f, a in ("xA", "yB") for k in (1, 2)]
    found = score("vript-rr", write(*rows)).numbers["acc"]
    assert (found, found.low, found.high) == (50, 0, 100)


@pytest.mark.parametrize(
    "meta",
    ["", "no python", "{'a': 1}", "[1]", "{'multiple_choice': ['one']}", "(" * 9999,
     "{'multiple_choice': [1, 2, 3, 4]}", "__import__('os')"],
)  # fmt: skip
def test_choices_that_cannot_be_read_are_four(meta):
    assert choices_of(meta) == 4
    assert choices_of(META) == tuple(COLOURS)


def test_a_right_answer_that_is_none_is_refused(write):
    with pytest.raises(VtkError, match="a right answer such as"):
        score("vript-rr", write(("f", "(A)", "Red.", "")))


def test_a_file_with_other_columns_is_refused(write):
    with pytest.raises(VtkError, match="rows with id, pred and gt"):
        score("vript-rr", write(("f", "(A)"), columns=("id", "answer")))
