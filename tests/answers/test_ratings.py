import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.answers import named_ratings, rating, verdict

RATES = {
    "2": 2,
    " 3.\n": 3,
    "Score: 2": 2,
    "I rate it 1": 1,
    "The answer is largely correct, 2/3": 2,
    "Two of the 5 details differ. Score: 1": 1,
    "2 out of 3": 2,
    "2.5": 2.5,
    "Score: 1. No, on a second look, score: 2": 2,
}
NAMES = ("Semantic Accuracy", "Temporal Understanding", "Overall Evaluation")
REPLY = """\
1. Semantic Accuracy:
Score: 7
Comments: 2 of 3 details are right.

**4. Temporal Understanding**
Score: -1
Comments: the questions are about colours; Semantic Accuracy was 9 before.

Overall Evaluation: 8 (high quality)
"""


@pytest.mark.parametrize(("reply", "value"), RATES.items())
def test_it_reads_a_rating(reply, value):
    assert rating(reply, 0, 3) == value


@pytest.mark.parametrize("reply", ["", "good", "4", "-1", "1 or 2", "v2", "2nd"])
def test_it_never_guesses(reply):
    assert rating(reply, 0, 3) is None


@given(value=st.integers(-1, 10))
def test_signs_count(value):
    assert rating(f"Score: {value}", -1, 10) == value
    assert rating(str(value).replace("-", "\u2212"), -1, 10) == value


def test_each_heading_has_its_own_part():
    assert list(named_ratings(REPLY, NAMES, -1, 10).values()) == [7, -1, 8]


def test_a_heading_without_a_rating_borrows_none():
    without = REPLY.replace("Score: 7", "Score: none")
    assert list(named_ratings(without, NAMES, -1, 10).values()) == [None, -1, 8]
    assert named_ratings("", NAMES, -1, 10) == dict.fromkeys(NAMES)


def test_a_rating_beyond_the_scale_is_none():
    assert named_ratings("Overall Evaluation: 80", NAMES, -1, 10)["Overall Evaluation"] is None


VERDICTS = {
    "Correct": True,
    "Incorrect": False,
    "Incorrect. The correct answer is B.": False,
    "The prediction is correct.": True,
    "It is wrong": False,
}


@pytest.mark.parametrize(("reply", "right"), VERDICTS.items())
def test_it_reads_a_verdict(reply, right):
    assert verdict(reply) is right


@pytest.mark.parametrize("reply", ["", "maybe", "Partly correct, partly incorrect", "correctly"])
def test_no_verdict_is_none(reply):
    assert verdict(reply) is None
