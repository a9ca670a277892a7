import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.captions.live_dialogue import LiveDialogue, Mode, Turn


@st.composite
def turns(draw):
    """What a turn is made of."""
    frames, watched = draw(st.integers(1, 6)), draw(st.integers(0, 4))
    spoke = draw(st.none() | st.integers(0, frames + watched - 1))
    right = tuple(draw(st.lists(st.booleans(), max_size=5)))
    surprise = tuple(draw(st.floats(0, 5)) for _ in right)
    return frames, spoke, watched, surprise, right


def one(turn: Turn, mode: Mode = "strict") -> dict[str, float]:
    return {name: float(v) for name, v in LiveDialogue(mode)([[turn]], 2).items()}


def reply(*right: bool, spoke: int | None = 3, watched: int = 4) -> Turn:
    """A turn of four frames, after the last of which a reply is due."""
    return Turn(4, spoke, watched, (math.log(2),) * len(right), right)


def test_a_reply_in_time_counts_up_to_its_first_wrong_word():
    numbers = one(reply(True, True, False, True))
    assert numbers["TimeDiff"] == 0
    assert numbers["Fluency"] == (4 + 2) / 8
    assert numbers["LM-Correctness"] == 2 / 4
    assert numbers["LM-PPL"] == pytest.approx(2)


def test_speaking_too_early_or_too_late_is_told_in_seconds_and_ends_fluency_there():
    early, late = one(reply(True, True, spoke=1)), one(reply(True, True, spoke=5))
    assert (early["TimeDiff"], late["TimeDiff"]) == (1, 1)  # two frames, at two per second
    assert early["Fluency"] == 1 / 6  # silent after the first frame, as it should be
    assert late["Fluency"] == 3 / 6
    assert early["LM-Correctness"] == 1


def test_a_model_that_never_speaks_is_later_than_all_that_was_watched():
    assert one(reply(True, spoke=None, watched=2))["TimeDiff"] == 3 / 2
    assert one(reply(True, spoke=None, watched=2), "upstream")["TimeDiff"] == 2 / 2


def test_the_released_code_finds_silence_perfect_where_no_frame_follows():
    last = reply(True, True, spoke=None, watched=0)
    assert one(last)["Fluency"] == 3 / 6
    released = one(last, "upstream")
    assert (released["TimeDiff"], released["Fluency"]) == (0, 1)


def test_the_released_code_counts_a_frame_too_many_of_an_early_reply():
    turn = reply(True, True, spoke=1)
    assert one(turn, "upstream")["Fluency"] == 2 / 6 == 2 * one(turn)["Fluency"]


def test_turns_are_averaged_within_dialogues_before_dialogues_are():
    good, bad = reply(True), reply(False)
    numbers = build("metric", "live_dialogue")([[good], [bad, bad, bad]], 2)
    assert (numbers["LM-Correctness"], numbers["LM-Correctness"].n) == (0.5, 2)


def test_perplexity_is_of_the_mean_surprise():
    turn = Turn(1, 0, surprise=(0.0, math.log(4)), right=(True, True))
    assert one(turn)["LM-PPL"] == pytest.approx(2)


def test_perplexity_is_averaged_over_turns_and_not_over_tokens():
    turn = [Turn(1, 0, surprise=(math.log(p),) * n, right=(True,) * n) for p, n in ((2, 9), (4, 1))]
    assert LiveDialogue()([turn], 1)["LM-PPL"] == pytest.approx(3)


def test_a_turn_without_frames_or_words_measures_only_what_it_has():
    at_once = one(Turn(0, surprise=(0.0,), right=(True,)))
    assert at_once["LM-PPL"] == 1
    assert math.isnan(at_once["TimeDiff"])
    assert math.isnan(at_once["Fluency"])
    silent = one(Turn(3, 1))
    assert silent["TimeDiff"] == 0.5
    assert math.isnan(silent["LM-PPL"])
    assert one(Turn(3, 1), "upstream")["LM-PPL"] == 1


@given(turn=turns())
def test_strict_never_flatters_more_than_the_released_code(turn):
    strict, released = one(Turn(*turn)), one(Turn(*turn), "upstream")
    assert strict["TimeDiff"] >= released["TimeDiff"]
    assert math.isnan(strict["Fluency"]) or 0 <= strict["Fluency"] <= released["Fluency"] <= 1


@given(turn=turns())
def test_only_a_reply_in_time_and_word_for_word_is_fully_fluent(turn):
    turn = Turn(*turn)
    perfect = turn.spoke == turn.frames - 1 and all(turn.right)
    assert not turn.right or (one(turn)["Fluency"] == 1) == perfect


@pytest.mark.parametrize(
    "wrong", [(4, 9, 2), (4, -1), (0, 0), (-1, None), (2, 0, 0, (0.5,), ())]
)  # spoke beyond what was watched, before the film, without a frame; no verdict on a token
def test_a_turn_that_cannot_be_is_refused(wrong):
    with pytest.raises(VtkError, match="Turn expects a first word"):
        Turn(*wrong)


@pytest.mark.parametrize(("dialogues", "rate"), [([], 2), ([[]], 2), ([[Turn(1, 0)]], 0)])
def test_dialogues_need_a_turn_and_a_rate(dialogues, rate):
    with pytest.raises(VtkError, match="one or more turns, and a rate"):
        LiveDialogue()(dialogues, rate)
