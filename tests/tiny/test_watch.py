import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.tiny import spans, watch
from vtk_notebooks.tiny.films import lesson_film
from vtk_notebooks.video.synth import make_film


def test_a_film_to_learn_from_is_watched_as_it_was_learnt():
    film = lesson_film(3)
    seen = watch(film.clip)
    assert (seen.frames == film.frames).all()
    assert (seen.times_s == film.clip.times_s).all()


@given(st.integers(1, 90), st.floats(0.5, 200))
def test_any_film_is_32_square_frames_on_a_clock_of_16_s(frames, length_s):
    times_s = np.arange(frames) * (length_s / frames)
    grey = np.arange(frames, dtype=np.uint8)[:, None, None, None]
    clip = Clip(np.broadcast_to(grey, (frames, 12, 20, 3)).copy(), times_s, Origin("x", length_s))
    seen = watch(clip)
    assert seen.frames.shape == (32, 64, 64, 3)
    assert seen.duration_s == 16.0
    shown = seen.frames[:, 0, 0, 0]
    assert shown.tolist() == sorted(shown)
    assert shown[0] == 0
    last_s = 31 / 32 * length_s
    assert times_s[shown[-1]] <= last_s + 1e-6  # a frame stands until the next one


def test_a_long_film_is_stretched_not_cut():
    film = make_film(1, duration_s=64)
    first, last = watch(film.clip).frames[[0, -1]]
    assert first.shape == last.shape
    assert abs(watch(film.clip).times_s[-1] - 15.5) < 1e-9


@pytest.mark.parametrize("length_s", [8, 16, 640.0])
def test_time_tokens_are_read_on_the_films_own_clock(length_s):
    [found] = spans("a red circle moves left <t0> <t99> .", length_s)
    assert (found.start_s, found.end_s) == (0.0, pytest.approx(length_s))


def test_an_answer_without_a_moment_has_none():
    assert spans("nothing", 10) == []
    assert spans("<t5>", 10) == []
