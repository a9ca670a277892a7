import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.referred_reasoning import LongVideoBench, upstream_letter

GROUPS, CATEGORIES = [15, 3600, 60, 600], ["S2E", "T2A", "S2E", "E2O"]
COLOURS = ("red", "green", "dark blue")

PINS = {
    "B": 1,
    "(A) or rather (C)": 2,  # the last one
    "The answer is B.": 1,
    "He works for the CIA today": 0,  # "A "
    "I see a dark blue coat on him": 2,
    "see a dark blue coat": None,  # too short to look for words
    "A. because of the C. in it": 0,  # dots only: no place is known, so the first
    "": None,
}


def test_accuracy_is_by_length_in_order_of_length_and_by_what_is_referred_to():
    numbers = LongVideoBench()(["A", "B", "A", "A"], [0, 0, 0, 1], GROUPS, CATEGORIES)
    names = ["Overall", "15", "60", "600", "3600", "E2O", "S2E", "T2A", "unread"]
    assert list(numbers) == names
    assert list(numbers.values()) == [0.5, 1, 1, 0, 0, 0, 1, 0, 0]


@pytest.mark.parametrize(("text", "number"), PINS.items())
def test_the_common_reader_takes_the_last_letter_that_it_finds(text, number):
    assert upstream_letter(text, COLOURS) == number


def test_what_cannot_be_read_is_wrong_and_the_script_guesses_it():
    said = ["hm"] * 400, [0] * 400, [15] * 400, ["S2E"] * 400
    assert LongVideoBench()(*said)["Overall"] == 0
    upstream = build("metric", "referred_reasoning", mode="upstream")(*said)
    assert upstream["Overall"].low < 0.2 < upstream["Overall"].high  # one in five choices
    assert upstream["unread"] == 1


def test_a_guess_depends_on_its_seed_alone():
    said = ["hm"] * 40, [0] * 40, [15] * 40, ["S2E"] * 40

    def overall(seed):
        return LongVideoBench(mode="upstream", seed=seed)(*said)["Overall"]

    assert overall(1) == overall(1)
    assert len({overall(seed) for seed in range(5)}) > 1


def test_a_guess_is_one_of_the_choices_that_there_are():
    said = ["hm"] * 20, [0] * 20, [15] * 20, ["S2E"] * 20, [("only",)] * 20
    assert LongVideoBench(mode="upstream")(*said)["Overall"] == 1


@given(said=st.lists(st.sampled_from(["A", "B", "C", "D", "E"]), min_size=4, max_size=4))
def test_bare_letters_are_read_alike_in_both_modes(said):
    asked = said, [0, 1, 2, 3], GROUPS, CATEGORIES
    assert LongVideoBench()(*asked) == LongVideoBench(mode="upstream")(*asked)


def test_a_question_without_a_category_is_refused():
    with pytest.raises(VtkError, match="a group label for each of 1 items"):
        LongVideoBench()(["A"], [0], [15], [])
