from vtk_notebooks.errors import DecodeError
from vtk_notebooks.moment import Moment
from vtk_notebooks.sweep import Question, Row
from vtk_notebooks.sweep.row import row_from


def test_an_error_of_ours_speaks_for_itself_and_others_say_what_they_are():
    ours = Row.failed("r", "f", "q", DecodeError("Film", "a film", "noise", "Try another."))
    assert ours.error == "Film expects a film, got noise. Try another."
    assert Row.failed("r", "f", "q", KeyError("x")).error == "KeyError: 'x'"


def test_a_row_meets_the_truth_of_today():
    record = {"numbers": {"tokens": 3.0}, "moments": [(0.0, 2.0, 0.5, "x")], "stages": 2}
    row = row_from(record, "r", "f", Question("q", (Moment(0.0, 4.0),)), computed=1)
    assert row.numbers == {"tokens": 3.0, "iou": 0.5}
    assert (row.computed, row.reused) == (1, 1)
