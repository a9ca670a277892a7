import pytest

from vtk_notebooks.labs import lab2_time as lab
from vtk_notebooks.timecodecs import RelativeTokens, SecondsText

ERRORS_S = {
    "100 words, nearest": 300 / 99 / 2,
    "100 words, passed": 300 / 99,
    "301 words, passed": 1.0,
    "whole seconds": 0.5,
    "digits": 0.05,
}  # by hand


@pytest.fixture(scope="module")
def blind():
    return lab.blinded()


def said(mark, state, *parts):
    assert mark.state == state, mark
    assert all(part in repr(mark) for part in parts), mark


def test_errors_by_hand_are_right():
    said(lab.check_errors(ERRORS_S), "right")
    said(lab.check_errors({**ERRORS_S, "100 words, nearest": 1.5}), "right")


@pytest.mark.parametrize(
    ("name", "guess", "hint"),
    [
        ("100 words, nearest", 3.0, "half a step"),
        ("301 words, passed", 0.5, "almost a whole step"),
        ("whole seconds", 3.0, "how long the film is"),
        ("100 words, passed", 9.0, "one step less"),
    ],
)
def test_an_error_that_is_often_given_gets_the_hint_it_needs(name, guess, hint):
    said(lab.check_errors({**ERRORS_S, name: guess}), "wrong", "4 of 5", name, hint)


def test_errors_come_under_their_names():
    said(lab.check_errors(...), "open")
    said(lab.check_errors({**ERRORS_S, "digits": ...}), "open")
    said(lab.check_errors({"digits": 0.05}), "wrong", "whole seconds")
    said(lab.check_errors({**ERRORS_S, "digits": "0.05"}), "wrong", "digits")


def test_the_smallest_ruler_has_151_words():
    said(lab.check_ruler(RelativeTokens(n=151)), "right", "151")
    said(lab.check_ruler(RelativeTokens(n=150)), "wrong", "More words")
    said(lab.check_ruler(RelativeTokens(n=301, rounding="floor")), "wrong", "rounding halves")
    said(lab.check_ruler(RelativeTokens(n=200)), "wrong", "One word fewer")
    said(lab.check_ruler(SecondsText()), "wrong", "no RelativeTokens")
    said(lab.check_ruler(...), "open")


def test_made_moments_lie_in_their_film():
    for length_s in (lab.SHORT_S, lab.LONG_S):
        for m in lab.made_moments(length_s):
            assert 0 <= m.start_s < m.end_s <= length_s
            assert 2 <= m.end_s - m.start_s <= 20


def test_the_names_behind_the_letters_are_right(blind):
    said(lab.check_who(dict(blind.names), blind), "right")
    assert not any(name in repr(blind) for name in lab.LINE_UP)
    assert list(blind.names.values()) != list(lab.LINE_UP)


@pytest.mark.parametrize(
    ("a", "b", "hint"),
    [
        ("whole seconds", "digits", "rounds more"),
        ("100 words, nearest", "100 words, passed", "worst errors"),
        ("digits", "301 words, passed", "does not care"),
    ],
)
def test_two_names_that_were_swapped_get_the_hint_that_tells_them_apart(blind, a, b, hint):
    swap = {a: b, b: a}
    answer = {letter: swap.get(name, name) for letter, name in blind.names.items()}
    said(lab.check_who(answer, blind), "wrong", "3 of 5", hint)


def test_each_of_the_line_up_stands_behind_one_letter(blind):
    said(lab.check_who({**blind.names, "A": ...}, blind), "open")
    said(lab.check_who(dict.fromkeys("ABCDE", "digits"), blind), "wrong", "there twice")
    said(lab.check_who("digits", blind), "wrong", "each of the letters")


def test_a_ruler_of_100_words_is_as_coarse_as_seconds_at_99_of_them():
    said(lab.check_crossing(99), "right")
    said(lab.check_crossing(100.0), "right")
    said(lab.check_crossing(49.5), "wrong", "steps compare")
    said(lab.check_crossing(1000), "wrong", "exactly a second")
    said(lab.check_crossing(...), "open")


def test_the_broken_promise_needs_a_time_that_proves_it():
    said(lab.check_broken(("again", 10.35, 10.35), lab.SUSPECT), "right", "<time=98>")
    said(lab.check_broken(("ends", 10.35, 10.35), lab.SUSPECT), "right", "<time=99>")
    said(lab.check_broken(("again", 52 * 10.14 / 99, 10.14), lab.SUSPECT), "right", "<time=50>")
    said(lab.check_broken(("again", 5.0, 10.0), lab.SUSPECT), "wrong", "'again' holds there")


@pytest.mark.parametrize("promise", lab.PROMISES)
def test_codes_of_the_line_up_keep_every_promise_where_the_suspect_does_not(promise):
    for codec in lab.LINE_UP.values():
        for duration_s in (10.14, 10.35, 33.7):
            for k in range(100):
                assert lab.holds(promise, codec, k * duration_s / 99, duration_s)


@pytest.mark.parametrize("promise", ["bound", "order"])
def test_promises_that_hold_are_said_to_hold(promise):
    said(lab.check_broken((promise, 10.35, 10.35), lab.SUSPECT), "wrong", f"{promise!r} holds")


def test_what_is_no_proof_is_said_to_be_none():
    said(lab.check_broken(("again", ..., 3.0), lab.SUSPECT), "open")
    said(lab.check_broken("again", lab.SUSPECT), "wrong", "Promises:")
    said(lab.check_broken(("again", 5.0, 3.0), lab.SUSPECT), "wrong", "no time in a film")
    said(lab.check_broken(("again", 0, 0), lab.SUSPECT), "wrong", "lasts longer")
