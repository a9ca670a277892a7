import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment, build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.captions.magqa import MAGQA, Asked, Reply

SAWS, SANDS = Moment(0.0, 4.0, text="He saws."), Moment(6.0, 9.0, text="He sands.")
REPLIES = st.lists(
    st.builds(Reply, st.floats(0, 12), st.sampled_from(["He saws.", "He sands.", "?"])), max_size=6
)


def strict_judge(prompt: str) -> str:
    """Full marks for the very words, else the fewest."""
    right, said = prompt.partition("Right answer: ")[2].split("\nAnswer: ")
    return "5" if right == said else "1"


def score(*replies: Reply) -> float:
    return MAGQA()([Asked("What is he doing?", [SAWS, SANDS], replies)], strict_judge)[
        "in_span_score"
    ]


def test_a_right_reply_counts_only_while_its_answer_holds():
    assert score(Reply(2, "He saws."), Reply(7, "He sands.")) == 5
    assert score(Reply(5, "He saws."), Reply(5, "He sands.")) == 1
    assert score(Reply(7, "He saws."), Reply(2, "He sands.")) == 1


def test_the_ends_of_a_stretch_belong_to_it():
    assert score(Reply(0, "He saws."), Reply(9, "He sands.")) == 5


def test_silence_is_the_worst_answer_and_a_question_without_a_reply_is_not_left_out():
    assert score(Reply(2, "He saws.")) == 3
    silent = Asked("?", [SAWS])
    said = Asked("?", [SAWS], [Reply(1, "He saws.")])
    numbers = build("metric", "magqa")([said, silent], strict_judge)
    assert (numbers["in_span_score"], numbers["in_span_score"].n) == (3, 2)


def test_replies_to_one_answer_are_averaged_so_that_talking_on_costs():
    assert score(Reply(1, "He saws."), Reply(2, "?"), Reply(7, "He sands.")) == 4


def test_answers_are_averaged_within_a_question_before_questions_are():
    both = Asked("?", [SAWS, SANDS], [Reply(1, "He saws."), Reply(7, "He sands.")])
    none = Asked("?", [SAWS], [])
    assert MAGQA()([both, none], strict_judge)["in_span_score"] == 3


def test_a_reply_without_a_time_fits_every_stretch():
    assert score(Reply(None, "He saws.")) == 3


def test_how_much_was_said_stands_beside_with_equal_replies_counted_once():
    replies = [Reply(t, "He saws.") for t in (1, 2, 3)] + [Reply(7, "He sands.")]
    numbers = MAGQA()([Asked("?", [SAWS, SANDS], replies)], strict_judge)
    assert (numbers["turns"], numbers["turns_dedup"]) == (4, 2)


def test_a_rating_that_cannot_be_read_counts_as_the_worst_and_is_reported():
    asked = [Asked("?", [SAWS], [Reply(1, "He saws.")])]
    numbers = MAGQA()(asked, lambda prompt: "I would say 4 or 5")
    assert (numbers["in_span_score"], numbers["unread"]) == (1, 100)


def test_the_judge_is_asked_once_for_equal_replies():
    asked = []
    replies = [Reply(t, "He saws.") for t in (1, 2, 3)]
    MAGQA()([Asked("?", [SAWS], replies)], lambda prompt: asked.append(prompt) or "5")
    assert len(asked) == 1


@given(replies=REPLIES)
def test_a_score_lies_between_one_and_five_and_a_right_reply_more_never_hurts(replies):
    before = score(*replies)
    after = score(*replies, Reply(1, "He saws."))
    assert 1 <= before <= after <= 5


@pytest.mark.parametrize("asked", [[], [Asked("?", [])]])
def test_questions_without_an_answer_are_refused(asked):
    with pytest.raises(VtkError, match="one or more answers each"):
        MAGQA()(asked, strict_judge)
