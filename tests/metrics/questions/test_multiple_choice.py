import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.multiple_choice import MultipleChoice
from vtk_notebooks.statistics.intervals import wilson

SAID = st.sampled_from(["A", "(b)", "The answer is C", "no idea", "", None])


def test_accuracy_counts_what_cannot_be_read_as_wrong_and_says_how_much_that_is():
    numbers = MultipleChoice()(["A", "B", "hm", None], [0, 0, 0, 0])
    assert numbers == {"accuracy": 25, "unread": 50}


def test_shares_have_wilson_intervals():
    accuracy = MultipleChoice()(["A"] * 8, [0] * 6 + [1] * 2)["accuracy"]
    assert accuracy.interval == pytest.approx([100 * end for end in wilson(6, 8)])


def test_groups_of_one_name_in_two_kinds_are_kept_apart():
    groups = {"field": ["sport", "news"], "task": ["news", "news"]}
    numbers = build("metric", "multiple_choice")(["A", "A"], [0, 1], groups=groups)
    assert numbers["field sport"] == 100
    assert numbers["field news"] == 0
    assert numbers["task news"] == 50


def test_questions_about_one_film_stand_or_fall_together():
    numbers = MultipleChoice()(["A"] * 10, [0] * 5 + [1] * 5, films=["one"] * 5 + ["two"] * 5)
    assert numbers["accuracy"].interval == (0, 100)


@given(asked=st.lists(st.tuples(SAID, st.integers(0, 3)), min_size=1))
def test_right_and_unread_never_overlap(asked):
    responses, answers = map(list, zip(*asked, strict=True))
    numbers = MultipleChoice()(responses, answers)
    assert numbers["unread"] == pytest.approx(
        100 * sum(r in ("no idea", "", None) for r in responses) / len(responses)
    )
    assert numbers["accuracy"] + numbers["unread"] <= 100 + 1e-9


def test_no_questions_are_refused():
    with pytest.raises(VtkError, match="one or more questions"):
        MultipleChoice()([], [])
