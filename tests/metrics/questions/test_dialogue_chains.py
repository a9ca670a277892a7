import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.dialogue_chains import (
    CRITERIA,
    DialogueChains,
    Talk,
    Turn,
    dialogue_walk,
    judge_prompt,
    ratings,
    streaming_walk,
    talked,
)

CHAINS = [[Turn(f"q{c}{t}", f"a{c}{t}", 10.0 * c) for t in range(3)] for c in range(3)]
TALK = Talk((Turn("Who?", "a dog", 2.0, "a dog"),), "film")


def judge(**given: int | str):
    """Says 8 to everything but what is given."""
    said = {name: given.get(name, 8) for name in CRITERIA}
    reply = "\n".join(f"{CRITERIA[name]}:\nScore: {value}" for name, value in said.items())
    return lambda prompt: reply


def test_a_dialogue_asks_every_question_of_every_chain_in_order():
    assert dialogue_walk([2, 1]) == [(0, 0), (0, 1), (1, 0)]


def test_a_stream_goes_on_in_its_chain_or_jumps_over_a_link():
    links = {(0, 0): [2], (1, 2): [1]}
    assert streaming_walk([3, 3, 3], links, stay=0) == [(0, 0), (1, 2), (2, 1), (2, 2)]
    on = [(c, t) for c in (0, 1) for t in range(3)] + [(2, 1), (2, 2)]
    assert streaming_walk([3, 3, 3], links, stay=1) == on


LENGTHS = st.lists(st.integers(1, 4), min_size=1, max_size=5)


@given(lengths=LENGTHS, seed=st.integers(0, 9), stay=st.floats(0, 1), every=st.booleans())
def test_a_stream_never_goes_back_and_visits_every_chain_once(lengths, seed, stay, every):
    links = {
        (c, t): list(range(lengths[c + 1]))
        for c in range(len(lengths) - 1)
        for t in range(lengths[c])
        if every or t % 2
    }
    path = streaming_walk(lengths, links, stay, seed)
    assert path == sorted(set(path))
    assert {chain for chain, _ in path} == set(range(len(lengths)))
    assert path[-1] == (len(lengths) - 1, lengths[-1] - 1)
    assert path == streaming_walk(lengths, links, stay, seed)
    assert set(path) <= set(dialogue_walk(lengths))


def test_without_links_a_stream_is_a_dialogue():
    assert streaming_walk([3, 2], {}, stay=0) == dialogue_walk([3, 2])


def test_four_of_five_draws_stay():
    left = [streaming_walk([2, 1], {(0, 0): [0]}, seed=s)[1] == (1, 0) for s in range(2000)]
    assert np.mean(left) == pytest.approx(0.2, abs=0.03)


@pytest.mark.parametrize(
    ("links", "stay"),
    [({(0, 0): [3]}, 0.8), ({(2, 0): [0]}, 0.8), ({(0, 3): [0]}, 0.8), ({}, 1.1)],
)
def test_links_that_lead_nowhere_are_refused(links, stay):
    with pytest.raises(VtkError, match="links into the next chain"):
        streaming_walk([3, 3, 3], links, stay)


def test_a_model_hears_what_it_said_and_never_what_is_right():
    heard = []

    def answer(turn: Turn, before) -> str:
        heard.append((turn, list(before)))
        return turn.question.upper()

    talk = talked([(0, 0), (1, 2)], CHAINS, answer, "film")
    assert talk.turns == tuple(replace(CHAINS[c][t], said=f"Q{c}{t}") for c, t in [(0, 0), (1, 2)])
    assert not any(turn.answer for turn, before in heard for turn in (turn, *before))
    assert heard[1][1][0].said == "Q00"


def test_a_judge_reads_what_was_asked_said_and_right_and_when():
    prompt = judge_prompt(Talk((replace(CHAINS[1][0], said="perhaps"), CHAINS[2][1])))
    assert "[10 s] Question: q10\nRight answer: a10\nAnswer: perhaps" in prompt
    assert "Answer: (none)" in prompt
    assert all(heading in prompt for heading in CRITERIA.values())


def test_ratings_are_times_ten_and_the_average_is_that_of_both_kinds():
    low, high = judge(OS=4), judge(OS=10)

    def both(prompt: str) -> str:
        return (low if "q20" in prompt else high)(prompt)

    said = replace(CHAINS[2][0], said="?")
    numbers = build("metric", "dialogue_chains")([TALK, TALK, TALK], [Talk((said,))], both)
    assert (numbers["Dialogue SA"], numbers["Streaming IC"]) == (80, 80)
    assert (numbers["Dialogue OS"], numbers["Streaming OS"], numbers["AVG"]) == (100, 40, 70)
    assert (numbers["Dialogue OS"].n, numbers["unread"]) == (3, 0)


def test_minus_one_says_that_nothing_was_about_time():
    """Of the neighbours' defects: a pattern of digits that cannot see a sign."""
    strict = DialogueChains()([TALK], [], judge(TU=-1))
    assert math.isnan(strict["Dialogue TU"])
    assert strict["unread"] == 0
    assert DialogueChains("upstream")([TALK], [], judge(TU=-1))["Dialogue TU"] == 10


def test_a_talk_to_which_it_does_not_apply_is_left_out_of_that_mean_alone():
    replies = iter([judge(TU=-1)(""), judge(TU=6)("")])
    numbers = DialogueChains()([TALK, TALK], [], lambda prompt: next(replies))
    assert (numbers["Dialogue TU"], numbers["Dialogue TU"].n) == (60, 1)
    assert (numbers["Dialogue SA"], numbers["Dialogue SA"].n) == (80, 2)


@pytest.mark.parametrize("odd", ["none", -1, 11, ""])
def test_a_missing_rating_counts_as_zero_and_is_reported(odd):
    numbers = DialogueChains()([TALK], [], judge(SA=odd))
    assert (numbers["Dialogue SA"], numbers["Dialogue CC"], numbers["unread"]) == (0, 80, 100)


def test_nobody_is_asked_about_silence_which_counts_as_zero():
    def nobody(prompt: str) -> str:
        raise AssertionError("nobody asked")

    silent = Talk(tuple(CHAINS[0]))
    values, unread = ratings([silent], nobody)
    assert values.T.tolist() == [[0] * 6]
    assert unread.tolist() == [1]
    assert DialogueChains()([TALK, silent], [], judge())["Dialogue OS"] == 40


@given(spoken=st.integers(1, 5), silent=st.integers(0, 5))
def test_silence_lowers_every_mean_by_its_share(spoken, silent):
    """Of the neighbours' defects: an answer that is not there shrinks the denominator."""
    numbers = DialogueChains()([TALK] * spoken + [Talk(tuple(CHAINS[0]))] * silent, [], judge())
    unread = numbers.pop("unread")
    for value in numbers.values():
        assert value == pytest.approx(80 * spoken / (spoken + silent))
        assert value.n == spoken + silent
    assert unread == pytest.approx(100 * silent / (spoken + silent))


def test_a_talk_with_one_answer_is_rated():
    half = Talk((TALK.turns[0], CHAINS[0][0]))
    assert DialogueChains()([half], [], judge())["Dialogue OS"] == 80


def test_one_kind_alone_has_no_average():
    assert "AVG" not in DialogueChains()([TALK], [], judge())
    assert not any(n.startswith("Dialogue") for n in DialogueChains()([], [TALK], judge()))


@pytest.mark.parametrize("talks", [[], [Talk(())]])
def test_talks_without_turns_are_refused(talks):
    with pytest.raises(VtkError, match="one or more turns"):
        DialogueChains()(talks, [], judge())
