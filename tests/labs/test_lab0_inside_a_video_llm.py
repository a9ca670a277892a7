import pytest
import torch

from vtk_notebooks import load
from vtk_notebooks.labs import lab0_inside_a_video_llm as lab
from vtk_notebooks.moment import Moment

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def tiny():
    return load("vtk-tiny")


@pytest.fixture(scope="module")
def case():
    return lab.cases(1)[1]


@pytest.fixture(scope="module")
def tokens(tiny, case):
    return tiny.encode(case.clip)


@pytest.fixture(scope="module")
def prompt(tiny, case, tokens):
    return tiny.prompt(case.question, tokens)


def said(mark, state, *parts):
    assert mark.state == state, mark
    assert all(part in repr(mark) for part in parts), mark


# -- 1 ---------------------------------------------------------------------------------------


def test_second_row_and_column_give_the_token_by_hand(tokens):
    place = (9.7, 20, 50)  # group 9, row 1, column 3
    said(lab.check_token(9 * 16 + 4 + 3, tokens, place, 64), "right", "Token 151", "frame 19")


@pytest.mark.parametrize(
    ("guess", "hint"),
    [
        (9 * 16 + 3 * 4 + 1, "Row by row"),
        (5 * 16 + 4 + 3, "two frames"),
        (9 * 16, "is a pixel, not a token"),
    ],
)
def test_a_token_that_is_often_given_gets_the_hint_it_needs(tokens, guess, hint):
    said(lab.check_token(guess, tokens, (9.7, 20, 50), 64), "wrong", hint)


def test_counting_frames_instead_of_groups_is_told(tokens):
    said(lab.check_token(9 * 16 + 7, tokens, (4.7, 20, 50), 64), "wrong", "That counts frames")


@pytest.mark.parametrize("answer", [-1, 256, True, 1.5, "1", None])
def test_what_is_no_token_is_said_to_be_none(tokens, answer):
    said(lab.check_token(answer, tokens, (9.7, 20, 50), 64), "wrong", "0 to 255")
    said(lab.check_token(..., tokens, (9.7, 20, 50), 64), "open")


# -- 2 ---------------------------------------------------------------------------------------

MOMENT = Moment(5.6, 7.0)  # in the groups 5 and 6; 7 begins when it is over


def positions(prompt, groups):
    return [i for i, k in enumerate(prompt.token.tolist()) if k >= 0 and k // 16 in groups]


def test_positions_of_all_groups_that_the_moment_touches_are_right(prompt, tokens):
    true = positions(prompt, {5, 6})
    said(lab.check_keys(true, prompt, tokens, MOMENT), "right", "32 positions")
    said(lab.check_keys(torch.tensor(true), prompt, tokens, MOMENT), "right")
    said(lab.check_keys(set(true), prompt, tokens, MOMENT), "right")


def test_positions_that_are_not_get_the_hint_they_need(prompt, tokens):
    def check(answer):
        return lab.check_keys(answer, prompt, tokens, MOMENT)

    true = positions(prompt, {5, 6})
    said(check(...), "open")
    said(check(7), "wrong", "no list")
    said(check("57"), "wrong", "no list")
    said(check(list(range(80, 112))), "wrong", "numbers of tokens, not positions")
    said(check(range(true[0], true[-1] + 1)), "wrong", "Words have no second", "<|vision_end|>")
    said(check(positions(prompt, {5})), "wrong", "16 positions are missing, 0 do not")
    said(check(positions(prompt, {5, 6, 7})), "wrong", "0 positions are missing, 16 do not")


# -- 3 ---------------------------------------------------------------------------------------


def shares(tiny, case, tokens, prompt):
    looks = lab.looked(tiny, case.question, tokens)
    first, stop = int(case.truth.start_s), int(case.truth.end_s) + 1
    return looks[..., positions(prompt, range(first, stop))].sum(-1), looks[..., prompt.video]


def test_the_head_that_looks_there_most_is_right_and_no_other(tiny, case, tokens, prompt):
    share, _ = shares(tiny, case, tokens, prompt)
    best, worst = (divmod(int(i), 5) for i in (share.argmax(), share.argmin()))
    said(lab.check_head(best, tiny, case, tokens), "right", f"layer {best[0]}", "even look")
    said(lab.check_head(worst, tiny, case, tokens), "wrong", "another gives it more")


def test_the_head_that_looks_at_the_film_most_is_told_the_difference(
    tiny, case, tokens, prompt, monkeypatch
):
    looks = torch.zeros(4, 5, len(prompt.token))
    looks[1, 2, positions(prompt, {0})] = 1 / 16  # at the film, at another second
    first = int(case.truth.start_s)
    looks[3, 4, positions(prompt, {first})] = 0.5 / 16
    monkeypatch.setattr(lab, "looked", lambda *_: looks)
    said(lab.check_head((1, 2), tiny, case, tokens), "wrong", "Who looks at the *moment* most?")
    said(lab.check_head((0, 0), tiny, case, tokens), "wrong", "Sum the weights")
    said(lab.check_head((3, 4), tiny, case, tokens), "right", "layer 3 gives the moment 50 %")


@pytest.mark.parametrize("answer", [(4, 0), (0, 5), (0,), 3, "head"])
def test_what_is_no_head_is_said_to_be_none(tiny, case, tokens, answer):
    said(lab.check_head(answer, tiny, case, tokens), "wrong", "Layers from 0 to 3")
    said(lab.check_head((..., 0), tiny, case, tokens), "open")


# -- 4 ---------------------------------------------------------------------------------------


def test_the_broken_promise_needs_a_position_that_proves_it(tiny, case, tokens, prompt):
    suspect = lab.Misplaced.of(tiny)

    def check(answer):
        return lab.check_broken(answer, suspect, case.question, tokens)

    first = positions(prompt, {0})
    said(check(("places", first[1])), "right", "row 1, column 0", "row 0, column 1")
    said(check(("places", first[5])), "wrong", "off the diagonal")
    said(check(("places", 0)), "wrong", "no video token")
    said(check(("places", True)), "wrong", "no video token")
    said(check(("place", 5)), "wrong", "Promises:")
    said(check("places"), "wrong", "Promises:")
    said(check(("places", ...)), "open")
    said(lab.check_broken(("places", first[1]), tiny, case.question, tokens), "wrong", "holds")


@pytest.mark.parametrize("promise", [p for p in lab.PROMISES if p != "places"])
def test_promises_that_hold_are_said_to_hold(tiny, case, tokens, promise):
    mark = lab.check_broken((promise, 5), lab.Misplaced.of(tiny), case.question, tokens)
    said(mark, "wrong", f"{promise!r} holds", "one story")
