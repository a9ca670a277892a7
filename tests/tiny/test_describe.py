import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.tiny.describe import events, f1
from vtk_notebooks.tiny.films import lesson_film
from vtk_notebooks.tiny.questions import lessons

seeds = st.integers(0, 10**6)


def truth(film):
    return lessons(film.film.scene, np.random.default_rng(0))[0].answer


@given(seeds)
def test_the_true_description_says_everything_and_nothing_else(seed):
    film = lesson_film(seed)
    assert [said for said, _ in events(truth(film))] == [e.text for e in film.film.scene.events]
    assert f1(truth(film), film) == 1.0


@given(seeds)
def test_an_event_said_twice_is_half_true(seed):
    film = lesson_film(seed, events=1)
    assert f1(f"{truth(film)} {truth(film)}", film) == 2 / 3


@given(seeds)
def test_a_wrong_word_or_a_wrong_time_does_not_count(seed):
    film = lesson_film(seed, events=1)
    [event] = film.film.scene.events
    other = "blue" if event.shape.colour != "blue" else "red"
    assert f1(truth(film).replace(event.shape.colour, other), film) == 0.0
    assert f1(f"{event.text} <t0> <t1> .", film) == 0.0


def test_text_without_times_says_no_event():
    assert events("a red circle moves left .") == []
    assert f1("", lesson_film(0)) == 0.0
