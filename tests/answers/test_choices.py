import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.answers.choices import first_character, lettered, marked, rotations
from vtk_notebooks.errors import VtkError

FRUIT = ("apple", "pear", "plum")


def test_a_response_is_right_wrong_or_unread_and_unread_is_not_right():
    found = marked(["B", "A", "no idea", None], [1, 1, 1, 1], 4)
    assert found.right.tolist() == [1, 0, 0, 0]
    assert found.unread.tolist() == [0, 0, 1, 1]


def test_the_unread_can_be_left_out_where_a_script_does_so():
    assert np.nanmean(marked(["B", "no idea"], [1, 1], 4).answered_only()) == 1


def test_choices_differ_from_question_to_question():
    assert marked(["no", "plum"], [1, 2], [("yes", "no"), FRUIT]).right.tolist() == [1, 1]
    assert marked(["C"], [1], [("yes", "no")]).unread.tolist() == [1]


def test_any_reader_can_be_used():
    assert marked(["The answer is B"], [1], 4).right.tolist() == [1]
    assert marked(["The answer is B"], [1], 4, first_character).unread.tolist() == [1]


@pytest.mark.parametrize(
    ("responses", "answers", "choices", "match"),
    [
        ([], [], 4, "for one or more questions"),
        (["A"], [0, 1], 4, "1 responses, 2 answers"),
        (["A"], [0], [FRUIT, FRUIT], "2 lists of choices"),
        (["A"], [4], 4, r"a right answer in 0\.\.3, got 4"),
        (["A", "B"], [0, 1], ["yes", "no"], "a list of choices per question, got 'yes'"),
    ],
)
def test_questions_that_do_not_fit_are_refused(responses, answers, choices, match):
    with pytest.raises(VtkError, match=match):
        marked(responses, answers, choices)


@pytest.mark.parametrize(("text", "number"), [("B", 1), ("Because", 1), ("(B)", None), ("", None)])
def test_the_first_character_is_taken_for_the_answer(text, number):
    assert first_character(text, 4) == number
    assert first_character("E", 4) is None


def test_choices_get_letters():
    assert lettered(FRUIT) == ["A. apple", "B. pear", "C. plum"]


@given(n=st.integers(1, 8), data=st.data())
def test_rotations_put_the_right_choice_in_each_place_once(n, data):
    choices, answer = tuple(f"choice {i}" for i in range(n)), data.draw(st.integers(0, n - 1))
    turned = rotations(choices, answer)
    assert sorted(place for _, place in turned) == list(range(n))
    for turn, place in turned:
        assert sorted(turn) == sorted(choices)
        assert turn[place] == choices[answer]


def test_who_always_says_one_letter_is_right_in_one_rotation():
    turned = rotations(FRUIT, 2)
    right = marked(["A"] * 3, [place for _, place in turned], [turn for turn, _ in turned]).right
    assert right.sum() == 1


def test_a_right_choice_that_is_not_there_is_refused():
    with pytest.raises(VtkError, match=r"0\.\.2"):
        rotations(FRUIT, 3)
