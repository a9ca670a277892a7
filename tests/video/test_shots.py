"""Cuts are found where colours change at once, and nowhere else."""

import numpy as np
import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.video import find_cuts, gallery_film, make_film, open_clip

BIKES = np.array([30, 76, 137, 187, 242]) / 25  # first frames of new shots, found by eye


def gallery(name):
    try:
        return open_clip(gallery_film(name))
    except VtkError as error:
        pytest.skip(str(error))


def test_the_five_cuts_of_bikes_are_found():
    np.testing.assert_allclose(find_cuts(gallery("bikes")), BIKES)


def test_cuts_are_found_among_samples_too():
    film = gallery("bikes")
    cuts = find_cuts(film.sample(rate_hz=12.5))
    np.testing.assert_allclose(cuts, np.ceil(BIKES * 12.5) / 12.5, atol=0.041)


@pytest.mark.parametrize("name", ["carphone", "bigbuckbunny"])
def test_a_film_of_one_shot_has_no_cut(name):
    assert find_cuts(gallery(name)) == []


@pytest.mark.parametrize("seed", range(8))
def test_the_cuts_of_made_films_are_found(seed):
    made = make_film(seed, shots=4, duration_s=12)
    assert find_cuts(made.clip) == made.cuts_s


def test_one_frame_has_no_cut():
    assert find_cuts(make_film(shots=1, events_per_shot=0, duration_s=0.1).clip) == []
