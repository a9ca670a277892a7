import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.streaming_accuracy import StreamAccuracy

TASKS = ["Counting", "Counting", "Clips Summarize"]


def test_accuracy_is_a_share_by_task_and_in_total():
    numbers = StreamAccuracy()(["A", "B", "B"], [0, 0, 1], TASKS)
    assert numbers == {
        "total": pytest.approx(2 / 3), "Clips Summarize": 1, "Counting": 0.5, "unread": 0,
    }  # fmt: skip


def test_the_script_takes_the_first_character_whatever_follows():
    said = ["(A)", "Assistant: A", "Because of it"], [0, 0, 1], TASKS
    strict, upstream = StreamAccuracy()(*said), StreamAccuracy(mode="upstream")(*said)
    assert (strict["Counting"], strict["Clips Summarize"]) == (1, 0)
    assert upstream["Counting"] == 0.5  # "Assistant" is an A
    assert upstream["Clips Summarize"] == 1  # and "Because" a B


def test_the_script_leaves_out_questions_without_a_response():
    said = ["A", "", None], [0, 0, 0], TASKS
    strict, upstream = StreamAccuracy()(*said), StreamAccuracy(mode="upstream")(*said)
    assert (strict["total"], upstream["total"]) == (pytest.approx(1 / 3), 1)
    assert (upstream["total"].n, upstream["unread"]) == (1, pytest.approx(2 / 3))
    assert "Clips Summarize" not in upstream


@given(answers=st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_bare_letters_are_read_alike_in_both_modes(answers):
    said = (
        ["ABCD"[(a + i) % 4] for i, a in enumerate(answers)],
        answers,
        ["Counting"] * len(answers),
    )
    assert StreamAccuracy()(*said) == StreamAccuracy(mode="upstream")(*said)
    assert StreamAccuracy()(*said)["total"] == pytest.approx(
        sum(i % 4 == 0 for i in range(len(answers))) / len(answers)
    )


def test_a_question_without_a_task_is_refused():
    with pytest.raises(VtkError, match="a group label for each of 1 items"):
        StreamAccuracy()(["A"], [0], [])
