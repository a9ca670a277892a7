import pytest
import torch

from vtk_notebooks.heads import UniVTG
from vtk_notebooks.labs import lab3_grounding as lab
from vtk_notebooks.moment import Moment

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def blind():
    return lab.blinded()


def said(mark, state, *parts):
    assert mark.state == state, mark
    assert all(part in repr(mark) for part in parts), mark


# -- 1 ---------------------------------------------------------------------------------------


def test_films_of_the_checks_are_no_films_to_learn_from():
    learnt = {film.query.text for film in lab.films(256)}
    assert not learnt & {film.query.text for film in lab.held_out()}


def test_the_best_blind_answer_is_as_good_as_it_says_and_others_are_not_better():
    best, mean = lab.best_blind()
    asked = lab.films(256)

    def score(moment):
        return sum(lab.ious([moment] * 256, asked)) / 256

    assert score(best) == pytest.approx(mean)
    assert mean >= max(score(Moment(8 - half, 8 + half)) for half in (1.0, 3.0, 4.5, 6.0, 8.0))


def test_a_long_moment_around_the_middle_is_right():
    said(lab.check_blind(lab.best_blind()[0]), "right")
    said(lab.check_blind(Moment(3.5, 12.5)), "right")


@pytest.mark.parametrize(
    ("guess", "hint"),
    [
        (Moment(0.0, 16.0), "too long for all"),
        (Moment(7.0, 9.0), "often misses"),
        (Moment(0.0, 6.0), "lies in a moment most often"),
    ],
)
def test_a_blind_answer_that_is_often_given_gets_the_hint_it_needs(guess, hint):
    said(lab.check_blind(guess), "wrong", hint)


def test_what_is_no_moment_of_such_a_film_is_said_to_be_none():
    said(lab.check_blind(...), "open")
    said(lab.check_blind((2.0, 5.0)), "wrong", "no moment")
    said(lab.check_blind(Moment(10.0, 17.0)), "wrong", "no moment")


# -- 2 ---------------------------------------------------------------------------------------


def test_a_trained_head_beats_the_blind_and_an_untrained_one_does_not():
    said(lab.check_beaten(UniVTG("made")), "right", "not chance")
    said(lab.check_beaten(UniVTG.new("made", lab.WIDTH, hidden=16)), "wrong", "at all?")


def test_a_margin_that_chance_could_take_away_is_not_enough(monkeypatch):
    high = float(lab.beside_blind(UniVTG("made")).difference)
    monkeypatch.setattr(lab, "MARGIN", high)
    said(lab.check_beaten(UniVTG("made")), "wrong", "More steps")


def test_what_is_no_head_for_made_films_is_said_to_be_none():
    said(lab.check_beaten(...), "open")
    said(lab.check_beaten(0.5), "wrong", "no head")
    said(lab.check_beaten(UniVTG("conse")), "wrong", "'conse'")


# -- 3 ---------------------------------------------------------------------------------------


def test_the_names_behind_the_letters_are_right(blind):
    said(lab.check_who(dict(blind.names), blind), "right")
    assert not any(name in repr(blind) for name in lab.LINE_UP)


def test_each_of_the_line_up_errs_in_its_own_way(blind):
    most = {
        name: max(blind.tables[letter].counts().items(), key=lambda kv: kv[1])[0]
        for letter, name in blind.names.items()
    }
    assert [most[name] for name in lab.LINE_UP if name != "middle third"] == [
        "hit",
        "too long",
        "wrong place",
        "too short",
    ]


@pytest.mark.parametrize(
    ("a", "b", "hint"),
    [
        ("middle third", "film backwards", "as long as the true moment"),
        ("whole film", "a third of it", "only too short"),
    ],
)
def test_two_names_that_were_swapped_get_the_hint_that_tells_them_apart(blind, a, b, hint):
    swap = {a: b, b: a}
    answer = {letter: swap.get(name, name) for letter, name in blind.names.items()}
    said(lab.check_who(answer, blind), "wrong", "3 of 5", hint)


def test_each_of_the_line_up_stands_behind_one_letter(blind):
    said(lab.check_who({**blind.names, "A": ...}, blind), "open")
    said(lab.check_who(dict.fromkeys("ABCDE", "whole film"), blind), "wrong", "there twice")
    said(lab.check_who("the head", blind), "wrong", "each of the letters")


# -- 4 ---------------------------------------------------------------------------------------

LONG, SHORT = (0.25, 0.5, 10, 20, 40), (0.5, 0.75, 5, 7.5, 10)


def test_the_broken_promise_needs_a_batch_that_proves_it():
    def check(*films):
        return lab.check_broken(("alone", lab.Spans.of(*films)), lab.crossed)

    said(check(LONG, SHORT), "right", "0.240, 0.240 alone")
    said(check(LONG), "wrong", "'alone' holds")
    said(check(LONG, LONG), "wrong", "'alone' holds", "How do films of one batch differ")
    said(check(LONG, SHORT, LONG), "wrong", "It crashes on 3 films")
    batch = lab.Spans.of(LONG, SHORT)
    said(lab.check_broken(("alone", batch), lab.mended), "wrong", "'alone' holds")


@pytest.mark.parametrize("promise", [p for p in lab.PROMISES if p != "alone"])
def test_promises_that_hold_are_said_to_hold(promise):
    batch = lab.Spans.of(LONG, SHORT)
    said(lab.check_broken((promise, batch), lab.crossed), "wrong", f"{promise!r} holds")


def test_what_is_no_proof_is_said_to_be_none():
    said(lab.check_broken((..., ...), lab.crossed), "open")
    said(lab.check_broken("alone", lab.crossed), "wrong", "Promises:")
    said(lab.check_broken(("alone", [LONG, SHORT]), lab.crossed), "wrong", "no batch")
    late = lab.Spans.of((0.25, 0.5, 10, 50, 40))
    said(lab.check_broken(("alone", late), lab.crossed), "wrong", "no batch")
    said(lab.check_broken(("alone", lab.Spans.of()), lab.crossed), "wrong", "no batch")
    nowhere = lab.Spans.of((torch.nan, 0.5, 10, 20, 40))
    said(lab.check_broken(("alone", nowhere), lab.crossed), "wrong", "no batch")
