import pytest

from vtk_notebooks.labs.line_up import confused, some_wrong

TRUE = {"A": "one", "B": "two", "C": "three"}
ALL = ("one", "two", "three")


def test_nobody_is_confused_in_a_right_answer():
    assert confused(dict(TRUE), TRUE, ALL) == set()


def test_who_was_taken_for_another_is_named():
    assert confused({"A": "two", "B": "one", "C": "three"}, TRUE, ALL) == {"one", "two"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (..., "Not answered yet."),
        ({"A": "one"}, "a name for each of the letters"),
        (3, "a name for each of the letters"),
        ({"A": "one", "B": "one", "C": "three"}, "missing, or there twice"),
    ],
)
def test_an_answer_that_is_none_is_told_what_it_takes(answer, said):
    assert said in repr(confused(answer, TRUE, ALL))


def test_the_mark_says_how_many_are_right_and_where_to_look():
    said = repr(some_wrong({"one", "two"}, ALL, "Look again."))
    assert "1 of 3 are right." in said
    assert "Look again." in said
