import pytest

from vtk_notebooks.tiny.films import FRAMES, HELD_OUT, SIDE, lesson_film


def looks(film):
    return {(e.shape.colour, e.shape.form) for e in film.film.scene.events}


def test_no_film_to_learn_from_shows_a_look_that_is_held_out():
    assert not any(looks(lesson_film(seed)) & HELD_OUT for seed in range(200))


def test_every_film_of_the_other_kind_shows_one():
    assert all(looks(lesson_film(seed, held_out=True)) & HELD_OUT for seed in range(50))


@pytest.mark.parametrize("events", [1, 2, 3, 4, 5])
def test_as_many_things_happen_as_were_asked_for(events):
    assert all(len(lesson_film(s, events).film.scene.events) == events for s in range(10))


def test_the_same_number_is_the_same_film():
    assert (lesson_film(5).frames == lesson_film(5).frames).all()
    assert (lesson_film(5).frames != lesson_film(6).frames).any()


def test_a_clip_has_the_frames_and_times_that_the_model_looks_at():
    clip = lesson_film(3).clip
    assert clip.frames.shape == (FRAMES, SIDE, SIDE, 3)
    assert clip.times_s.tolist() == [0.5 * n for n in range(FRAMES)]
