import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import cosine_similarity

from vtk_notebooks.errors import VtkError
from vtk_notebooks.training import planted


@given(seed=st.integers(0, 9999), frames=st.integers(8, 40))
def test_frames_in_the_moment_are_more_like_the_question_than_any_other(seed, frames):
    film = planted(seed, frames=frames, strength=2.0)
    mean = film.tokens.x.view(frames, -1, 32).mean(1)
    alike = cosine_similarity(mean, film.query.vector[None], dim=-1)
    [moment] = film.moments
    inside = (film.tokens.times_s >= moment.start_s) & (film.tokens.times_s < moment.end_s)
    assert alike[inside].min() > alike[~inside].max()


@given(seed=st.integers(0, 9999))
def test_a_moment_is_an_eighth_to_a_half_of_the_film_and_inside_it(seed):
    film = planted(seed)
    [moment] = film.moments
    assert 1 / 8 <= moment.duration_s / film.tokens.duration_s <= 1 / 2
    assert moment.end_s <= film.tokens.duration_s


def test_equal_seeds_make_equal_films():
    assert torch.equal(planted(3).tokens.x, planted(3).tokens.x)
    assert not torch.equal(planted(3).tokens.x, planted(4).tokens.x)


def test_without_strength_nothing_is_planted():
    film = planted(0, strength=0.0)
    mean = film.tokens.x.view(32, -1, 32).mean(1)
    assert (mean - mean.mean(0)).norm(dim=1).max() < 1


def test_a_film_too_short_to_hold_a_moment_is_refused():
    with pytest.raises(VtkError, match="8 or more"):
        planted(0, frames=7)
