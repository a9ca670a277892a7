import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.captions.vdc_score import Pair, VDCScore, ask_for_pairs

WHO, WHAT = Pair("Who speaks?", "a man"), Pair("What is red?", "the wall")


def reader(prompt: str) -> str:
    """A judge that knows a right answer only if the description has it, word for word."""
    if "Description:" in prompt:
        return prompt.partition("Description: ")[2]
    right, answer = (prompt.partition(f"\n{name}: ")[2] for name in ("Right answer", "Answer"))
    return "yes, score: 4" if right.partition("\n")[0] in answer else "no, score: 1"


def test_a_description_is_as_good_as_the_answers_it_holds():
    numbers = build("metric", "vdc_score")(["a man talks"], [[WHO, WHAT]], reader)
    assert numbers["Acc"] == 50
    assert numbers["Score"] == 2.5


def test_the_judge_answers_from_the_prediction_alone():
    asked = []
    VDCScore()(["a man talks"], [[WHO]], lambda prompt: asked.append(prompt) or "yes, 5")
    first, second = asked
    assert "a man talks" in first
    assert "Right answer" not in first
    assert "Right answer: a man" in second
    assert "talks" not in second


def test_films_count_alike_however_many_questions_they_have():
    said = ["a man before the wall", "nothing of note"]
    assert VDCScore()(said, [[WHO], [WHO, WHAT, WHAT]], reader)["Acc"] == 50


def test_a_film_that_was_not_described_counts_as_zero_and_nobody_is_asked():
    def never(prompt):
        raise AssertionError

    numbers = VDCScore()([" "], [[WHO]], never)
    assert (numbers["Acc"], numbers["Score"], numbers["unread"]) == (0, 0, 0)


@pytest.mark.parametrize("reply", ["well", "yes", "5", "perhaps, 3", "yes, score: 9"])
def test_a_reply_that_cannot_be_read_counts_as_no_and_is_reported(reply):
    numbers = VDCScore()(["a man"], [[WHO]], lambda prompt: reply)
    assert (numbers["Acc"], numbers["Score"], numbers["unread"]) == (0, 0, 100)


def test_a_dictionary_as_the_published_prompt_asks_for_is_read():
    numbers = VDCScore()(["a man"], [[WHO]], lambda prompt: "{'pred': 'yes', 'score': 4}")
    assert (numbers["Acc"], numbers["Score"], numbers["unread"]) == (100, 4, 0)


def test_the_released_script_loses_films_that_are_all_wrong():
    said = ["a man before the wall", "nothing of note"]
    assert VDCScore()(said, [[WHO], [WHO]], reader)["Acc"] == 50
    released = VDCScore("upstream")(said, [[WHO], [WHO]], reader)
    assert (released["Acc"], released["Acc"].n) == (100, 1)


def test_the_released_script_loses_films_with_a_reply_it_cannot_read():
    replies = ["yes, 5", "yes, 5", "yes, 5", "?"]

    def judge(prompt):
        return "" if "Description:" in prompt else replies.pop(0)

    said, pairs = ["a", "b"], [[WHO, WHAT], [WHO, WHAT]]
    assert VDCScore("upstream")(said, pairs, judge)["Acc"].n == 1
    replies += ["yes, 5", "yes, 5", "yes, 5", "?"]
    assert VDCScore()(said, pairs, judge)["Acc"] == 75


@given(replies=st.lists(st.sampled_from(["yes, 5", "no, 2", "no, 0", "?"]), min_size=1, max_size=6))
def test_upstream_is_never_below_strict(replies):
    said, pairs = ["a"] * len(replies), [[WHO]] * len(replies)

    def says(replies):
        turns = iter(reply for r in replies for reply in ("", r))
        return lambda prompt: next(turns)

    strict = VDCScore()(said, pairs, says(replies))
    upstream = VDCScore("upstream")(said, pairs, says(replies))
    for name in ("Acc", "Score"):
        assert np.isnan(upstream[name]) or upstream[name] >= strict[name]


def test_a_judge_can_divide_a_description_into_questions():
    reply = "Here you are:\nQ: Who speaks?\nA: a man\n\nQ2: What is red?\n  A2: the wall\nQ: Why?\n"
    assert ask_for_pairs("A man speaks.", lambda prompt: reply) == [WHO, WHAT]


def test_films_without_questions_are_refused():
    with pytest.raises(VtkError, match="one or more questions"):
        VDCScore()(["a man"], [[]], reader)
