import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.ovbench import OVBench, upstream_letter

SOURCES = ["ava", "ava", "ava", "tao"]
TYPES = ["PastMemory-1", "PastMemory-1", "PastMemory-2", "PastMemory-1"]

PINS = {
    "B": 1,
    "b. yes": 1,
    "C.": 2,
    "(D)": 3,
    "It is a choice, C": 0,  # the article
    "The answer is C": 2,
    "Yes": None,
    "E": 4,
    "a.m. or p.m.": 0,
    "C,D": 2,
    "C,D, really": None,  # a comma beside a blank makes all commas go, and "CD" is no letter
    "1,000 or C/D": None,
    "yes /no or C/D": None,
    "level c.5": 2,
    "": None,
    "B.\nlater": 1,
}


def test_the_macro_number_is_over_cells_and_the_micro_number_over_questions():
    numbers = OVBench()(["A", "A", "A", "A"], [0, 0, 0, 1], SOURCES, TYPES)
    assert numbers["micro"] == 75
    assert numbers["macro"] == pytest.approx(200 / 3)
    assert numbers["ava PastMemory-1"] == 100
    assert numbers["tao PastMemory-1"] == 0
    assert numbers["PastMemory"] == numbers["macro"]


def test_kinds_of_question_are_averaged_over_their_cells():
    types = ["PastMemory-1", "PastMemory-2", "PastMemory-2", "FuturePrediction-1"]
    numbers = OVBench()(["A"] * 4, [0, 0, 1, 1], ["ava"] * 4, types)
    assert (numbers["PastMemory"], numbers["FuturePrediction"]) == (75, 0)


@pytest.mark.parametrize(("text", "number"), PINS.items())
def test_the_released_reader_takes_articles_for_answers(text, number):
    assert upstream_letter(text) == number


def test_reading_without_guessing_undoes_the_trap():
    said = ["It is a choice, C"], [2], ["ava"], ["PastMemory-1"]
    assert OVBench()(*said)["micro"] == 100
    assert OVBench(mode="upstream")(*said)["micro"] == 0


def test_the_script_leaves_out_empty_responses_but_not_unreadable_ones():
    said = ["A", "", "hm", "A"], [0, 0, 0, 0], SOURCES, TYPES
    assert OVBench()(*said)["micro"] == 50
    upstream = OVBench(mode="upstream")(*said)
    assert upstream["micro"] == pytest.approx(200 / 3)
    assert (upstream["micro"].n, upstream["unread"]) == (3, 50)


@given(answers=st.lists(st.integers(0, 3), min_size=4, max_size=4))
def test_equal_cells_make_macro_and_micro_equal(answers):
    types = ["PastMemory-1", "PastMemory-1", "PastMemory-2", "PastMemory-2"]
    numbers = OVBench()(["A", "B", "C", "D"], answers, ["ava"] * 4, types)
    assert numbers["macro"] == pytest.approx(numbers["micro"])


def test_a_question_without_a_cell_is_refused():
    with pytest.raises(VtkError, match="a source and a type for each"):
        OVBench()(["A"], [0], ["ava"], [])
