import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.scripts.retrieve_reason import RetrieveReason

UPSTREAM = RetrieveReason(upstream=True)
COLOURS = ("Red.", "Green.", "Blue.", "Yellow.")


def acc(metric, replies, answers, choices: tuple[str, ...] | int = 4, films=None):
    return metric(replies, answers, [choices] * len(replies), films)


def test_naming_the_right_choice_is_right_however_it_is_named():
    replies = ["(C) Blue.", "C", "The answer is (C).", "Blue."]
    assert acc(RetrieveReason(), replies, [2] * 4, COLOURS)["acc"] == 100
    assert acc(UPSTREAM, replies, [2] * 4)["acc"] == 50  # it wants brackets


def test_no_reply_is_wrong_and_only_upstream_left_out():
    strict, upstream = (acc(m, ["(A)", None], [0, 0]) for m in (RetrieveReason(), UPSTREAM))
    assert (strict["acc"], strict["acc"].n, strict["unread"]) == (50, 2, 50)
    assert (upstream["acc"], upstream["acc"].n) == (100, 1)


def test_upstream_takes_the_first_capital_in_brackets():
    both = ["It is not (A), so (B)."]
    assert acc(UPSTREAM, both, [0])["acc"] == 100
    assert acc(RetrieveReason(), both, [0])["acc"] == 0


def test_a_letter_beside_the_text_of_another_choice_is_no_answer():
    assert acc(RetrieveReason(), ["(A) Blue."], [0], COLOURS) == {"acc": 0, "unread": 100}
    assert acc(UPSTREAM, ["(A) Blue."], [0], COLOURS)["acc"] == 100


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=20))
def test_on_plain_letters_in_brackets_both_ways_agree(pairs):
    replies, answers = [f"({'ABCD'[said]})" for said, _ in pairs], [a for _, a in pairs]
    assert acc(RetrieveReason(), replies, answers) == acc(UPSTREAM, replies, answers)


def test_questions_about_one_film_stand_or_fall_together():
    metric = build("metric", "retrieve_reason")
    found = acc(metric, ["(A)"] * 3 + ["(B)"] * 3, [0] * 6, 4, ["one"] * 3 + ["other"] * 3)["acc"]
    assert (found, found.low, found.high) == (50, 0, 100)


def test_every_question_needs_a_reply_an_answer_and_choices():
    with pytest.raises(VtkError, match="per question"):
        RetrieveReason()(["(A)"], [0, 1], [4, 4])
